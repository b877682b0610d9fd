/** Who may see a pin's picture. */
import { Problem } from "@vitrine/contracts";
import type { ShownPicture } from "@vitrine/store";
import type { Context } from "hono";
import { optionalUser } from "../auth.ts";
import type { EdgeEnv } from "../context.ts";
import { isSeenBy } from "../pin-access.ts";
import { pinNotFound } from "../pins.ts";
import { acceptedKeys, verifySignature } from "../signing.ts";

/** A public board, a member's token, or a signature of this URL; for all others there is no such pin. */
export async function assertSeen(c: Context<EdgeEnv>, picture: ShownPicture): Promise<void> {
  if (isSeenBy(picture, optionalUser(c))) return;
  const verdict = await verifySignature(acceptedKeys(c.var.services.settings), new URL(c.req.url), Date.now() / 1000);
  if (verdict === "valid") return;
  // Whoever has a genuine signature has seen the pin before: it tells nothing new.
  if (verdict === "expired") throw new Problem("gone", "This signed URL has expired: ask for the pin again.");
  throw pinNotFound();
}
