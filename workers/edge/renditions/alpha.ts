import type { Services } from "../context.ts";
import { sourceFacts } from "./source-facts.ts";

/** Whether a picture has alpha. Only asked for clients that show neither WebP nor AVIF. When nothing tells it, no. */
export async function hasAlpha(services: Pick<Services, "originals">, originalHash: string): Promise<boolean> {
  const facts = await sourceFacts(services, originalHash).catch(() => undefined);
  return facts?.hasAlpha ?? false;
}
