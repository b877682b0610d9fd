/** What a model knows of pins, through the tiers: isolate memory, the data centre, and only then D1. */
import { createMemoryTier, createReadThrough, type ReadOptions } from "@vitrine/cache";
import type { PinId } from "@vitrine/contracts";
import { decodeNeighbours, fromBase64, type Neighbours } from "@vitrine/ranking";
import { type PinModelRow, pinModelsOf } from "@vitrine/store";
import { createColoTier } from "../adapters/tiers.ts";
import type { Services } from "../context.ts";
import type { Calls } from "./calls.ts";

export interface PinModel {
  /** Position of the pin in the model. */
  item: number;
  /** `encodePinVector` in @vitrine/ranking. */
  vector: Uint8Array;
  neighbours: Neighbours;
}

type Row = Omit<PinModelRow, "pinId">;
interface Kept {
  pin: PinModel | null;
  /** As D1 has it, for tiers outside the isolate. */
  row: Row | null;
}

/** About 5 KB a pin: some 1,600 pins that were acted on lately. */
const maxMemoryBytes = 8 * 1024 * 1024;
/** What a version says of a pin does not change; a version serves for about a day. */
const freshMillis = 3_600_000;
const staleMillis = 24 * 3_600_000;
/** Rows of a new version are written before it serves, so a pin that is unknown stays unknown for long. */
const absentMillis = 10 * 60_000;

const memory = createMemoryTier<Kept>({ maxBytes: maxMemoryBytes, bytesOf: ({ pin }) => (pin ? 5_000 : 100) });
const { readKept } = createReadThrough<Kept>();
const codec = {
  encode: ({ row }: Kept) => new TextEncoder().encode(JSON.stringify(row)),
  decode: (bytes: Uint8Array) => keptOf(JSON.parse(new TextDecoder().decode(bytes))),
};

type PinModelServices = Pick<Services, "databases" | "colo" | "waitUntil"> & { calls?: Pick<Calls, "d1"> };

/** Pins that the model does not know are left out. At most one D1 query a database; fails when D1 does. */
export async function loadPinModels(
  { databases, colo, waitUntil, calls }: PinModelServices,
  model: string,
  pinIds: readonly PinId[],
): Promise<Map<PinId, PinModel>> {
  const now = Date.now();
  const tiers = [memory, createColoTier(colo, { codec, keepSeconds: staleMillis / 1_000 })];
  const keyOf = (pinId: PinId) => `pin-model ${model} ${pinId}`;
  const unmade = () => Promise.reject(new Error("a stale entry stays in use"));
  const options: ReadOptions<Kept> = { tiers, make: unmade, windowsOf, now: () => now, defer: waitUntil };
  const kept = new Map<PinId, Kept>();
  await Promise.all(
    pinIds.map(async (pinId) => {
      const reading = await readKept(keyOf(pinId), options);
      if (reading) kept.set(pinId, reading.value);
    }),
  );
  const missing = pinIds.filter((pinId) => !kept.has(pinId));
  if (calls && missing.length > 0) calls.d1 += new Set(missing.map((pinId) => databases.forId(pinId))).size;
  const rows = missing.length > 0 ? await pinModelsOf(databases, model, missing) : new Map<PinId, PinModelRow>();
  for (const pinId of missing) {
    const value = keptOf(rows.get(pinId) ?? null);
    kept.set(pinId, value);
    const entry = { value, madeAt: now };
    waitUntil(Promise.allSettled(tiers.map((tier) => tier.put(keyOf(pinId), entry))));
  }
  return new Map([...kept].flatMap(([pinId, { pin }]) => (pin ? [[pinId, pin] as const] : [])));
}

function windowsOf({ pin }: Kept) {
  return pin ? { freshMillis, staleMillis } : { freshMillis: absentMillis, staleMillis: 0 };
}

function keptOf(row: Row | null): Kept {
  if (!row) return { pin: null, row: null };
  const { item, vector, neighbours } = row;
  const pin = { item, vector: fromBase64(vector), neighbours: decodeNeighbours(fromBase64(neighbours)) };
  return { pin, row: { item, vector, neighbours } };
}
