/** What travels in queues and to Durable Objects. */
import type { ActionType } from "./actions.ts";
import type { BoardId, PinId, UserId } from "./ids.ts";
import type { Model, ModelVersion, TrainModel } from "./models.ts";
import type { Region } from "./regions.ts";

/** In `vitrine-pictures`: a provisional pin to be made ready. Repeating it does no harm. */
export interface PictureMessage {
  pinId: PinId;
}

/** One thing that a user did, with an id that counts once. */
export interface Action {
  id: string;
  userId: UserId;
  pinId: PinId;
  type: ActionType;
  region: Region;
  /** Milliseconds since 1970. */
  occurredAt: number;
  /** What the other regions' stores keep with it; a view has nothing of the kind. */
  features?: ActionFeatures;
}

/** Embeddings of the action's pin on their way through a queue, in base64; see `KeptAction`. */
export interface ActionFeatures {
  embedding: string;
  taste: { model: string; item: number; vector: string } | null;
}

/** In `vitrine-events`: actions of one region's store on their way to counts and user embeddings. */
export interface EventsMessage {
  region: Region;
  actions: Action[];
  /** Users whose embedding is to be made anew without an action (follows, blocks, unsaves). */
  refreshes?: UserRefresh[];
  exposures?: Exposure[];
}

/** That a page of a user was made under a variant. Acknowledged by its id; of one user and experiment the first counts. */
export interface Exposure {
  id: string;
  experimentId: string;
  userId: UserId;
  variant: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** Acknowledged by its id, as actions are. */
export interface UserRefresh {
  id: string;
  userId: UserId;
  /** What the user changed: the stores of the other regions are told of it. */
  change?: UserChange;
}

/** An action as the region's store keeps it: with the pin's visual embedding, so that a feed needs no database. */
export interface KeptAction {
  id: string;
  pinId: PinId;
  type: ActionType;
  occurredAt: number;
  /** int8, see `quantise` in @vitrine/vectors; empty when the pin has none yet. */
  embedding: Uint8Array;
  /** Pin embedding of the model that served when the action was recorded (`encodePinVector` in @vitrine/ranking); or null. */
  taste: KeptTaste | null;
}

export interface KeptTaste {
  model: string;
  /** Position of the pin in the model. */
  item: number;
  vector: Uint8Array;
}

/** Takes a pin or a whole board out of feeds at once, before the fragments that hold it expire. */
export interface Tombstone {
  id: PinId | BoardId;
  /** Milliseconds since 1970; kept for an hour, longer than any fragment lives. */
  at: number;
}

/** A follow or a block, or its end: known to the region at once; the user embedding has it later. */
export interface RelationChange {
  relation: "follow" | "block";
  targetId: UserId | BoardId;
  /** False: it has ended. */
  holds: boolean;
  /** Milliseconds since 1970; the last word holds. */
  at: number;
}

/** Actions taken back (an unsave): those of the type on the pin until then. */
export interface Withdrawal {
  pinId: PinId;
  type: ActionType;
  /** Milliseconds since 1970. */
  at: number;
}

/** What a user changed without acting on a pin. */
export type UserChange = RelationChange | Withdrawal;

/** What was done in other regions, on its way into one region's store. */
export interface Adoption {
  actions: AdoptedAction[];
  changes: { userId: UserId; change: UserChange }[];
}

export interface AdoptedAction extends KeptAction {
  userId: UserId;
}

/** Pages that were answered in a region, and how many of them showed each pin. */
export interface ShownPages {
  pages: number;
  pins: [PinId, number][];
}

/** What one region's store answers for a feed. */
export interface RecentActivity {
  /** Newest first. */
  actions: KeptAction[];
  tombstones: Tombstone[];
  /** Of the last hour, the last word about each target. */
  relations: RelationChange[];
  /** Of the last hour, newest first; what was done again since is among the actions. */
  withdrawals: Withdrawal[];
  /** On more of the region's pages of this hour than one pin should be (`PageShares` in @vitrine/ranking), worst first. */
  overexposed: PinId[];
}

/** The Durable Object of a region: last actions of its users, and the outbox of what ingest has not confirmed. */
export interface RegionStoreService {
  /** Keeps the actions and queues them for ingest; an id that is known is not kept again. Answers how many were new. */
  record(userId: UserId, region: Region, actions: KeptAction[]): Promise<number>;
  /**
   * The last actions of a user, newest first (as many views as others; the newest 64 others have embeddings), the last
   * relations, the tombstones of the region and the pins that are on too many of its pages.
   */
  recent(userId: UserId | null, limit: number): Promise<RecentActivity>;
  /** Makes a change known to the region, and queues a new user embedding and the word to the other regions. */
  change(userId: UserId, change: UserChange): Promise<void>;
  /** Called by ingest in the other regions: they know what was done and tell nobody. In any order, as often as it likes. */
  adopt(adoption: Adoption): Promise<void>;
  /** Queues exposures that are new to the region for ingest; telling them again does nothing. */
  expose(userId: UserId, exposures: Pick<Exposure, "experimentId" | "variant" | "at">[]): Promise<void>;
  /** Called by ingest when D1, KV and all other regions have them: they leave the outbox. */
  acknowledge(ids: string[]): Promise<void>;
  /** Takes pins or boards out of the region's feeds; `restore` puts them back. */
  bury(ids: (PinId | BoardId)[]): Promise<void>;
  /** Told by isolates now and then: which pins their pages showed. */
  tellShown(shown: ShownPages): Promise<void>;
  restore(ids: (PinId | BoardId)[]): Promise<void>;
}

/** What the jobs Worker offers over its service binding; cron calls the same jobs. */
export interface JobsService {
  run(job: JobName): Promise<JobReport>;
  /** Starts a training and answers at once. Throws a Problem where there is too little to learn from, or one runs. */
  train(settings: TrainModel): Promise<Model>;
  /** Puts a model into the feeds: one that served at once, one that never did by a Workflow. Throws a Problem. */
  serve(version: ModelVersion): Promise<Model>;
}

export const jobNames = ["sweep", "codebook", "retention", "train"] as const;
export type JobName = (typeof jobNames)[number];
export interface JobReport {
  job: JobName;
  /** One sentence of what was done, with its numbers. */
  summary: string;
}
