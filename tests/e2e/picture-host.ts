/** A web server that pictures are fetched from by URL, with the tricks that a hostile one would play. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { drawPicture } from "./pictures.ts";

export interface PictureHost {
  authority: string;
  stop(): Promise<void>;
}

export async function startPictureHost(): Promise<PictureHost> {
  const picture = await drawPicture({ seed: 4711, width: 500, height: 400 });
  const server = createServer((request, response) => {
    const redirects: Record<string, string> = {
      "/redirect": "/picture.jpg",
      "/to-metadata": "http://169.254.169.254/latest/meta-data/",
      "/loop": "/loop",
    };
    const location = redirects[request.url ?? ""];
    if (location !== undefined) response.writeHead(302, { location }).end();
    else if (request.url === "/picture.jpg") response.writeHead(200, { "content-type": "image/jpeg" }).end(picture);
    else if (request.url === "/page.html")
      response.writeHead(200, { "content-type": "image/jpeg" }).end("<html></html>");
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    authority: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
