import type { TrainModel } from "@vitrine/contracts";
import type { Databases } from "@vitrine/store";
import type { TrainingSettings } from "@vitrine/training";
import type { VectorIndex } from "@vitrine/vectors";

/** What training works with: ports, and a clock that moves, because a training takes a minute and more. */
export interface TrainingServices {
  databases: Databases;
  kv: Pick<KVNamespace, "put">;
  files: ModelFiles;
  tasteIndex: Pick<VectorIndex, "describe" | "upsert" | "deleteByIds" | "getByIds">;
  kernels: WebAssembly.Module;
  /** Milliseconds since 1970. */
  clock(): number;
  /** Lets the isolate answer others between two slices of work. */
  pause(): Promise<void>;
}

/** Files of models, by version and name. */
export interface ModelFiles {
  read(version: string, name: ModelFile): Promise<Uint8Array<ArrayBuffer> | null>;
  /** A part of a file that must be there. */
  readRange(version: string, name: ModelFile, range: { offset: number; length: number }): Promise<Uint8Array>;
  /** Writes the parts one after the other. */
  write(version: string, name: ModelFile, parts: readonly Uint8Array[]): Promise<void>;
  /** Deletes the named files, or all of the version. */
  delete(version: string, names?: readonly ModelFile[]): Promise<void>;
  /** Versions that have a file. */
  versions(): Promise<string[]>;
}

/** saves, pictures: what is trained on · checkpoint: how far it is · artifact · serving: the value that takes the KV key. */
export const modelFiles = ["saves", "pictures", "checkpoint", "artifact", "serving"] as const;
export type ModelFile = (typeof modelFiles)[number];

/** What a Workflow gives: each named piece of work is done once, and again only when nobody heard its answer. */
export interface Steps {
  do<T extends StepAnswer>(name: string, work: () => Promise<T>): Promise<T>;
  sleep(name: string, seconds: number): Promise<void>;
}

/** Kept by the platform as JSON, 1 MiB at most. */
export type StepAnswer = string | number | boolean | null | { [key: string]: StepAnswer };

/** The parameters of a Workflow. */
export type TrainingOrder =
  | { kind: "train"; version: string; settings: TrainModel }
  | { kind: "publish"; version: string };

/** Settings that the platform decides, over the defaults of @vitrine/training. */
export function platformSettings({ dimensions, epochs }: TrainModel): Partial<TrainingSettings> {
  return {
    // 1,024 items are solved in 50 ms, after which the isolate, and a local stack, may do something else.
    sliceRows: 1_024,
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(epochs === undefined ? {} : { epochs }),
  };
}
