/** The state of a training between two slices, in one binary: a JSON head, then the factors that are still needed. */
import { z } from "zod";

export const checkpointFormat = 1;
const magic = 0x4b435456;

const head = z.object({
  format: z.literal(checkpointFormat),
  /** Identifies saves and settings; another training's checkpoint is refused. */
  fingerprint: z.string(),
  stage: z.enum(["learn", "validate", "refit", "neighbours", "done"]),
  epoch: z.number().int().nonnegative(),
  side: z.enum(["users", "items"]),
  /** The next row to solve; 0: the other side has not been turned yet. */
  row: z.number().int().nonnegative(),
  /** What validation found, as JSON. */
  findings: z.unknown(),
  itemFloats: z.number().int().nonnegative(),
  userFloats: z.number().int().nonnegative(),
  basisFloats: z.number().int().nonnegative(),
});
export type CheckpointHead = Omit<z.infer<typeof head>, "itemFloats" | "userFloats" | "basisFloats" | "format">;

export interface Checkpoint extends CheckpointHead {
  items: Float32Array;
  /** Empty between epochs: the next epoch begins by making them from the items. */
  users: Float32Array;
  /** The Gramian's diagonal of the side turned last; empty between epochs. */
  basis: Float64Array;
}

export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
}

export function encodeCheckpoint({ items, users, basis, ...rest }: Checkpoint): Uint8Array {
  const json = new TextEncoder().encode(
    JSON.stringify({
      ...rest,
      format: checkpointFormat,
      itemFloats: items.length,
      userFloats: users.length,
      basisFloats: basis.length,
    } satisfies z.infer<typeof head>),
  );
  const start = Math.ceil((8 + json.byteLength) / 8) * 8;
  const bytes = new Uint8Array(start + basis.byteLength + items.byteLength + users.byteLength);
  new Uint32Array(bytes.buffer, 0, 2).set([magic, json.byteLength]);
  bytes.set(json, 8);
  new Float64Array(bytes.buffer, start, basis.length).set(basis);
  const floats = new Float32Array(bytes.buffer, start + basis.byteLength);
  floats.set(items);
  floats.set(users, items.length);
  return bytes;
}

export function decodeCheckpoint(bytes: Uint8Array): Checkpoint {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset, byteLength } = aligned;
  const [found, jsonBytes = 0] = byteLength < 8 ? [] : new Uint32Array(buffer, byteOffset, 2);
  if (found !== magic || 8 + jsonBytes > byteLength) throw new CheckpointError("This is not a checkpoint.");
  const { itemFloats, userFloats, basisFloats, format: _, ...rest } = parseHead(aligned.subarray(8, 8 + jsonBytes));
  const start = Math.ceil((8 + jsonBytes) / 8) * 8;
  if (byteLength !== start + basisFloats * 8 + (itemFloats + userFloats) * 4) {
    throw new CheckpointError("The checkpoint is cut off.");
  }
  const floatsAt = byteOffset + start + basisFloats * 8;
  return {
    ...rest,
    basis: new Float64Array(buffer, byteOffset + start, basisFloats),
    items: new Float32Array(buffer, floatsAt, itemFloats),
    users: new Float32Array(buffer, floatsAt + itemFloats * 4, userFloats),
  };
}

function parseHead(bytes: Uint8Array): z.infer<typeof head> {
  try {
    return head.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new CheckpointError("The checkpoint's head is damaged or of another version.", { cause });
  }
}
