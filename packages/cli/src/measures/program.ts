/** What may be typed to measure the image engine, and its help. */
import { type Command, InvalidArgumentError } from "commander";
import type { BenchImagesOptions } from "../bench-images/command.ts";
import type { FuzzImagesOptions } from "../fuzz-images/command.ts";
import type { LoadImagesOptions } from "../load-images/command.ts";
import { type Actions, examples } from "../program.ts";

type Measures = Pick<Actions, "benchImages" | "fuzzImages" | "loadImages">;

export function addMeasures(program: Command, actions: Measures, exit: (code: number) => void): void {
  program
    .command("bench-images")
    .description("Compare Vitrine's codec pack with stock jSquash, photon and sharp, one thread each, in one run.")
    .option("--image <file>", "a JPEG; without it pictures of 2 to 48 megapixels are drawn")
    .option("--runs <number>", "how often each engine is timed; the median counts", parseCount, 15)
    .option("--json", "print everything as JSON, and the progress elsewhere", false)
    .addHelpText(
      "after",
      examples(
        "npm run bench:images                                # about seven minutes",
        "npm run bench:images -- --image ../my-photos/a.jpg  # about two minutes",
        "npm run --silent bench:images -- --json > bench.json",
      ),
    )
    .action(async (options: BenchImagesOptions) => exit(await actions.benchImages(options)));
  program
    .command("fuzz-images")
    .description(
      "Send files and broken copies of them through a stack of its own or a running one; fails on any 5xx, hang, wrong size or growth of memory.",
    )
    .argument("<folder...>", "whose files are sent, with those of the folders in it")
    .option("--mutants <number>", "broken copies to make, over all files", parseCountOrNone, 3000)
    .option("--seed <text>", "the same seed makes the same copies", "vitrine")
    .option("--url <address>", "a running stack; without it one is started and thrown away")
    .option("--token <token>", "a service token for --url; without it one is signed with .dev.vars")
    .option("--concurrency <number>", "files at a time", parseCount, 4)
    .option("--json", "print the findings as JSON, and the progress elsewhere", false)
    .addHelpText(
      "after",
      examples(
        "npm run fuzz:images -- ../hard-images              # about five minutes",
        "npm run fuzz:images -- ../hard-images ../more --mutants 0",
        "npm run fuzz:images -- ../hard-images --url http://localhost:8787",
      ),
    )
    .action(async (folders: string[], options: FuzzImagesOptions) => exit(await actions.fuzzImages(folders, options)));
  program
    .command("load-images")
    .description("Ask a stack of its own for renditions at rising rates, beside a file that costs nothing to make.")
    .option("--rates <list>", "requests a second", parseRates, [10, 20, 40, 80])
    .option("--seconds <number>", "how long each rate is held", parseCount, 10)
    .option("--json", "print the figures as JSON, and the progress elsewhere", false)
    .addHelpText("after", examples("npm run load:images", "npm run load:images -- --rates 25,50,100 --seconds 30"))
    .action(async (options: LoadImagesOptions) => exit(await actions.loadImages(options)));
}

const largestCount = 1_000_000;

function parseCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= largestCount) return count;
  throw new InvalidArgumentError(`Give a whole number from 1 to ${largestCount}.`);
}

function parseCountOrNone(text: string): number {
  return text === "0" ? 0 : parseCount(text);
}

/** Rising, so that what a rate leaves behind does not weigh on a lower one. */
function parseRates(text: string): number[] {
  const rates = text.split(",").map((rate) => (rate.trim() === "" ? Number.NaN : Number(rate)));
  if (rates.every((rate) => rate > 0 && Number.isFinite(rate))) return rates.toSorted((a, b) => a - b);
  throw new InvalidArgumentError("Give requests a second as numbers above 0, with commas between: 10,20,40.");
}
