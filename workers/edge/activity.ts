/** Telling the region what a user did, so that the very next feed knows. */
import {
  type ActionType,
  type KeptTaste,
  type PinId,
  Problem,
  type Region,
  type UserChange,
  type UserId,
} from "@vitrine/contracts";
import { visibleEmbeddings } from "@vitrine/store";
import { tellRegion } from "./aftermath.ts";
import type { Services } from "./context.ts";
import { withDeadline } from "./deadline.ts";
import { loadPinModels } from "./feed/pin-models.ts";
import { loadServingModel } from "./feed/serving-model.ts";

/** One thing that a user did; the id counts once, however often it is recorded. */
export interface RecordableAction {
  id: string;
  pinId: PinId;
  type: ActionType;
  /** Milliseconds since 1970. */
  occurredAt: number;
}

export interface Recorded {
  /** Actions that were new to the region. */
  accepted: number;
  duplicates: number;
  /** Pins that do not exist, or that the user cannot see. */
  unknownPins: PinId[];
}

type Recording = Pick<Services, "databases" | "regionStore" | "kv" | "colo" | "waitUntil">;

/**
 * Records actions in the region's store with the embeddings of their pins; the store sends them on to ingest.
 * Actions on unknown pins are left out and told. Two D1 queries side by side, one call to the store.
 */
export async function recordActions(
  services: Recording,
  userId: UserId,
  region: Region,
  actions: readonly RecordableAction[],
): Promise<Recorded> {
  const pinIds = actions.map(({ pinId }) => pinId);
  const [embeddings, tastes] = await Promise.all([
    visibleEmbeddings(services.databases, userId, pinIds),
    tastesOf(services, actions),
  ]);
  const known = actions.flatMap((action) => {
    const embedding = embeddings.get(action.pinId);
    return embedding ? [{ ...action, embedding, taste: tastes.get(action.pinId) ?? null }] : [];
  });
  const accepted = known.length > 0 ? await keep(services.regionStore(region).record(userId, region, known)) : 0;
  return {
    accepted,
    duplicates: known.length - accepted,
    unknownPins: [...new Set(pinIds.filter((pinId) => !embeddings.has(pinId)))],
  };
}

/** The next feed looks up what is not kept with the action: no write waits long for it. */
const tasteDeadlineMillis = 1_000;
/** The neighbours of so many pins are 130 KB; who reports more at once steers no feed with all of them. */
const maxTastesPerRecording = 64;

/** What the model that serves knows of the pins; empty while there is none, or it cannot be had. */
async function tastesOf(
  services: Recording,
  actions: readonly Pick<RecordableAction, "pinId" | "type">[],
): Promise<Map<PinId, KeptTaste>> {
  const pinIds = new Set(actions.filter(({ type }) => type !== "view").map(({ pinId }) => pinId));
  const load = async () => {
    const model = pinIds.size > 0 ? await loadServingModel(services) : null;
    if (!model) return new Map<PinId, KeptTaste>();
    const known = await loadPinModels(services, model.version, [...pinIds].slice(0, maxTastesPerRecording));
    return new Map([...known].map(([id, { item, vector }]) => [id, { model: model.version, item, vector }]));
  };
  const loading = load();
  try {
    return await withDeadline(loading, tasteDeadlineMillis, "The model");
  } catch (error) {
    console.warn(`actions are kept without their pins' place in the model: ${error}`);
    return new Map();
  }
}

/** The region's store keeps actions in milliseconds. */
const keepDeadlineMillis = 5_000;

async function keep(recording: Promise<number>): Promise<number> {
  try {
    return await withDeadline(recording, keepDeadlineMillis, "The region's store");
  } catch (cause) {
    const sentence = "What was done cannot be kept now: send it again in a few seconds.";
    throw new Problem("unavailable", sentence, { cause, retryAfterSeconds: 5 });
  }
}

/** Makes what a user changed known to the next feed of the region, and later to all. Called once D1 has the change. */
export async function tellOfChange(
  services: Services,
  userId: UserId,
  { region, change }: { region: Region; change: UserChange },
): Promise<void> {
  // The next feed takes the pin out of the user embedding, and is to find what the model knows of it near.
  if ("pinId" in change) services.waitUntil(tastesOf(services, [change]));
  const what = "relation" in change ? `a ${change.relation}` : `withdrawing a ${change.type}`;
  await tellRegion(services, what, services.regionStore(region).change(userId, change));
}
