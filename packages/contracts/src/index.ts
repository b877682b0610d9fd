export {
  ActionType,
  actionWeight,
  Block,
  CreateSave,
  Event,
  EventBatch,
  EventReceipt,
  EventType,
  Follow,
  Save,
} from "./actions.ts";
export { Board, CreateBoard, UpdateBoard, Visibility } from "./boards.ts";
export { type BulkOp, BulkOperation, BulkReport, bulkOps } from "./bulk.ts";
export { PictureDescription, PictureSources, PurgeReport, SignPath } from "./delivery.ts";
export { asProblem, type ErrorCode, errorStatus, Problem, type ProblemDetails, problemDetails } from "./errors.ts";
export {
  CreateExperiment,
  Experiment,
  ExperimentList,
  ExperimentMetric,
  ExperimentResults,
  ExperimentStatus,
  ExperimentVariant,
  ExperimentVerdict,
  FeedScorer,
  FeedSettings,
  StartExperiment,
  settingNames,
  VariantResult,
} from "./experiments.ts";
export {
  FeedItem,
  FeedPage,
  FeedReason,
  RankCandidates,
  RankedPin,
  RankedPins,
  RelatedPins,
} from "./feed.ts";
export {
  type AnyId,
  BoardId,
  type IdSeed,
  newBoardId,
  newPinId,
  newUserId,
  PinId,
  shardCount,
  shardOf,
  shardOfHandle,
  UserId,
} from "./ids.ts";
export { limits } from "./limits.ts";
export {
  type Action,
  type ActionFeatures,
  type AdoptedAction,
  type Adoption,
  type EventsMessage,
  type Exposure,
  type JobName,
  type JobReport,
  type JobsService,
  jobNames,
  type KeptAction,
  type KeptTaste,
  type PictureMessage,
  type RecentActivity,
  type RegionStoreService,
  type RelationChange,
  type ShownPages,
  type Tombstone,
  type UserChange,
  type UserRefresh,
  type Withdrawal,
} from "./messages.ts";
export { Model, ModelMetrics, ModelStatus, Models, ModelVersion, TrainModel, tasteDimensions } from "./models.ts";
export {
  BlockPage,
  BoardPage,
  FollowPage,
  PageQuery,
  PinPage,
  SavedPin,
  SavePage,
  UserPage,
} from "./pages.ts";
export {
  CreatePin,
  Pin,
  PinCard,
  PinStatus,
  RenditionUrls,
  SignedUrl,
  SignUrl,
  UpdatePin,
  UploadPin,
} from "./pins.ts";
export { assertPublicUrl, isAddress, isAllowedHost, isPublicAddress, type ParsedUrl } from "./public-url.ts";
export {
  callThrough,
  type Elements,
  parseRegionWeather,
  RegionWeather,
  sendThrough,
} from "./region-weather.ts";
export { isRegion, type Region, regions } from "./regions.ts";
export {
  type Border,
  type Colour,
  type Fit,
  fits,
  type Gravity,
  type ImagesService,
  type Overlay,
  type PreparedPicture,
  type Raster,
  type RenditionFormat,
  type RenditionPlan,
  renditionFormats,
  type Sides,
  type Trim,
  type TrimBorder,
} from "./renditions.ts";
export { DemoSession, DemoUsers, Health, HealthCheck, JobRun, StartDemoSession } from "./service.ts";
export { CreateUser, Handle, User } from "./users.ts";
