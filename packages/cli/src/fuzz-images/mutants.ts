/**
 * Broken copies of files, as transfers, disks and hostile hands break them. A copy follows from the seed, its number
 * and the file alone, so a finding can be made again without the copies before it.
 */
import { type Random, randomOf } from "../demo/drawing/random.ts";

/** Numbers at which sizes, counts and offsets go wrong: nothing, one, the signs' and the types' ends. */
const awkwardBytes = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff];
/** Every format keeps its sizes, tables and first chunks here. */
const headerBytes = 512;
const maxChunkBytes = 4096;

const mutations = {
  /** 1 to 32 single bits, anywhere. */
  "bit-flips"(bytes: Uint8Array, random: Random) {
    const copy = bytes.slice();
    for (let left = random.integer(1, 32); left > 0; left--) {
      const at = random.integer(0, copy.length - 1);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.integer(0, 7));
    }
    return copy;
  },
  truncation(bytes: Uint8Array, random: Random) {
    return bytes.slice(0, random.integer(1, Math.max(1, bytes.length - 1)));
  },
  /** A part comes twice, the second time where it does not belong. */
  "chunk-duplication"(bytes: Uint8Array, random: Random) {
    const { from, to } = chunkOf(bytes, random);
    const at = random.integer(0, bytes.length);
    return joined(bytes.subarray(0, at), bytes.subarray(from, to), bytes.subarray(at));
  },
  "chunk-removal"(bytes: Uint8Array, random: Random) {
    const { from, to } = chunkOf(bytes, random);
    return joined(bytes.subarray(0, from), bytes.subarray(to));
  },
  /** 1 to 4 neighbours among the first bytes become awkward numbers. */
  "header-field"(bytes: Uint8Array, random: Random) {
    const copy = bytes.slice();
    const at = random.integer(0, Math.min(headerBytes, copy.length) - 1);
    copy.fill(random.pick(awkwardBytes), at, at + random.pick([1, 2, 4]));
    return copy;
  },
  /** As a hole in a file that was never written. */
  "zeroed-run"(bytes: Uint8Array, random: Random) {
    const { from, to } = chunkOf(bytes, random);
    return bytes.slice().fill(0, from, to);
  },
} as const satisfies Record<string, (bytes: Uint8Array, random: Random) => Uint8Array>;

export type Mutation = keyof typeof mutations;
export const mutationNames = Object.keys(mutations) as readonly Mutation[];

export interface Mutant {
  mutation: Mutation;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface MutantOrder {
  seed: string;
  number: number;
  /** Of the file, as a part of the seed. */
  name: string;
}

/** An empty file stays empty. */
export function mutantOf(bytes: Uint8Array, { seed, number, name }: MutantOrder): Mutant {
  const random = randomOf(`${seed} ${number} ${name}`);
  const mutation = random.pick(mutationNames);
  // A Buffer's slice is a view: only a plain array gives copies.
  const whole = new Uint8Array(bytes);
  const broken = whole.length === 0 ? whole : mutations[mutation](whole, random);
  return { mutation, bytes: new Uint8Array(broken) };
}

function chunkOf(bytes: Uint8Array, random: Random): { from: number; to: number } {
  const from = random.integer(0, bytes.length - 1);
  return { from, to: Math.min(bytes.length, from + random.integer(1, maxChunkBytes)) };
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
