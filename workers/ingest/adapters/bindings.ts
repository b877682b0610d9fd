import type { ImagesService } from "@vitrine/contracts";
import type { VectorIndex } from "@vitrine/vectors";

/** What wrangler.toml binds. */
export interface Bindings {
  DB_0: D1Database;
  KV: KVNamespace;
  ORIGINALS: R2Bucket;
  REGION_STORE: DurableObjectNamespace;
  IMAGES: ImagesService<Response>;
  VISUAL_INDEX: VectorIndex;
  /** `local` or `production`. */
  ENVIRONMENT: string;
  /** `host[:port]` entries, with commas, that may be fetched from though they are not public: tests and intranets. */
  FETCH_ALLOWED_HOSTS?: string;
  /** A resolver that speaks JSON over HTTPS, in place of Cloudflare's. */
  DNS_URL?: string;
  /** `RegionWeather` of @vitrine/contracts as JSON: what the ways between regions are to suffer. Local only. */
  REGION_WEATHER?: string;
}
