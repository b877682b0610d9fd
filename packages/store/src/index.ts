export { countActions, visibleEmbeddings } from "./actions.ts";
export { type BlockOutcome, type BlockRow, block, listBlocksOf, unblock } from "./blocks.ts";
export {
  addCollaborator,
  type BoardView,
  createBoard,
  deleteBoard,
  firstBoardName,
  getBoard,
  listBoardsOf,
  type NewBoard,
  removeCollaborator,
  updateBoard,
} from "./boards.ts";
export { type BulkOutcome, type BulkRefusal, type BulkRow, loadBulk } from "./bulk.ts";
export {
  type CandidateRow,
  candidatesAt,
  candidatesByIds,
  candidatesOf,
  freshCandidates,
  type ModelOfCandidates,
} from "./candidates.ts";
export { type CoSave, coSavesOf, lastPinsOn, type WalkSeed } from "./co-saves.ts";
export { type Database, type Databases, databasesOf } from "./database.ts";
export {
  createExperiment,
  type ExperimentRow,
  findExperiment,
  listExperiments,
  runExperiment,
  runningExperiments,
  stopExperiment,
} from "./experiments.ts";
export { keepExposures, maxExposuresPerDatabase, type OutcomeRow, outcomesOf } from "./exposures.ts";
export { type FollowOutcome, type FollowRow, follow, listFollowsOf, unfollow } from "./follows.ts";
export { guardClient, type QueryGuard } from "./guarded-client.ts";
export {
  beginModel,
  changeModel,
  findModel,
  lastModel,
  listModels,
  type ModelChange,
  type ModelRow,
  servingModelRow,
  takeModel,
} from "./models.ts";
export { type Page, type PageRequest, type Position, pageOf } from "./page.ts";
export {
  type FinishedPicture,
  failPictures,
  finishPictures,
  type KeptFeatures,
  keepFetchedPicture,
  type OriginalRow,
  type PinPicture,
  picturesOf,
} from "./pictures.ts";
export { createPin, getCreationContext, type NewPin } from "./pin-creation.ts";
export { deletePinModels, type PinModelRow, pinModelsOf, pinsAt, putPinModels } from "./pin-models.ts";
export { pingDatabases } from "./ping.ts";
export {
  deletePin,
  getPin,
  listPinsByStatus,
  listPinsOn,
  type PinView,
  retryPin,
  updatePin,
} from "./pins.ts";
export { type RankFacts, rankFactsOf } from "./rank-facts.ts";
export { lastSaveOfRecent, saversSince } from "./recent-savers.ts";
export { getPictureFacts, getShownPicture, type PictureFacts, type ShownPicture } from "./renditions.ts";
export { listSavesOf, type SaveOutcome, type SaveRow, savePin, savePinToFirstBoard, unsavePin } from "./saves.ts";
export { countSaves, embeddingsOf, type SaveTuple, savesBefore, visiblePins } from "./training-saves.ts";
export { trendingDays, trendingPins } from "./trending.ts";
export {
  countEmbeddings,
  deleteOlder,
  forgetOriginal,
  isShown,
  type OriginalScan,
  sampleEmbeddings,
  scanOriginals,
  takeWaitingPins,
} from "./upkeep.ts";
export { type HistoryLimits, type UserHistory, userHistories, userHistory } from "./user-history.ts";
export { createUser, findUser, listSpectators, listUsers, type UserRow } from "./users.ts";
