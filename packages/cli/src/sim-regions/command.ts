/** `vitrine sim-regions`: three regions of the real stack on this machine, with bad weather between them. */
import { setTimeout as sleep } from "node:timers/promises";
import type { RegionWeather } from "@vitrine/contracts";
import { regions } from "@vitrine/contracts";
import { inOwnFolder } from "../measures/own-stack.ts";
import { startStack } from "../stack/stack.ts";
import { observe } from "./observe.ts";
import { remainsIn } from "./remains.ts";
import { reportLines, reportOf } from "./report.ts";

export interface SimRegionsOptions {
  saves: number;
  loss: number;
  /** Milliseconds, the shortest and the longest. */
  delay: [number, number];
  seed: number;
  json: boolean;
}

/** What is sent again for the fifth time has waited 93 s; nothing waits longer but by bad luck of one in a million. */
const quietMillis = 180_000;
const quietPollMillis = 500;

export async function simRegions({ saves, loss, delay, seed, json }: SimRegionsOptions): Promise<number> {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const weather: RegionWeather = { loss, minDelayMillis: delay[0], maxDelayMillis: delay[1], seed };
  const vars = { REGION_WEATHER: JSON.stringify(weather) };
  const report = await inOwnFolder(async (stateDir, signal) => {
    const stack = await startStack({ port: 0, stateDir, quiet: true, onStep: say, signal, vars });
    try {
      say(`Saving ${saves} pins; ${loss * 100} % of what goes between regions is lost`);
      const onSaved = (saved: number) => void (saved % 50 === 0 && say(`${saved} of ${saves} saves are seen`));
      const observations = await observe(stack, { saves, seed, onSaved });
      say("Waiting until the outboxes are empty");
      const startedAt = performance.now();
      let remains = remainsIn(stateDir);
      while (remains.inOutboxes > 0 && performance.now() - startedAt < quietMillis) {
        await sleep(quietPollMillis);
        remains = remainsIn(stateDir);
      }
      return reportOf(observations, remains, regions.length);
    } finally {
      await stack.stop();
    }
  });
  if (json) console.log(JSON.stringify(report, null, 2));
  else for (const line of reportLines(report)) console.log(line);
  return report.failures.length === 0 ? 0 : 1;
}
