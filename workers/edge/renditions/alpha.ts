import type { Services } from "../context.ts";
import { sourceFacts } from "./source-facts.ts";

/** Whether a picture has alpha. Only asked for clients that show neither WebP nor AVIF. When nothing tells it, no. */
export async function hasAlpha(services: Pick<Services, "originals">, originalHash: string): Promise<boolean> {
  return (await sourceFacts(services, originalHash))?.hasAlpha ?? false;
}
