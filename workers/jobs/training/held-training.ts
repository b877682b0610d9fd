/**
 * A training that goes on from step to step. It stays in memory as long as the isolate lives; when that is gone, or a
 * step has failed, the next one takes up the checkpoint, with the same result to the bit.
 */
import { artifactParts, type Findings, modelOf, type Stage, Training, type TrainingSettings } from "@vitrine/training";
import { interestsOfTaste } from "./interests.ts";
import { decodePictures } from "./pictures.ts";
import type { TrainingServices } from "./services.ts";
import { servingModelOf } from "./serving.ts";
import { decodeSnapshot, type Snapshot } from "./snapshot.ts";

export interface HeldProgress {
  stage: Stage;
  epoch: number;
}

interface Held {
  training: Training;
  snapshot: Snapshot;
}

export class HeldTraining {
  readonly #services: TrainingServices;
  readonly #version: string;
  readonly #settings: TrainingSettings;
  #held: Held | null = null;

  constructor(services: TrainingServices, version: string, settings: TrainingSettings) {
    this.#services = services;
    this.#version = version;
    this.#settings = settings;
  }

  /** Goes on to the end of an epoch or of a stage, and writes the checkpoint. Tells where the next step begins. */
  advance(): Promise<HeldProgress> {
    return this.#with(async ({ training }) => {
      let told = { epoch: 0, stage: training.stage, isMilestone: training.stage === "done" };
      while (!told.isMilestone) {
        told = training.advance();
        await this.#services.pause();
      }
      await this.#services.files.write(this.#version, "checkpoint", [training.checkpoint()]);
      return { stage: training.stage, epoch: training.stage === told.stage ? told.epoch + 1 : 0 };
    });
  }

  /** Writes the artifact and the value to be served. Tells what validation found. */
  write(): Promise<Findings["evaluation"]> {
    return this.#with(async (held) => {
      const { files, clock, pause } = this.#services;
      const { training, snapshot } = held;
      while (training.stage !== "done") {
        training.advance();
        await pause();
      }
      const learned = training.model();
      const { saves, pinIds, dataFrom, dataThrough } = snapshot;
      const counts = { users: saves.users, saves: saves.columns.length };
      const told = { modelVersion: this.#version, settings: this.#settings, ids: pinIds, dataFrom, dataThrough };
      const model = modelOf(learned, { ...told, ...counts, withFloats: true });
      await files.write(this.#version, "artifact", artifactParts(model));
      const interests = await interestsOfTaste({ learned, saves, seed: this.#settings.seed, pause });
      const serving = servingModelOf(learned, { version: this.#version, trainedAt: clock(), ...counts, interests });
      await files.write(this.#version, "serving", [serving]);
      return learned.findings.evaluation;
    });
  }

  /** Gives the memory back. */
  forget(): void {
    this.#held = null;
  }

  async #with<T>(work: (held: Held) => Promise<T>): Promise<T> {
    try {
      this.#held ??= await this.#load();
      return await work(this.#held);
    } catch (error) {
      this.#held = null;
      throw error;
    }
  }

  async #load(): Promise<Held> {
    const { files, kernels } = this.#services;
    const bytes = await files.read(this.#version, "saves");
    if (!bytes) throw new Error("the saves of this training are not there");
    const snapshot = decodeSnapshot(bytes);
    const seen = await files.read(this.#version, "pictures");
    const pictures = seen && decodePictures(seen);
    const training = new Training(kernels, { saves: snapshot.saves, pictures }, this.#settings);
    const checkpoint = await files.read(this.#version, "checkpoint");
    if (checkpoint) training.restore(checkpoint);
    return { training, snapshot };
  }
}
