/** The user among the pins of the model, with the last actions folded in. */
import type { KeptAction, PinId } from "@vitrine/contracts";
import {
  type CollaborativeTaste,
  collaborativeTasteOf,
  decodePinVector,
  type PinModel,
  recentTasteOf,
  type ServingModel,
  type TasteAction,
  type TellingAction,
  type UserEmbedding,
  unpackPinVector,
} from "@vitrine/ranking";
import { withDeadline } from "../deadline.ts";
import { loadPinModels } from "./pin-models.ts";

/** Neighbours of the last ones are wanted at once; those of older ones come with the next embedding. */
const maxWalkedPins = 10;
/** One D1 query, where no tier has the pins; without it the last actions are in the vector alone. */
const lookUpDeadlineMillis = 300;

export interface Folded {
  taste: CollaborativeTaste | null;
  /** Whether some of the last actions are missing from it. */
  isPartial: boolean;
}

type LookUpServices = Parameters<typeof loadPinModels>[0];

/** No call at all while the embedding has every action; never fails. */
export async function foldRecent(
  services: LookUpServices,
  model: ServingModel,
  { embedding, actions, now }: { embedding: UserEmbedding | null; actions: readonly KeptAction[]; now: number },
): Promise<Folded> {
  const longTerm = embedding?.collaborative?.model === model.version ? embedding.collaborative : null;
  // What was not made for this model counts for nothing of its own time, so every action that is kept tells.
  const { telling, hidden } = recentTasteOf(actions, { through: longTerm ? (embedding?.through ?? 0) : 0, now });
  const known = new Set(longTerm?.items);
  const fresh = telling.filter(({ action }) => !known.has(itemIn(model, action) ?? -1));
  const wanted = fresh.filter(({ action }, i) => i < maxWalkedPins || itemIn(model, action) === null);
  const { pins, isPartial } = await lookUp(services, model.version, wanted);
  const recent = fresh.flatMap((each) => tasteActionOf(each, pins.get(each.action.pinId), model) ?? []);
  const hiddenItems = actions.flatMap((action) => (hidden.has(action.pinId) ? (itemIn(model, action) ?? []) : []));
  const told = { recent, hidden: new Set(hiddenItems) };
  return { taste: collaborativeTasteOf(longTerm, told, model), isPartial };
}

async function lookUp(
  services: LookUpServices,
  version: string,
  wanted: readonly TellingAction[],
): Promise<{ pins: ReadonlyMap<PinId, PinModel>; isPartial: boolean }> {
  if (wanted.length === 0) return { pins: new Map(), isPartial: false };
  const loading = loadPinModels(
    services,
    version,
    wanted.map(({ action }) => action.pinId),
  );
  // Late, it is kept for the next page.
  services.waitUntil(loading.catch(() => undefined));
  try {
    return { pins: await withDeadline(loading, lookUpDeadlineMillis, "The model's pins"), isPartial: false };
  } catch {
    return { pins: new Map(), isPartial: true };
  }
}

function itemIn({ version }: ServingModel, { taste }: KeptAction): number | null {
  return taste?.model === version ? taste.item : null;
}

/** From what was kept with the action, else from what was looked up; null for a pin that the model does not know. */
function tasteActionOf(
  { action, weight }: TellingAction,
  pin: PinModel | undefined,
  { version, dimensions }: ServingModel,
): TasteAction | null {
  const { pinId, type, taste } = action;
  const place = taste?.model === version ? taste : pin;
  if (!place || place.vector.byteLength !== 4 + dimensions) return null;
  return {
    pinId,
    item: place.item,
    vector: unpackPinVector(decodePinVector(place.vector)),
    weight,
    neighbours: pin?.neighbours ?? null,
    isSave: type === "save" || type === "create",
  };
}
