/** Which of a user's last actions are folded into the collaborative taste in the request, and what each weighs. */
import { actionWeight, type KeptAction, type PinId } from "@vitrine/contracts";

/** Design page: real-time features expire after an hour. Ingest puts saves and creations into the embedding, no more. */
const realTimeMillis = 3_600_000;
/** Within a session the last look counts twice as much as one of twenty minutes ago, and more and more. */
const sessionHalfLifeMillis = 20 * 60_000;
/** Clocks of data centres differ; what the embedding has already is known by its item and counts once. */
const clockSlackMillis = 60_000;
/** More actions than ingest is behind; with as many kept vectors they are the 64 that a fold-in takes at most. */
const maxRecentActions = 32;

export interface TellingAction {
  action: KeptAction;
  /** 1 for a save. */
  weight: number;
}

export interface RecentTaste {
  /** Newest first; a pin stands once, as what it is the most. */
  telling: TellingAction[];
  hidden: ReadonlySet<PinId>;
}

/**
 * Of the region's last actions, newest first: saves and creations that the embedding does not have, looks of the last hour.
 * A hidden pin tells no more. A save weighs 1, whenever it was, as in the training.
 */
export function recentTasteOf(
  actions: readonly KeptAction[],
  { through, now }: { through: number; now: number },
): RecentTaste {
  const hidden = new Set(actions.filter(({ type }) => type === "hide").map(({ pinId }) => pinId));
  const telling = new Map<PinId, TellingAction>();
  for (const action of actions) {
    const { pinId, type, occurredAt } = action;
    const isOwning = type === "save" || type === "create";
    const after = isOwning ? through - clockSlackMillis : now - realTimeMillis;
    if (hidden.has(pinId) || actionWeight[type] <= 0 || occurredAt <= after) continue;
    const strength = actionWeight[type] / actionWeight.save;
    const weight = isOwning ? strength : strength * sessionFactor(now - occurredAt);
    const known = telling.get(pinId);
    if (known ? known.weight < weight : telling.size < maxRecentActions) telling.set(pinId, { action, weight });
  }
  return { telling: [...telling.values()], hidden };
}

function sessionFactor(age: number): number {
  return 0.5 + 0.5 * 0.5 ** (Math.max(0, age) / sessionHalfLifeMillis);
}
