/**
 * The user embedding as one binary value of KV, little-endian: 72 bytes of header, then sections that begin at multiples
 * of four bytes, so that reading is taking views. Known and owned pins, followed and blocked ids and the walk are
 * unpacked when they are first asked for.
 *
 * With 25 saves 16 KB, of which the walk is 6 and the vectors of both kinds 7; at every limit at once 61 KB. Decoded
 * with all of it in 0.05 ms (bench/user-taste.ts).
 *
 * Whatever was not written by this version (garbage, a JSON embedding of earlier, a value cut off) reads as none: the
 * length must follow from the header and the checksum must hold.
 */
import type { BoardId, PinId, UserId } from "@vitrine/contracts";
import { dequantise, quantise } from "@vitrine/vectors";
import type { LongTermTaste } from "./collaborative-taste.ts";
import type { VectorAction } from "./fold-in.ts";
import { decodePinVector, encodePinVector, unpackPinVector } from "./pin-vector.ts";
import type { TasteVector } from "./taste.ts";
import type { KeptOwnedPin, UserEmbedding } from "./user-embedding.ts";

/** "VU" and what computes user embeddings; another version is read as no embedding. */
const magic = 0x56550003;

/** `usr_`, `brd_` or `pin_` and 18 characters. */
const bytesPerId = 22;
const headerBytes = 18 * 4;
const checksumAt = 4;

/** How many there are of everything; the places of the header in this order. */
const counted = [
  "clusters",
  "visualDimensions",
  "follows",
  "blocked",
  "known",
  "owned",
  "modelBytes",
  "dimensions",
  "actions",
  "vectors",
  "walk",
  "lastSaves",
] as const;
type Counts = Record<(typeof counted)[number], number>;
const countsAt = 16;
const walkTotalAt = countsAt + counted.length * 4;
const walkScaleAt = walkTotalAt + 4;

export function encodeUserEmbedding(embedding: UserEmbedding): Uint8Array<ArrayBuffer> {
  const { clusters, follows, blocked, collaborative: taste } = embedding;
  const lastSaves = taste?.lastSaves ?? [];
  const counts: Counts = {
    clusters: clusters.length,
    visualDimensions: clusters[0]?.embedding.length ?? 0,
    follows: follows.length,
    blocked: blocked.length,
    known: embedding.knownPins.size,
    owned: embedding.owned.length,
    modelBytes: taste?.model.length ?? 0,
    dimensions: taste?.vector.length ?? 0,
    actions: taste?.items.length ?? 0,
    vectors: taste?.vectors.length ?? 0,
    walk: taste?.walk.size ?? 0,
    lastSaves: lastSaves.length,
  };
  const at = sectionsOf(counts);
  const bytes = new Uint8Array(at.end);
  const { buffer } = bytes;
  const view = new DataView(buffer);
  view.setUint32(0, magic, true);
  view.setFloat64(8, embedding.through, true);
  counted.forEach((name, i) => {
    view.setUint32(countsAt + i * 4, counts[name], true);
  });
  new Float32Array(buffer, at.clusterWeights, counts.clusters).set(clusters.map(({ weight }) => weight));
  clusters.forEach(({ embedding: center }, i) => {
    bytes.set(quantise(center), at.clusters + i * counts.visualDimensions);
  });
  writeText([...follows, ...blocked, ...lastSaves.map(({ pinId }) => pinId)].join(""), bytes, at.ids);
  new Uint32Array(buffer, at.known, counts.known).set([...embedding.knownPins]);
  new Uint32Array(buffer, at.ownedHashes, counts.owned).set(embedding.owned.map(({ hash }) => hash));
  new Float32Array(buffer, at.ownedWeights, counts.owned).set(embedding.owned.map(({ weight }) => weight));
  embedding.owned.forEach((pin, i) => {
    bytes.set(pin.embedding, at.owned + i * counts.visualDimensions);
  });
  if (taste) writeTaste(taste, bytes, at);
  view.setUint32(checksumAt, checksumOf(buffer), true);
  return bytes;
}

/** Borrows the bytes. Null for whatever this version did not write. */
export function decodeUserEmbedding(bytes: ArrayBuffer): UserEmbedding | null {
  if (bytes.byteLength < headerBytes || bytes.byteLength % 4 !== 0) return null;
  const view = new DataView(bytes);
  if (view.getUint32(0, true) !== magic) return null;
  const counts = Object.fromEntries(counted.map((name, i) => [name, view.getUint32(countsAt + i * 4, true)])) as Counts;
  if (sectionsOf(counts).end !== bytes.byteLength) return null;
  if (view.getUint32(checksumAt, true) !== checksumOf(bytes)) return null;
  return new KeptUserEmbedding(bytes, counts);
}

/** What a decoded embedding takes of an isolate's memory at most, with its sets built. */
export function bytesOfUserEmbedding(embedding: UserEmbedding): number {
  // Each by its name: what is decoded has getters, which a rest of properties leaves out.
  const { clusters, follows, blocked, knownPins, owned, collaborative } = embedding;
  const entries = knownPins.size + (collaborative?.walk.size ?? 0);
  const ids = follows.length + blocked.length;
  const vectors = clusters.length + owned.length / 2 + (collaborative?.vectors.length ?? 0) + 2;
  return 2_000 + entries * 44 + ids * 48 + vectors * 600;
}

type Sections = ReturnType<typeof sectionsOf>;

/** Where each section begins. */
function sectionsOf(counts: Counts) {
  let end = headerBytes;
  const section = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / 4) * 4;
    return start;
  };
  return {
    clusterWeights: section(counts.clusters * 4),
    clusters: section(counts.clusters * counts.visualDimensions),
    ids: section((counts.follows + counts.blocked + counts.lastSaves) * bytesPerId),
    known: section(counts.known * 4),
    ownedHashes: section(counts.owned * 4),
    ownedWeights: section(counts.owned * 4),
    owned: section(counts.owned * counts.visualDimensions),
    model: section(counts.modelBytes),
    vector: section(counts.dimensions * 4),
    curvature: section(counts.dimensions * 4),
    items: section(counts.actions * 4),
    vectorWeights: section(counts.vectors * 4),
    vectors: section(counts.vectors * (4 + counts.dimensions)),
    lastItems: section(counts.lastSaves * 4),
    walkItems: section(counts.walk * 4),
    walkLevels: section(counts.walk * 2),
    end,
  };
}

function writeTaste(taste: LongTermTaste, bytes: Uint8Array<ArrayBuffer>, at: Sections): void {
  const { buffer } = bytes;
  const { model, vector, curvature, items, vectors, walk, walkTotal, lastSaves } = taste;
  writeText(model, bytes, at.model);
  new Float32Array(buffer, at.vector, vector.length).set(vector);
  new Float32Array(buffer, at.curvature, curvature.length).set(curvature);
  new Uint32Array(buffer, at.items, items.length).set(items);
  new Float32Array(buffer, at.vectorWeights, vectors.length).set(vectors.map(({ weight }) => weight));
  vectors.forEach((action, i) => {
    bytes.set(encodePinVector(action.vector), at.vectors + i * (4 + vector.length));
  });
  new Uint32Array(buffer, at.lastItems, lastSaves.length).set(lastSaves.map(({ item }) => item));
  const scale = [...walk.values()].reduce((most, share) => Math.max(most, share), 0) / 0xffff;
  new Uint32Array(buffer, at.walkItems, walk.size).set([...walk.keys()]);
  const levels = [...walk.values()].map((share) => (scale > 0 ? Math.round(share / scale) : 0));
  new Uint16Array(buffer, at.walkLevels, walk.size).set(levels);
  const view = new DataView(buffer);
  view.setFloat32(walkTotalAt, walkTotal, true);
  view.setFloat32(walkScaleAt, scale, true);
}

class KeptUserEmbedding implements UserEmbedding {
  readonly through: number;
  readonly clusters: readonly TasteVector[];
  readonly collaborative: LongTermTaste | null;
  readonly #bytes: ArrayBuffer;
  readonly #counts: Counts;
  readonly #at: Sections;
  #follows: readonly (UserId | BoardId)[] | undefined;
  #blocked: readonly UserId[] | undefined;
  #knownPins: ReadonlySet<number> | undefined;
  #owned: readonly KeptOwnedPin[] | undefined;

  constructor(bytes: ArrayBuffer, counts: Counts) {
    this.#bytes = bytes;
    this.#counts = counts;
    this.#at = sectionsOf(counts);
    this.through = new DataView(bytes).getFloat64(8, true);
    const { clusters, visualDimensions } = counts;
    const weights = new Float32Array(bytes, this.#at.clusterWeights, clusters);
    const rows = this.#at.clusters;
    this.clusters = Array.from(weights, (weight, i) => ({
      embedding: dequantise(new Uint8Array(bytes, rows + i * visualDimensions, visualDimensions)),
      weight,
    }));
    this.collaborative = counts.modelBytes > 0 ? new KeptTaste(bytes, counts) : null;
  }

  get follows(): readonly (UserId | BoardId)[] {
    this.#follows ??= idsAt<UserId | BoardId>(this.#bytes, this.#at.ids, this.#counts.follows);
    return this.#follows;
  }

  get blocked(): readonly UserId[] {
    const { follows, blocked } = this.#counts;
    this.#blocked ??= idsAt<UserId>(this.#bytes, this.#at.ids + follows * bytesPerId, blocked);
    return this.#blocked;
  }

  get knownPins(): ReadonlySet<number> {
    this.#knownPins ??= new Set(new Uint32Array(this.#bytes, this.#at.known, this.#counts.known));
    return this.#knownPins;
  }

  get owned(): readonly KeptOwnedPin[] {
    this.#owned ??= this.#readOwned();
    return this.#owned;
  }

  #readOwned(): readonly KeptOwnedPin[] {
    const { owned, visualDimensions } = this.#counts;
    const hashes = new Uint32Array(this.#bytes, this.#at.ownedHashes, owned);
    return Array.from(new Float32Array(this.#bytes, this.#at.ownedWeights, owned), (weight, i) => {
      const embedding = new Uint8Array(this.#bytes, this.#at.owned + i * visualDimensions, visualDimensions);
      return { hash: hashes[i] ?? 0, embedding, weight };
    });
  }
}

class KeptTaste implements LongTermTaste {
  readonly model: string;
  readonly vector: Float32Array;
  readonly actionCount: number;
  readonly curvature: Float32Array;
  readonly items: Uint32Array;
  readonly walkTotal: number;
  readonly #bytes: ArrayBuffer;
  readonly #counts: Counts;
  readonly #at: Sections;
  #vectors: readonly VectorAction[] | undefined;
  #walk: ReadonlyMap<number, number> | undefined;

  constructor(bytes: ArrayBuffer, counts: Counts) {
    this.#bytes = bytes;
    this.#counts = counts;
    this.#at = sectionsOf(counts);
    const { modelBytes, dimensions, actions } = counts;
    this.model = textAt(bytes, this.#at.model, modelBytes);
    this.vector = new Float32Array(bytes, this.#at.vector, dimensions);
    this.curvature = new Float32Array(bytes, this.#at.curvature, dimensions);
    this.items = new Uint32Array(bytes, this.#at.items, actions);
    this.actionCount = actions;
    this.walkTotal = new DataView(bytes).getFloat32(walkTotalAt, true);
  }

  get vectors(): readonly VectorAction[] {
    this.#vectors ??= this.#readVectors();
    return this.#vectors;
  }

  get walk(): ReadonlyMap<number, number> {
    this.#walk ??= this.#readWalk();
    return this.#walk;
  }

  get lastSaves(): LongTermTaste["lastSaves"] {
    const { follows, blocked, lastSaves } = this.#counts;
    const items = new Uint32Array(this.#bytes, this.#at.lastItems, lastSaves);
    const ids = idsAt<PinId>(this.#bytes, this.#at.ids + (follows + blocked) * bytesPerId, lastSaves);
    return ids.map((pinId, i) => ({ pinId, item: items[i] ?? 0 }));
  }

  #readVectors(): VectorAction[] {
    const { vectors, dimensions } = this.#counts;
    const bytes = 4 + dimensions;
    return Array.from(new Float32Array(this.#bytes, this.#at.vectorWeights, vectors), (weight, i) => {
      const row = new Uint8Array(this.#bytes, this.#at.vectors + i * bytes, bytes);
      return { vector: unpackPinVector(decodePinVector(row)), weight };
    });
  }

  #readWalk(): ReadonlyMap<number, number> {
    const scale = new DataView(this.#bytes).getFloat32(walkScaleAt, true);
    const items = new Uint32Array(this.#bytes, this.#at.walkItems, this.#counts.walk);
    const levels = new Uint16Array(this.#bytes, this.#at.walkLevels, this.#counts.walk);
    const walk = new Map<number, number>();
    for (let i = 0; i < items.length; i++) walk.set(items[i] ?? 0, (levels[i] ?? 0) * scale);
    return walk;
  }
}

function idsAt<Id extends string>(bytes: ArrayBuffer, start: number, count: number): Id[] {
  const text = textAt(bytes, start, count * bytesPerId);
  return Array.from({ length: count }, (_, i) => text.slice(i * bytesPerId, (i + 1) * bytesPerId) as Id);
}

/** Ids and versions are ASCII. */
function writeText(text: string, bytes: Uint8Array, start: number): void {
  for (let i = 0; i < text.length; i++) bytes[start + i] = text.charCodeAt(i);
}

/** A call takes so many arguments on every engine. */
const charactersPerCall = 8_192;

function textAt(bytes: ArrayBuffer, start: number, length: number): string {
  let text = "";
  for (let from = 0; from < length; from += charactersPerCall) {
    const part = new Uint8Array(bytes, start + from, Math.min(charactersPerCall, length - from));
    text += String.fromCharCode(...part);
  }
  return text;
}

/** 32-bit FNV-1a over words in place of bytes, without the word that keeps it. */
function checksumOf(bytes: ArrayBuffer): number {
  const words = new Uint32Array(bytes);
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) {
    if (i !== checksumAt / 4) hash = Math.imul(hash ^ (words[i] ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
