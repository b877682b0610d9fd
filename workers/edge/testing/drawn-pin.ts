/** Pins with pictures, written straight into D1 and R2. */
import { env } from "cloudflare:workers";
import { type BoardId, newBoardId, newPinId, newUserId, type PinId, type Visibility } from "@vitrine/contracts";
import { png } from "./api.ts";

/** Owns every drawn pin; has tokens by `tokenOf`, and no row. */
export const owner = newUserId("owner", { now: 1, random: 0 });

export interface PinDrawing {
  visibility?: Visibility;
  /** Of the file, which is a PNG of its own unless the test brings one. */
  contentType?: string;
  file?: Uint8Array | ArrayBuffer;
  hasPicture?: boolean;
  imageUrl?: string | null;
}

export interface DrawnPin {
  id: PinId;
  boardId: BoardId;
  hash: string;
}

let count = 0;

/** A provisional pin on a board of its own, with an original of its own in the bucket. */
export async function drawPin(drawing: PinDrawing = {}): Promise<DrawnPin> {
  const { visibility = "public", contentType = "image/png", hasPicture = true, imageUrl = null } = drawing;
  count += 1;
  const seed = { now: Date.now(), random: count / 1_000 };
  const [id, boardId] = [newPinId(owner, seed), newBoardId(owner, seed)];
  const hash = count.toString(16).padStart(64, "0");
  const file = drawing.file ?? (await png(count).arrayBuffer());
  await env.ORIGINALS.put(hash, file, { httpMetadata: { contentType } });
  await env.DB_0.batch([
    env.DB_0.prepare("INSERT INTO boards (id, owner_id, name, visibility, created_at) VALUES (?, ?, 'b', ?, 1)").bind(
      ...[boardId, owner, visibility],
    ),
    env.DB_0.prepare(
      "INSERT INTO pins (id, user_id, board_id, original_hash, image_url, status, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 'provisional', 1, 1)",
    ).bind(...[id, owner, boardId, hasPicture ? hash : null, imageUrl]),
  ]);
  return { id, boardId, hash };
}
