/** Making ids, for bulk loads. Apart from the client itself, because it brings the schemas along. */
export {
  type BoardId,
  type IdSeed,
  newBoardId,
  newPinId,
  newUserId,
  type PinId,
  shardOf,
  shardOfHandle,
  type UserId,
} from "@vitrine/contracts";
