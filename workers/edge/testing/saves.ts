import type { PinId, UserId } from "@vitrine/contracts";
import type { RecordableAction } from "../activity.ts";

/** Saves of now for `recordActions`, the first pin's the newest; a pin's has the same id however often it is saved. */
export function savesOf(userId: UserId, pins: readonly { id: PinId }[]): RecordableAction[] {
  const now = Date.now();
  return pins.map(({ id }, i) => ({ id: `save.${userId}.${id}`, pinId: id, type: "save", occurredAt: now - i }));
}
