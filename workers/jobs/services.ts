import type { PictureMessage } from "@vitrine/contracts";
import type { Databases } from "@vitrine/store";
import type { StartServices } from "./training/start.ts";

/** What jobs work with: ports, and the time of the run. */
export interface JobServices extends StartServices {
  databases: Databases;
  kv: Pick<KVNamespace, "get" | "put" | "list" | "delete">;
  originals: Pick<R2Bucket, "get" | "put" | "delete">;
  renditions: Pick<R2Bucket, "list" | "delete">;
  picturesQueue: Pick<Queue<PictureMessage>, "sendBatch">;
  /** Pins that are provisional for longer than this were forgotten by a queue or a process that died. */
  sweepAfterSeconds: number;
  /** Milliseconds since 1970. */
  now: number;
}
