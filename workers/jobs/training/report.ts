import type { ModelVersion } from "@vitrine/contracts";
import { changeModel, type ModelChange } from "@vitrine/store";
import type { TrainingServices } from "./services.ts";

/** Longer than any step with its repetitions; who is silent for longer is dead, and another training may begin. */
export const lockMillis = 10 * 60_000;

/** Tells what is being done, and keeps the lock. Throws when it is lost: somebody else is at work by now. */
export async function report(
  { databases, clock }: TrainingServices,
  version: ModelVersion,
  change: ModelChange,
): Promise<void> {
  const now = clock();
  const isMine = await changeModel(
    databases,
    version,
    { lockedUntil: now + lockMillis, ...change },
    { whileLockedAt: now },
  );
  if (!isMine) throw new LostLockError("this training was given up for dead, and is");
}

export class LostLockError extends Error {
  override readonly name = "LostLockError";
}
