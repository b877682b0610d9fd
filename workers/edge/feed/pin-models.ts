/** What a model knows of pins, through the tiers: isolate memory, the data centre, and only then D1. */
import { createMemoryTier, createReadThrough, type ReadOptions } from "@vitrine/cache";
import type { PinId } from "@vitrine/contracts";
import { bytesOfPinModel, decodePinModel, encodeNeighbours, type PinModel, toBase64 } from "@vitrine/ranking";
import { type PinModelRow, pinModelsOf } from "@vitrine/store";
import { createColoTier } from "../adapters/tiers.ts";
import type { Services } from "../context.ts";
import type { Calls } from "./calls.ts";

type Row = Omit<PinModelRow, "pinId">;
interface Kept {
  pin: PinModel | null;
}

/** 4.6 KB a pin with 500 neighbours: the 3,600 pins that were acted on lately, and most that users newly come have. */
const maxMemoryBytes = 16 * 1024 * 1024;
/** What a version says of a pin does not change; a version serves for about a day. */
const freshMillis = 3_600_000;
const staleMillis = 24 * 3_600_000;
/** Rows of a new version are written before it serves, so a pin that is unknown stays unknown for long. */
const absentMillis = 10 * 60_000;

const memory = createMemoryTier<Kept>({
  maxBytes: maxMemoryBytes,
  bytesOf: ({ pin }) => (pin ? bytesOfPinModel(pin) : 100),
});
const { readKept } = createReadThrough<Kept>();
const codec = {
  encode: ({ pin }: Kept) => new TextEncoder().encode(JSON.stringify(pin && rowOf(pin))),
  decode: (bytes: Uint8Array) => keptOf(JSON.parse(new TextDecoder().decode(bytes))),
};

type PinModelServices = Pick<Services, "databases" | "waitUntil"> & {
  /** Null asks memory and D1 alone: of a whole history, one query is less than a look into the data centre for each pin. */
  colo: Services["colo"] | null;
  calls?: Pick<Calls, "d1">;
};

/** Pins that the model does not know are left out. At most one D1 query a database; fails when D1 does. */
export async function loadPinModels(
  { databases, colo, waitUntil, calls }: PinModelServices,
  model: string,
  pinIds: readonly PinId[],
): Promise<Map<PinId, PinModel>> {
  const now = Date.now();
  const tiers = [memory, ...(colo ? [createColoTier(colo, { codec, keepSeconds: staleMillis / 1_000 })] : [])];
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
  return { pin: row && decodePinModel(row) };
}

function rowOf({ item, vector, neighbours }: PinModel): Row {
  return { item, vector: toBase64(vector), neighbours: toBase64(encodeNeighbours(neighbours)) };
}
