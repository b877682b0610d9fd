/** A user among the pins of a trained model, at this moment: what the blend is asked with. */
import type { PinId } from "@vitrine/contracts";

export interface CollaborativeTaste {
  /** Version of the model that all numbers are of. */
  model: string;
  /** Its dot product with a pin vector is the relevance; see `productScale`. Zero for a user of whom nothing is known. */
  vector: Float32Array;
  /** Actions in the vector: chooses the weights of the blend (`weightsFor`). */
  actionCount: number;
  /** Share of the walk from the user's pins that ends at an item, 0..1: `walk` of `BlendEvidence`. Absent is 0. */
  neighbourScores: ReadonlyMap<number, number>;
  /** Newest first, at most 10, only pins that the model knows. */
  lastSaves: LastSave[];
}

export interface LastSave {
  pinId: PinId;
  /** Position of the pin in the model. */
  item: number;
}
