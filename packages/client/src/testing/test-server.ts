/** A real HTTP server for this package's tests: answers as told, and keeps what it was asked. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface KeptRequest {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

export type Answer = (response: ServerResponse, request: KeptRequest) => void;

export interface TestServer {
  baseUrl: string;
  requests: KeptRequest[];
  close(): Promise<void>;
}

/** Answers the nth request with the nth answer, and every further one with the last. */
export async function startTestServer(...answers: [Answer, ...Answer[]]): Promise<TestServer> {
  const requests: KeptRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const request = {
      method: incoming.method ?? "",
      url: incoming.url ?? "",
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString("latin1"),
    };
    requests.push(request);
    const answer = answers[Math.min(requests.length, answers.length) - 1] ?? answers[0];
    answer(response, request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}`, requests, close: () => closed(server) };
}

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Breaks the connection without an answer. */
export const hangUp: Answer = (response) => response.socket?.destroy();

/** Never answers. */
export const silence: Answer = () => undefined;

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
