/** What a route sees: ports, settings and the caller. Only adapters see `env`. */
import type {
  EventsMessage,
  ImagesService,
  JobsService,
  PictureMessage,
  Region,
  RegionStoreService,
  UserId,
} from "@vitrine/contracts";
import type { FetchedPicture } from "@vitrine/fetching";
import type { Databases } from "@vitrine/store";
import type { VectorIndex } from "@vitrine/vectors";

export type Scope = "reader" | "writer" | "service";

/** Who calls, by a verified token. A service acts for any user. */
export interface Principal {
  userId: UserId | null;
  scope: Scope;
}

export interface Settings {
  isLocal: boolean;
  isDemo: boolean;
  jwtSecret: string | undefined;
  jwksUrl: string | undefined;
  jwtIssuer: string | undefined;
  jwtAudience: string | undefined;
  signingKey: string | undefined;
  /** Accepted and never used to sign: the key before the last rotation. */
  signingKeyPrevious: string | undefined;
  /** signed: only presets and signed URLs are served. */
  renditionAccess: "open" | "signed";
  /** Hosts that pictures may be fetched from though their addresses are private. */
  fetchAllowedHosts: readonly string[];
  /** Hosts whose pictures may be sources of renditions, `*.` in front for all below; none closes them all. */
  remoteSources: readonly string[];
}

export interface Services {
  databases: Databases;
  kv: KVNamespace;
  originals: R2Bucket;
  renditions: R2Bucket;
  images: ImagesService<Response>;
  jobs: JobsService;
  visualIndex: VectorIndex;
  /** Pin embeddings of the trained models, a namespace a version; smaller scores are closer to a taste. */
  tasteIndex: VectorIndex;
  /** A picture of a host in `remoteSources`, or `unchanged` by its ETag; throws a Problem that says why not. */
  fetchRemote(url: string, etag: string | null): Promise<FetchedPicture | "unchanged">;
  picturesQueue: {
    send(message: PictureMessage): Promise<unknown>;
    sendBatch(messages: { body: PictureMessage }[]): Promise<unknown>;
  };
  eventsQueue: { send(message: EventsMessage): Promise<unknown> };
  regionStore(region: Region): RegionStoreService;
  /** The colo's cache (`caches.default`). */
  colo: Pick<Cache, "match" | "put" | "delete">;
  /** Purges by Cache-Tag what a cache in front of this Worker holds; undefined where there is none to tell. */
  purgeTags?: ((tags: string[]) => Promise<unknown>) | undefined;
  /** Where the caller is, from the platform. */
  region: Region;
  waitUntil(work: Promise<unknown>): void;
  settings: Settings;
}

export interface EdgeEnv {
  Variables: { services: Services; principal: Principal | null };
}
