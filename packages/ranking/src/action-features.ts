/** What an action's pin is like, on its way through a queue, where bytes are base64. */
import type { ActionFeatures, KeptAction } from "@vitrine/contracts";
import { fromBase64, toBase64 } from "./base64.ts";

type Features = Pick<KeptAction, "embedding" | "taste">;

/** Undefined when there is nothing to bring: a view, or a pin without embeddings. */
export function packFeatures({ type, embedding, taste }: Features & Pick<KeptAction, "type">) {
  if (type === "view" || (embedding.length === 0 && taste === null)) return undefined;
  const packed: ActionFeatures = {
    embedding: toBase64(embedding),
    taste: taste && { ...taste, vector: toBase64(taste.vector) },
  };
  return packed;
}

export function unpackFeatures(packed: ActionFeatures | undefined): Features {
  if (!packed) return { embedding: new Uint8Array(0), taste: null };
  const { embedding, taste } = packed;
  return { embedding: fromBase64(embedding), taste: taste && { ...taste, vector: fromBase64(taste.vector) } };
}
