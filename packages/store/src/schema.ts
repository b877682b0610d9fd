/** The tables of one D1 database, which holds a range of logical shards. Times are milliseconds since 1970. */
import type {
  ActionType,
  BoardId,
  Experiment,
  ExperimentStatus,
  ModelMetrics,
  ModelStatus,
  PinId,
  PinStatus,
  Region,
  UserId,
  Visibility,
} from "@vitrine/contracts";
import { blob, index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const users = sqliteTable("users", {
  id: text().$type<UserId>().primaryKey(),
  handle: text().notNull().unique(),
  name: text().notNull(),
  createdAt: integer("created_at").notNull(),
});

export const boards = sqliteTable(
  "boards",
  {
    id: text().$type<BoardId>().primaryKey(),
    ownerId: text("owner_id").$type<UserId>().notNull(),
    name: text().notNull(),
    description: text().notNull().default(""),
    visibility: text().$type<Visibility>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("boards_owner").on(table.ownerId, table.createdAt)],
);

export const boardCollaborators = sqliteTable(
  "board_collaborators",
  {
    boardId: text("board_id").$type<BoardId>().notNull(),
    userId: text("user_id").$type<UserId>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.boardId, table.userId] }), index("collaborators_user").on(table.userId)],
);

/** One row for each different picture: the bytes lie in R2 under `hash`, and the features belong to the bytes. */
export const originals = sqliteTable("originals", {
  /** SHA-256 of the bytes, lower-case hex. */
  hash: text().primaryKey(),
  contentType: text("content_type").notNull(),
  bytes: integer().notNull(),
  /** Upright size in pixels; null until the picture was decoded. */
  width: integer(),
  height: integer(),
  /** 64-bit perceptual hash, 16 hex digits. */
  perceptualHash: text("perceptual_hash"),
  /** Dominant colours, most first. */
  colors: text({ mode: "json" }).$type<string[]>(),
  /** Visual embedding, int8 (`quantise` in @vitrine/vectors). */
  embedding: blob({ mode: "buffer" }).$type<Uint8Array>(),
  /** What computed the features: repeated work with the same version is skipped. */
  featuresVersion: integer("features_version"),
  firstPinId: text("first_pin_id").$type<PinId>().notNull(),
  createdAt: integer("created_at").notNull(),
});

export const pins = sqliteTable(
  "pins",
  {
    id: text().$type<PinId>().primaryKey(),
    userId: text("user_id").$type<UserId>().notNull(),
    boardId: text("board_id").$type<BoardId>().notNull(),
    /** Null for a pin of words alone, and while a picture by URL is not fetched yet. */
    originalHash: text("original_hash"),
    /** Where the picture is to be fetched from. */
    imageUrl: text("image_url"),
    title: text().notNull().default(""),
    description: text().notNull().default(""),
    link: text(),
    category: text(),
    status: text().$type<PinStatus>().notNull(),
    /** One public sentence when the status is `failed`. */
    failure: text(),
    duplicateOf: text("duplicate_of").$type<PinId>(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    index("pins_board").on(table.boardId, table.createdAt),
    index("pins_user").on(table.userId, table.createdAt),
    index("pins_status").on(table.status, table.updatedAt),
    index("pins_original").on(table.originalHash),
  ],
);

export const saves = sqliteTable(
  "saves",
  {
    userId: text("user_id").$type<UserId>().notNull(),
    pinId: text("pin_id").$type<PinId>().notNull(),
    boardId: text("board_id").$type<BoardId>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.pinId, table.boardId] }),
    index("saves_user").on(table.userId, table.createdAt),
    index("saves_board").on(table.boardId, table.createdAt),
    index("saves_pin").on(table.pinId),
  ],
);

/** How often each pin is saved: kept by triggers on `saves`, for feeds ask for it with every pin. */
export const saveCounts = sqliteTable(
  "save_counts",
  {
    pinId: text("pin_id").$type<PinId>().primaryKey(),
    saves: integer("saves").notNull(),
  },
  (table) => [index("save_counts_top").on(table.saves, table.pinId)],
);

export const follows = sqliteTable(
  "follows",
  {
    followerId: text("follower_id").$type<UserId>().notNull(),
    targetId: text("target_id").$type<UserId | BoardId>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.followerId, table.targetId] }),
    index("follows_follower").on(table.followerId, table.createdAt),
  ],
);

export const blocks = sqliteTable(
  "blocks",
  {
    blockerId: text("blocker_id").$type<UserId>().notNull(),
    blockedId: text("blocked_id").$type<UserId>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.blockerId, table.blockedId] }),
    index("blocks_blocker").on(table.blockerId, table.createdAt),
  ],
);

/** Actions that were counted: the key makes each count once, however often it is delivered. */
export const actions = sqliteTable(
  "actions",
  {
    id: text().primaryKey(),
    userId: text("user_id").$type<UserId>().notNull(),
    pinId: text("pin_id").$type<PinId>().notNull(),
    type: text().$type<ActionType>().notNull(),
    region: text().$type<Region>().notNull(),
    occurredAt: integer("occurred_at").notNull(),
  },
  (table) => [index("actions_user").on(table.userId, table.occurredAt), index("actions_occurred").on(table.occurredAt)],
);

/** Weighted actions on a pin by region and hour; trending is their sum with decay. */
export const trendingHours = sqliteTable(
  "trending_hours",
  {
    region: text().$type<Region>().notNull(),
    /** Hours since 1970. */
    hour: integer().notNull(),
    pinId: text("pin_id").$type<PinId>().notNull(),
    weight: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.region, table.hour, table.pinId] })],
);

/** The pin that a creator's idempotency key made: the same key answers the same pin. */
export const idempotencyKeys = sqliteTable(
  "idempotency_keys",
  {
    userId: text("user_id").$type<UserId>().notNull(),
    key: text().notNull(),
    pinId: text("pin_id").$type<PinId>().notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.key] }), index("idempotency_created").on(table.createdAt)],
);

/** What a trained model knows of a pin, on the shard of the pin. Text is base64, because D1 answers a BLOB as a list of numbers. */
export const pinModels = sqliteTable(
  "pin_models",
  {
    pinId: text("pin_id").$type<PinId>().notNull(),
    model: text().notNull(),
    /** Position of the pin in the model. */
    item: integer().notNull(),
    /** `encodePinVector` in @vitrine/ranking, in base64. */
    vector: text().notNull(),
    /** `encodeNeighbours` in @vitrine/ranking, in base64. */
    neighbours: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.pinId, table.model] }),
    index("pin_models_item").on(table.model, table.item),
  ],
);

/** Trained models and models in training, on the first database. */
export const models = sqliteTable(
  "models",
  {
    version: text().primaryKey(),
    status: text().$type<ModelStatus>().notNull(),
    createdAt: integer("created_at").notNull(),
    dimensions: integer().notNull(),
    users: integer().notNull(),
    pins: integer().notNull(),
    saves: integer().notNull(),
    metrics: text({ mode: "json" }).$type<ModelMetrics>(),
    note: text().notNull(),
    /** 0..1 */
    progress: real().notNull().default(0),
    /** Until then whoever works on the row has it, and nobody else begins a training; moved on with every step. */
    lockedUntil: integer("locked_until").notNull().default(0),
  },
  (table) => [index("models_created").on(table.createdAt)],
);

/** What never changes of an experiment. */
export type ExperimentDefinition = Pick<
  Experiment,
  "name" | "salt" | "variants" | "primaryMetric" | "minimumDetectableEffect"
>;

/** Experiments that run or ran, on the first database. */
export const experiments = sqliteTable("experiments", {
  id: text().primaryKey(),
  /** Experiments of one layer share out its users; those of different layers are independent. */
  layer: text().notNull(),
  definition: text({ mode: "json" }).$type<ExperimentDefinition>().notNull(),
  status: text().$type<ExperimentStatus>().notNull(),
  createdAt: integer("created_at").notNull(),
  startedAt: integer("started_at"),
  stoppedAt: integer("stopped_at"),
  /** Share of the users of the layer, 0..1; grows, never shrinks. */
  traffic: real().notNull().default(0),
  /** `BucketRange` of @vitrine/ranking: the buckets of the layer that it has or had. */
  ranges: text({ mode: "json" }).$type<readonly (readonly [number, number])[]>().notNull().default([]),
});

/** The first time that a user saw what a variant changes, on the user's shard. */
export const exposures = sqliteTable(
  "exposures",
  {
    experimentId: text("experiment_id").notNull(),
    userId: text("user_id").$type<UserId>().notNull(),
    variant: text().notNull(),
    at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.experimentId, table.userId] })],
);
