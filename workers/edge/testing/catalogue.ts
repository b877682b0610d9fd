/** A catalogue drawn by code for tests of feeds: pins of clearly different styles, and an index that counts its queries. */
import { env } from "cloudflare:workers";
import { type BoardId, newBoardId, newPinId, newUserId, type PinId, type UserId } from "@vitrine/contracts";
import { codebookKey, encodeCodebook } from "@vitrine/ranking";
import { FlatIndex, normalise, type QueryOptions, quantise, seededSequence, type VectorIndex } from "@vitrine/vectors";
import type { Bindings } from "../adapters/bindings.ts";

const dimensions = 128;

export interface DrawnPin {
  id: PinId;
  boardId: BoardId;
  style: string;
  embedding: Float32Array;
}

export interface Catalogue {
  pins: DrawnPin[];
  /** The codebook has one interest a style, in this order. */
  styles: readonly string[];
  creators: UserId[];
  index: CountingIndex;
}

/** Exact search over the catalogue. `isDown` makes it fail as a dead dependency does, `isHanging` as one that never answers. */
export class CountingIndex implements VectorIndex {
  readonly #flat: FlatIndex<null>;
  queries = 0;
  isDown = false;
  isHanging = false;

  constructor(width = dimensions, metric: "cosine" | "dot-product" = "cosine") {
    this.#flat = new FlatIndex<null>(width, metric);
  }

  add(id: string, values: Float32Array): void {
    this.#flat.set(id, values, null);
  }

  async query(vector: ArrayLike<number>, { topK = 5 }: QueryOptions = {}) {
    this.queries += 1;
    if (this.isHanging) return new Promise<never>(() => undefined);
    if (this.isDown) throw new Error("VECTOR_QUERY_ERROR (code = 10000): the index is down");
    const matches = this.#flat.search(vector, { topK }).map(({ id, score }) => ({ id, score }));
    return { matches, count: matches.length };
  }

  describe = notAsked;
  queryById = notAsked;
  insert = notAsked;
  upsert = notAsked;
  deleteByIds = notAsked;
  getByIds = notAsked;
}

function notAsked(): Promise<never> {
  throw new Error("a feed asks the index for nothing but queries");
}

/** Fills D1, KV and an index. Pins of a style lie close around one direction; creators take turns. */
export async function drawCatalogue(
  { DB_0, KV }: Bindings,
  styles: readonly string[],
  { pinsPerStyle, creators: creatorCount = 10 }: { pinsPerStyle: number; creators?: number },
): Promise<Catalogue> {
  const random = seededSequence(7);
  const now = Date.now();
  const index = new CountingIndex();
  const creators = Array.from({ length: creatorCount }, (_, i) => newUserId(`creator-${i}`, { now, random: random() }));
  const boards = creators.map((creator) => newBoardId(creator, { now, random: random() }));
  const centers = styles.map(() => direction(random));
  const pins = Array.from({ length: styles.length * pinsPerStyle }, (_, i): DrawnPin & { creator: UserId } => {
    const style = i % styles.length;
    const turn = ((i / styles.length) | 0) % creators.length;
    const creator = creators[turn] as UserId;
    const noise = direction(random);
    const embedding = normalise((centers[style] as Float32Array).map((x, d) => x + 0.5 * (noise[d] ?? 0)));
    const id = newPinId(creator, { now: now - i * 1_000, random: random() });
    return { id, boardId: boards[turn] as BoardId, creator, style: styles[style] as string, embedding };
  });
  const board = DB_0.prepare(
    "INSERT INTO boards (id, owner_id, name, visibility, created_at) VALUES (?, ?, 'b', 'public', ?)",
  );
  const original = DB_0.prepare(
    "INSERT INTO originals (hash, content_type, bytes, width, height, colors, embedding, first_pin_id, created_at) VALUES (?, 'image/jpeg', 1, 300, 400, '[\"#aabbcc\"]', ?, ?, ?)",
  );
  const pin = DB_0.prepare(
    "INSERT INTO pins (id, user_id, board_id, original_hash, category, status, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 'ready', ?, ?)",
  );
  await DB_0.batch([
    ...creators.map((creator, i) => board.bind(boards[i], creator, now)),
    ...pins.flatMap(({ id, boardId, creator, style, embedding }, i) => [
      original.bind(`hash-${id}`, quantise(embedding), id, now),
      pin.bind(id, creator, boardId, `hash-${id}`, style, now - i * 1_000, now),
    ]),
  ]);
  for (const { id, embedding } of pins) index.add(id, embedding);
  await KV.put(codebookKey, encodeCodebook({ version: "drawn", centroids: centers, pinCount: pins.length }));
  return { pins, styles, creators, index };
}

export const bindings = env as unknown as Bindings;

function direction(random: () => number): Float32Array {
  return normalise(Float32Array.from({ length: dimensions }, () => random() + random() + random() - 1.5));
}
