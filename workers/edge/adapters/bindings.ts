import type { ImagesService, JobsService, PictureMessage } from "@vitrine/contracts";
import type { VectorIndex } from "@vitrine/vectors";
import type { RegionStore } from "./region-store.ts";

/** What the root wrangler.toml binds. */
export interface Bindings {
  ASSETS: Fetcher;
  DB_0: D1Database;
  KV: KVNamespace;
  ORIGINALS: R2Bucket;
  RENDITIONS: R2Bucket;
  PICTURES_QUEUE: Queue<PictureMessage>;
  EVENTS_QUEUE: Queue;
  REGION_STORE: DurableObjectNamespace<RegionStore>;
  IMAGES: ImagesService<Response>;
  JOBS: JobsService;
  VISUAL_INDEX: VectorIndex;
  TASTE_INDEX: VectorIndex;
  /** `local` or `production`. */
  ENVIRONMENT: string;
  /** HS256 secret for tokens, at least 32 characters; made by the first `npm start`. */
  JWT_SECRET?: string;
  /** Where the public keys of tokens are, in production. */
  JWKS_URL?: string;
  JWT_ISSUER?: string;
  JWT_AUDIENCE?: string;
  /** HMAC key of cursors and signed rendition URLs, at least 32 characters. */
  SIGNING_KEY?: string;
  /** The key before the last rotation: accepted, never used to sign. */
  SIGNING_KEY_PREVIOUS?: string;
  /** `open` (the default), or `signed`: only presets and signed URLs are served. */
  RENDITION_ACCESS?: string;
  /** `host` or `host:port`, separated by commas: exempt from the check for private addresses. */
  FETCH_ALLOWED_HOSTS?: string;
  /** Hosts whose pictures may be sources of renditions, separated by commas; empty closes them all. */
  REMOTE_SOURCES?: string;
  /** A resolver that speaks JSON over HTTPS, in place of Cloudflare's. */
  DNS_URL?: string;
  /** `on` opens /demo/*, which gives anybody tokens of the demo's users. Local only. */
  DEMO_MODE?: string;
  /** `RegionWeather` of @vitrine/contracts as JSON: what the ways between regions are to suffer. Local only. */
  REGION_WEATHER?: string;
}
