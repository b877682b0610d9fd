/** What a model knows of a pin, decoded once for all users who acted on it. */
import type { PinId } from "@vitrine/contracts";
import { fromBase64 } from "./base64.ts";
import { decodeNeighbours, type Neighbours } from "./neighbours.ts";

export interface PinModel {
  /** Position of the pin in the model. */
  item: number;
  /** `encodePinVector`. */
  vector: Uint8Array;
  neighbours: Neighbours;
}

export type PinModels = ReadonlyMap<PinId, PinModel>;

/** From a row of `pin_models` (`PinModelRow` in @vitrine/store). */
export function decodePinModel({ item, ...row }: { item: number; vector: string; neighbours: string }): PinModel {
  return { item, vector: fromBase64(row.vector), neighbours: decodeNeighbours(fromBase64(row.neighbours)) };
}

/** What it takes of an isolate's memory: typed arrays have some 100 bytes of their own. */
export function bytesOfPinModel({ vector, neighbours }: PinModel): number {
  return 500 + vector.length + neighbours.items.length * 8;
}

/** Pins of one model at a time that many users acted on, bounded by bytes: those least lately asked for go first. */
export class PinModelMemory {
  readonly #maxBytes: number;
  #version = "";
  #bytes = 0;
  readonly #known = new Map<PinId, PinModel>(); // in the order of use

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** From memory, and by `read` those that are not in it; pins that the model does not know are left out. */
  async of(version: string, pinIds: Iterable<PinId>, read: ReadPinModels): Promise<PinModels> {
    if (version !== this.#version) this.#forget(version);
    const found = new Map<PinId, PinModel>();
    const missing: PinId[] = [];
    for (const pinId of new Set(pinIds)) {
      const known = this.#known.get(pinId);
      if (!known) missing.push(pinId);
      else {
        this.#known.delete(pinId);
        this.#known.set(pinId, known);
        found.set(pinId, known);
      }
    }
    if (missing.length === 0) return found;
    for (const [pinId, row] of await read(missing)) {
      const pin = decodePinModel(row);
      found.set(pinId, pin);
      if (version === this.#version) this.#keep(pinId, pin);
    }
    return found;
  }

  #keep(pinId: PinId, pin: PinModel): void {
    if (this.#known.has(pinId)) return;
    this.#known.set(pinId, pin);
    this.#bytes += bytesOfPinModel(pin);
    for (const [oldest, forgotten] of this.#known) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#known.delete(oldest);
      this.#bytes -= bytesOfPinModel(forgotten);
    }
  }

  #forget(version: string): void {
    this.#known.clear();
    this.#bytes = 0;
    this.#version = version;
  }
}

/** `pinModelsOf` in @vitrine/store. */
export type ReadPinModels = (
  pinIds: PinId[],
) => Promise<ReadonlyMap<PinId, { item: number; vector: string; neighbours: string }>>;
