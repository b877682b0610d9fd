export {
  agentToken,
  type FetchedPicture,
  fetchPicture,
  type Network,
  revalidatePicture,
} from "./fetch-picture.ts";
export { hostPattern, isHostListed } from "./host-list.ts";
export { type RemoteMark, remoteKeptSeconds, remoteMarkKey, remoteMarkPrefix } from "./remote-mark.ts";
export { cloudflareDnsUrl, type Resolve, resolveOverHttps } from "./resolve.ts";
