/**
 * Sets of pins as 32-bit hashes: four bytes a pin, so that a cursor can carry what was shown and a user embedding
 * what was saved. Two pins share a hash once in four billion; the worst of it is that one pin is left out.
 */
import { fromBase64, toBase64 } from "./base64.ts";

/** 32-bit FNV-1a of an id's characters. */
export function hashOfId(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Little-endian 32-bit numbers in base64. */
export function packHashes(hashes: readonly number[]): string {
  const view = new DataView(new ArrayBuffer(hashes.length * 4));
  hashes.forEach((hash, i) => {
    view.setUint32(i * 4, hash, true);
  });
  return toBase64(new Uint8Array(view.buffer));
}

export function unpackHashes(text: string): number[] {
  const bytes = fromBase64(text);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getUint32(i * 4, true));
}
