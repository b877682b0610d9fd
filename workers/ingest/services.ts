/** What the consumers see: ports and settings. Only adapters see `env`. */
import type { ImagesService, Region, RegionStoreService } from "@vitrine/contracts";
import type { FetchedPicture } from "@vitrine/fetching";
import type { Databases } from "@vitrine/store";
import type { VectorIndex } from "@vitrine/vectors";

export interface IngestServices {
  databases: Databases;
  kv: KVNamespace;
  originals: R2Bucket;
  images: ImagesService<Response>;
  visualIndex: VectorIndex;
  regionStore(region: Region): Pick<RegionStoreService, "adopt" | "acknowledge">;
  /** Fetches a picture from a public URL, or throws a Problem that says why not. */
  fetchPicture(url: string): Promise<FetchedPicture>;
  /** Milliseconds since 1970. */
  now(): number;
}
