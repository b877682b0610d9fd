/** A model drawn by hand that serves from now on: pins by their place, each with a direction and its neighbours. */
import { env } from "cloudflare:workers";
import type { PinId } from "@vitrine/contracts";
import { encodeNeighbours, encodePinVector, encodeServingModel, servingModelKey } from "@vitrine/ranking";
import { putPinModels } from "@vitrine/store";
import { openDatabases } from "../adapters/database.ts";

export interface ModelledPin {
  pinId: PinId;
  vector: Float32Array;
  /** Positions of its neighbours, strongest first. */
  neighbours: readonly number[];
}

/** To be called before anything asks for the model: that there is none is remembered for two seconds. */
export async function serveModel(version: string, pins: readonly ModelledPin[]): Promise<void> {
  const dimensions = pins[0]?.vector.length ?? 0;
  const rows = pins.map(({ pinId, vector, neighbours }, item) => ({
    pinId,
    item,
    vector: base64(encodePinVector(vector)),
    neighbours: base64(
      encodeNeighbours({
        items: Uint32Array.from(neighbours),
        weights: Float32Array.from(neighbours, (_, i) => 1 / (i + 1)),
      }),
    ),
  }));
  await putPinModels(openDatabases(env.DB_0), version, rows);
  const itemMean = new Float32Array(dimensions);
  const gramian = new Float32Array(dimensions);
  for (const { vector } of pins) {
    for (let d = 0; d < dimensions; d++) {
      const value = vector[d] ?? 0;
      itemMean[d] = (itemMean[d] ?? 0) + value / pins.length;
      gramian[d] = (gramian[d] ?? 0) + value * value;
    }
  }
  const basis = {
    gramian,
    items: pins.length,
    regularisation: 0.02,
    regularisationExponent: 1,
    unobservedWeight: 0.01,
  };
  const served = encodeServingModel({
    version,
    trainedAt: 1,
    dimensions,
    userCount: 1,
    saveCount: 1,
    basis,
    itemMean,
    blend: [{ fromActions: 0, weights: [1, 0, 1, 0.01] }],
    interests: [],
  });
  await env.KV.put(servingModelKey, served);
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
