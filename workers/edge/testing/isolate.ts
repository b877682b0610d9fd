/** The edge in the isolate of the test, which decides what is behind it; `call` of api.ts asks the Worker as it is bound. */
import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { servicesOf } from "../adapters/services.ts";
import { createApp } from "../app.ts";
import type { Services } from "../context.ts";

/**
 * Answers a function that asks the edge with the given services in place of the real ones. An answer comes read, with
 * all that was put behind it done: what is kept there is kept when it is asked for again.
 */
export function edgeWith(replacing: (real: Services) => Partial<Services>) {
  let behind: Promise<unknown>[] = [];
  const app = createApp(() => {
    const real = servicesOf(env, createExecutionContext(), new Request("https://edge.test/"));
    return { ...real, ...replacing(real), waitUntil: (work) => void behind.push(work) };
  });
  return async (path: string, headers: Record<string, string> = {}, init: RequestInit = {}): Promise<Response> => {
    const response = await app.request(`https://edge.test${path}`, { ...init, headers });
    const body = response.body ? await response.arrayBuffer() : null;
    await Promise.all(behind);
    behind = [];
    return new Response(body, response);
  };
}
