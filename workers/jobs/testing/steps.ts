import type { StepAnswer, Steps } from "../training/services.ts";

/** What a Workflow does with its steps: `kept` are their answers, by name. The process dies where `diesAt` says so. */
export function stepsOn(
  kept: Map<string, string>,
  diesAt: (name: string) => "unheard" | "heard" | null = () => null,
): Steps {
  return {
    async do<T extends StepAnswer>(name: string, work: () => Promise<T>): Promise<T> {
      const known = kept.get(name);
      if (known !== undefined) return JSON.parse(known) as T;
      const answer = JSON.stringify(await work());
      if (diesAt(name) === "unheard") throw new PowerCut();
      kept.set(name, answer);
      if (diesAt(name) === "heard") throw new PowerCut();
      return JSON.parse(answer) as T;
    },
    sleep: async () => undefined,
  };
}

export class PowerCut extends Error {
  // As the platform does it: nothing of the run hears of it.
  override readonly name = "LostLockError";
}
