/** What may be typed to measure the image engine, the feed and the regions, and its help. */
import { type Command, InvalidArgumentError } from "commander";
import type { BenchFeedOptions } from "../bench-feed/command.ts";
import type { BenchImagesOptions } from "../bench-images/command.ts";
import type { EvalFeedOptions } from "../eval-feed/command.ts";
import type { FuzzImagesOptions } from "../fuzz-images/command.ts";
import type { LoadImagesOptions } from "../load-images/command.ts";
import { type Actions, examples } from "../program.ts";
import type { SimRegionsOptions } from "../sim-regions/command.ts";

type Measures = Pick<Actions, "benchImages" | "fuzzImages" | "loadImages" | "evalFeed" | "benchFeed" | "simRegions">;

export function addMeasures(program: Command, actions: Measures, exit: (code: number) => void): void {
  addImageMeasures(program, actions, exit);
  addFeedMeasures(program, actions, exit);
  addRegionMeasures(program, actions, exit);
}

function addImageMeasures(program: Command, actions: Measures, exit: (code: number) => void): void {
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

function addFeedMeasures(program: Command, actions: Measures, exit: (code: number) => void): void {
  program
    .command("eval-feed")
    .description("Load real saves into a stack of its own, train by it, and ask it for what was held out.")
    .requiredOption("--train <file>", "a user a line: the items that the user saved, as numbers from 0")
    .requiredOption("--held-out <file>", "a user a line: the item to find; taken out of the saves where it is there")
    .requiredOption("--negatives <file>", "little-endian 16-bit numbers: as many unsaved items for each user")
    .option(
      "--users <number>",
      "how many users' held-out items are ranked among their negatives; all without it",
      parseCount,
    )
    .option("--feed-users <number>", "of these, how many have their feed read; all without it", parseCount)
    .option(
      "--exact-users <number>",
      "of these, how many have all pins ranked, without fragments",
      parseCountOrNone,
      2000,
    )
    .option(
      "--new-users <number>",
      "how many are left out of a first training, a quarter at most",
      parseCountOrNone,
      2000,
    )
    .option("--first <number>", "load only the first so many users: a weaker model, to try the command", parseCount)
    .option("--json", "print the figures as JSON, and the progress elsewhere", false)
    .addHelpText(
      "after",
      `
Files may be gzipped, whatever their names. In this order it
  1. loads pins of words alone, and users with their saves but for those left out, through POST /v1/bulk;
  2. trains by POST /v1/models/train, and makes accounts for the users left out that are told 1, 3, 5, 10 and all of
     their saves; asks POST /v1/rank as them, and takes these saves back;
  3. loads the users left out themselves, and trains again: all figures below are of this model;
  4. asks POST /v1/rank for each held-out item among its negatives, in random order, ties counted against it;
  5. reads GET /v1/feed?limit=10, and compares it with POST /v1/rank on every pin that the user has not saved.
`,
    )
    .addHelpText(
      "after",
      examples(
        "npm run eval:feed -- --train train.txt.gz --held-out val.txt --negatives val-negatives.u16le.gz",
        "npm run eval:feed -- --train t.txt --held-out h.txt --negatives n.u16le --first 2000 --users 500   # a trial",
        "npm run --silent eval:feed -- --train t.txt --held-out h.txt --negatives n.u16le --json > eval.json",
      ),
    )
    .action(async (options: EvalFeedOptions) => exit(await actions.evalFeed(options)));
  program
    .command("bench-feed")
    .description("Ask a stack of its own for feeds at a rate, beside a route that does nothing, in the same run.")
    .option("--rate <number>", "feeds a second", parseRate, 100)
    .option("--seconds <number>", "how long", parseCount, 60)
    .option("--warm-up <seconds>", "as much before it that is not counted", parseCountOrNone, 10)
    .option("--pins <number>", "pins to draw", parseCount, 10_000)
    .option("--users <number>", "users to draw, with 25 saves each", parseCount, 10_000)
    .option("--saves <percent>", "saves beside the feeds, for each hundred of them", parseRate, 5)
    .option("--newcomers <percent>", "feeds of who was never seen, of each hundred; in all regions", parsePercent, 2)
    .option(
      "--proxy <which>",
      "on: through wrangler's development proxy; off: Miniflare without it; both",
      parseProxy,
      "both",
    )
    .option("--json", "print the figures as JSON, and the progress elsewhere", false)
    .addHelpText(
      "after",
      `
Requests go out when they are due, whether or not earlier ones are answered, and latency counts from then. Who asks is
drawn by Zipf's law (exponent 1). A page is cold when it waited for the index or the database, else warm; the trivial route is
OPTIONS /v1/feed, which the same Worker answers before it looks at anything.
`,
    )
    .addHelpText(
      "after",
      examples(
        "npm run bench:feed -- --rate 100 --seconds 60",
        "npm run bench:feed -- --rate 20 --seconds 10 --pins 1000 --users 500 --proxy off   # a trial",
      ),
    )
    .action(async (options: BenchFeedOptions) => exit(await actions.benchFeed(options)));
}

function addRegionMeasures(program: Command, actions: Measures, exit: (code: number) => void): void {
  program
    .command("sim-regions")
    .description(
      "Save in three regions of a stack of its own, with losses and delays between them, and see who knows when.",
    )
    .option("--saves <number>", "how many pins are saved", parseCount, 200)
    .option(
      "--loss <share>",
      "share of messages and calls between regions that are lost; as many come twice",
      parseLoss,
      0.05,
    )
    .option("--delay <milliseconds>", "how late each is: one number, or the least and the most", parseDelay, [50, 400])
    .option("--seed <number>", "the same seed draws the same saves and the same luck", parseCountOrNone, 1)
    .option("--json", "print the figures as JSON, and the progress elsewhere", false)
    .addHelpText(
      "after",
      `
Each save is followed by the next page of its own region, which must know it, and then by pages of the two others until
they know it too. Lost is what goes from a region's store to the queue, from ingest to the other regions' stores, and
back to the one that waits for its word. In the end every outbox must be empty, and D1, trending and all nine regions'
stores must hold each save once. Fails when one page of an own region did not know, when the 99th percentile is over
10 s, and when anything is lost or counted twice.
`,
    )
    .addHelpText(
      "after",
      examples(
        "npm run sim:regions                                     # about two minutes",
        "npm run sim:regions -- --saves 40 --loss 0 --delay 0    # fair weather",
        "npm run --silent sim:regions -- --loss 0.2 --delay 100-2000 --seed 7 --json",
      ),
    )
    .action(async (options: SimRegionsOptions) => exit(await actions.simRegions(options)));
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

function parseRate(text: string): number {
  const rate = text.trim() === "" ? Number.NaN : Number(text);
  if (rate > 0 && Number.isFinite(rate)) return rate;
  throw new InvalidArgumentError("Give a number above 0.");
}

function parsePercent(text: string): number {
  const percent = text.trim() === "" ? Number.NaN : Number(text);
  if (percent >= 0 && percent <= 100) return percent;
  throw new InvalidArgumentError("Give a number from 0 to 100.");
}

function parseProxy(text: string): BenchFeedOptions["proxy"] {
  if (text === "on" || text === "off" || text === "both") return text;
  throw new InvalidArgumentError("Give on, off or both.");
}

function parseLoss(text: string): number {
  const loss = text.trim() === "" ? Number.NaN : Number(text);
  if (loss >= 0 && loss <= 0.9) return loss;
  throw new InvalidArgumentError("Give a share from 0 to 0.9.");
}

const largestDelay = 10_000;

function parseDelay(text: string): [number, number] {
  const [, least = "", most = least] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim()) ?? [];
  const delay: [number, number] = [Number(least), Number(most)];
  if (least !== "" && delay[0] <= delay[1] && delay[1] <= largestDelay) return delay;
  throw new InvalidArgumentError(`Give milliseconds from 0 to ${largestDelay}: 100, or 50-400.`);
}

/** Rising, so that what a rate leaves behind does not weigh on a lower one. */
function parseRates(text: string): number[] {
  const rates = text.split(",").map((rate) => (rate.trim() === "" ? Number.NaN : Number(rate)));
  if (rates.every((rate) => rate > 0 && Number.isFinite(rate))) return rates.toSorted((a, b) => a - b);
  throw new InvalidArgumentError("Give requests a second as numbers above 0, with commas between: 10,20,40.");
}
