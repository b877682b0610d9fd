import { createServer } from "node:net";
import { Refusal } from "../refusal.ts";

/** Refuses with one sentence when something listens on the port already. */
export async function ensurePortIsFree(port: number): Promise<void> {
  // wrangler listens on localhost, which is either of the two: a listener on one of them is enough to be in the way.
  for (const host of ["127.0.0.1", "::1"]) {
    const outcome = await tryToListen(port, host);
    if (outcome === "EADDRINUSE") {
      throw new Refusal(`Port ${port} is in use: stop what listens there, or choose another with --port ${port + 1}.`);
    }
    if (outcome === "EACCES") throw new Refusal(`Port ${port} needs more rights: choose one above 1023 with --port.`);
  }
}

/** A port that is free now, for things that nobody types, such as the inspector. */
export function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createServer();
  server.once("error", reject);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
  });
  return promise;
}

/** `free`, or the code of the error; a machine without IPv6 has nothing listening there. */
function tryToListen(port: number, host: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = createServer();
  server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
  server.listen({ port, host, exclusive: true }, () => server.close(() => resolve("free")));
  return promise;
}
