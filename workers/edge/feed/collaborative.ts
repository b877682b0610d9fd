/** The user among the pins of the model, with the last actions folded in. */
import type { KeptAction, PinId } from "@vitrine/contracts";
import {
  type CollaborativeTaste,
  collaborativeTasteOf,
  decodePinVector,
  type LongTermTaste,
  type PinModel,
  recentTasteOf,
  type ServingModel,
  type TakenBack,
  type TasteAction,
  type TellingAction,
  tasteWithout,
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

export interface Told {
  embedding: UserEmbedding | null;
  actions: readonly KeptAction[];
  /** Pins of the embedding whose save was taken back since it was made. */
  takenBack: ReadonlySet<PinId> | null;
  now: number;
}

/** No call at all while the embedding has every action and none that was taken back; never fails. */
export async function foldRecent(
  services: LookUpServices,
  model: ServingModel,
  { embedding, actions, takenBack, now }: Told,
): Promise<Folded> {
  const longTerm = embedding?.collaborative?.model === model.version ? embedding.collaborative : null;
  // What was not made for this model counts for nothing of its own time, so every action that is kept tells.
  const { telling, hidden } = recentTasteOf(actions, { through: longTerm ? (embedding?.through ?? 0) : 0, now });
  const known = new Set(longTerm?.items);
  const gone = longTerm && takenBack ? [...takenBack] : [];
  // A pin that is taken back is no more of the embedding's, so a look at it tells.
  const fresh = telling.filter(({ action }) => gone.includes(action.pinId) || !known.has(itemIn(model, action) ?? -1));
  const wanted = fresh.filter(({ action }, i) => i < maxWalkedPins || itemIn(model, action) === null);
  const { pins, isPartial } = await lookUp(services, model.version, [
    ...wanted.map(({ action }) => action.pinId),
    ...gone,
  ]);
  const recent = fresh.flatMap((each) => tasteActionOf(each, pins.get(each.action.pinId), model) ?? []);
  const hiddenItems = actions.flatMap((action) => (hidden.has(action.pinId) ? (itemIn(model, action) ?? []) : []));
  const told = { recent, hidden: new Set(hiddenItems) };
  const left = longTerm && tasteWithout(longTerm, takenBackOf(longTerm, gone, pins), model);
  return { taste: collaborativeTasteOf(left, told, model), isPartial };
}

/** From what was looked up; without it, the last saves still know where their pins are. */
function takenBackOf(
  { lastSaves }: LongTermTaste,
  pinIds: readonly PinId[],
  pins: ReadonlyMap<PinId, PinModel>,
): TakenBack[] {
  return pinIds.flatMap((pinId): TakenBack[] => {
    const pin = pins.get(pinId);
    if (pin) return [{ ...pin, vector: unpackPinVector(decodePinVector(pin.vector)) }];
    const last = lastSaves.find((save) => save.pinId === pinId);
    return last ? [{ item: last.item, vector: null, neighbours: null }] : [];
  });
}

async function lookUp(
  services: LookUpServices,
  version: string,
  pinIds: readonly PinId[],
): Promise<{ pins: ReadonlyMap<PinId, PinModel>; isPartial: boolean }> {
  if (pinIds.length === 0) return { pins: new Map(), isPartial: false };
  const loading = loadPinModels(services, version, pinIds);
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
