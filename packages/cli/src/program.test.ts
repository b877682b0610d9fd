import { expect, test } from "vitest";
import { type Actions, createProgram } from "./program.ts";

type Call = [name: keyof Actions, ...args: unknown[]];

async function run(...args: string[]): Promise<{ calls: Call[]; code: number | undefined; output: string }> {
  const calls: Call[] = [];
  let code: number | undefined;
  let output = "";
  const record =
    (name: keyof Actions) =>
    async (...given: unknown[]) => {
      calls.push([name, ...given.filter((each) => Object.getPrototypeOf(each) !== null && !isCommand(each))]);
      return 7;
    };
  const measures = ["benchImages", "fuzzImages", "loadImages", "evalFeed", "benchFeed", "simRegions"] as const;
  const names = [
    "start",
    "token",
    "import",
    "load",
    "runJob",
    "train",
    "listModels",
    "serveModel",
    "deploy",
    "check",
    "typecheck",
    ...measures,
  ] as const;
  const actions = Object.fromEntries(names.map((name) => [name, record(name)])) as unknown as Actions;
  const program = createProgram(actions, (answered) => {
    code = answered;
  });
  for (const command of [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        output += text;
      },
      writeErr: (text) => {
        output += text;
      },
    });
  }
  await program.parseAsync(args, { from: "user" }).catch((error: { exitCode?: number }) => {
    code = error.exitCode;
  });
  return { calls, code, output };
}

function isCommand(value: unknown): boolean {
  return typeof value === "object" && value !== null && "parseAsync" in value;
}

test("start takes a folder, a port and its switches, and gives the action's exit code", async () => {
  const { calls, code } = await run("start", "--photos", "../p", "--port", "9000", "--fresh", "--no-demo");
  expect(calls).toEqual([["start", { photos: "../p", port: 9000, fresh: true, demo: false }]]);
  expect(code).toBe(7);
});

test("start alone is the demo on 8787", async () => {
  expect((await run("start")).calls).toEqual([["start", { port: 8787, fresh: false, demo: true }]]);
});

test.each(["0", "65536", "http", "8787.5", ""])("a port such as '%s' is refused in one sentence", async (port) => {
  const { calls, code, output } = await run("start", "--port", port);
  expect(calls).toEqual([]);
  expect(code).toBe(1);
  expect(output).toContain("A port is a whole number from 1 to 65535.");
});

test("token reads by default, for an hour", async () => {
  const [call] = (await run("token", "--user", "ada")).calls;
  expect(call).toEqual(["token", { user: "ada", scope: "reader", expires: "1h", url: "http://localhost:8787" }]);
});

test("an unknown scope or job is refused with the choices", async () => {
  expect((await run("token", "--scope", "chef")).output).toContain("reader, writer, service");
  expect((await run("jobs", "run", "dishes")).output).toContain("sweep, codebook");
});

test("jobs run names the job", async () => {
  const { calls } = await run("jobs", "run", "codebook");
  expect(calls).toEqual([["runJob", "codebook", { url: "http://localhost:8787" }]]);
});

test("load takes a file and a bounded number of requests at a time", async () => {
  const options = { url: "http://localhost:8787", parallel: 2 };
  expect((await run("load", "a.ndjson.gz")).calls).toEqual([["load", "a.ndjson.gz", options]]);
  expect((await run("load")).output).toContain("file");
  for (const parallel of ["0", "17", "x"]) {
    expect((await run("load", "a.ndjson", "--parallel", parallel)).output).toContain("a whole number from 1 to 16");
  }
});

test("import needs a folder and a user", async () => {
  expect((await run("import", "--user", "ada")).output).toContain("--photos");
  expect((await run("import", "--photos", "x")).output).toContain("--user");
});

test("bench-images takes a picture, a number of runs and --json", async () => {
  expect((await run("bench-images")).calls).toEqual([["benchImages", { runs: 15, json: false }]]);
  const { calls } = await run("bench-images", "--image", "a.jpg", "--runs", "21", "--json");
  expect(calls).toEqual([["benchImages", { image: "a.jpg", runs: 21, json: true }]]);
});

test("fuzz-images takes folders and what to make of them", async () => {
  const { calls } = await run("fuzz-images", "a", "b", "--mutants", "50", "--seed", "7", "--url", "http://x");
  const options = { mutants: 50, seed: "7", url: "http://x", concurrency: 4, json: false };
  expect(calls.map(([name, folders, given]) => [name, folders, given])).toEqual([["fuzzImages", ["a", "b"], options]]);
  expect((await run("fuzz-images")).output).toContain("folder");
});

test("load-images takes rates in rising order", async () => {
  expect((await run("load-images")).calls).toEqual([
    ["loadImages", { rates: [10, 20, 40, 80], seconds: 10, json: false }],
  ]);
  expect((await run("load-images", "--rates", "5,2.5,9", "--seconds", "3")).calls).toEqual([
    ["loadImages", { rates: [2.5, 5, 9], seconds: 3, json: false }],
  ]);
});

test("sim-regions takes a number of saves, the weather and a seed", async () => {
  const fair = { saves: 200, loss: 0.05, delay: [50, 400], seed: 1, json: false };
  expect((await run("sim-regions")).calls).toEqual([["simRegions", fair]]);
  const { calls } = await run("sim-regions", "--saves", "9", "--loss", "0", "--delay", "100", "--seed", "0", "--json");
  expect(calls).toEqual([["simRegions", { saves: 9, loss: 0, delay: [100, 100], seed: 0, json: true }]]);
  for (const loss of ["1", "-0.1", "much"]) {
    expect((await run("sim-regions", "--loss", loss)).output).toContain("Give a share from 0 to 0.9.");
  }
  for (const delay of ["400-50", "1s", "20000", ""]) {
    expect((await run("sim-regions", "--delay", delay)).output).toContain("Give milliseconds from 0 to 10000");
  }
});

test.each(["", "10,,20", "0", "-1", "fast"])("rates such as '%s' are refused in one sentence", async (rates) => {
  const { calls, output } = await run("load-images", "--rates", rates);
  expect(calls).toEqual([]);
  expect(output).toContain("Give requests a second as numbers above 0, with commas between: 10,20,40.");
});

test.each(["0", "1.5", "many"])("a number of runs such as '%s' is refused in one sentence", async (runs) => {
  const { calls, output } = await run("bench-images", "--runs", runs);
  expect(calls).toEqual([]);
  expect(output).toContain("Give a whole number from 1 to 1000000.");
});

test("eval-feed takes three files and how many are asked", async () => {
  const files = ["--train", "t", "--held-out", "h", "--negatives", "n"];
  const defaults = { exactUsers: 2000, newUsers: 2000, json: false };
  expect((await run("eval-feed", ...files)).calls).toEqual([
    ["evalFeed", { train: "t", heldOut: "h", negatives: "n", ...defaults }],
  ]);
  const { calls } = await run("eval-feed", ...files, "--users", "500", "--new-users", "0", "--first", "900", "--json");
  expect(calls[0]?.[1]).toMatchObject({ users: 500, newUsers: 0, first: 900, json: true });
  expect((await run("eval-feed", "--train", "t")).output).toContain("--held-out");
});

test("bench-feed takes a rate, a time and what to run", async () => {
  const drawn = { pins: 10_000, users: 10_000, saves: 5, newcomers: 2 };
  const options = { rate: 100, seconds: 60, warmUp: 10, ...drawn, proxy: "both", json: false };
  expect((await run("bench-feed")).calls).toEqual([["benchFeed", options]]);
  const { calls } = await run("bench-feed", "--rate", "2.5", "--proxy", "off");
  expect(calls[0]?.[1]).toMatchObject({ rate: 2.5, proxy: "off" });
  expect((await run("bench-feed", "--rate", "0")).output).toContain("Give a number above 0.");
  expect((await run("bench-feed", "--proxy", "maybe")).output).toContain("Give on, off or both.");
  expect((await run("bench-feed", "--newcomers", "101")).output).toContain("Give a number from 0 to 100.");
});

test("every command's help has examples", async () => {
  const measures = [["bench-images"], ["fuzz-images"], ["load-images"], ["eval-feed"], ["bench-feed"], ["sim-regions"]];
  for (const command of [
    ["start"],
    ["token"],
    ["import"],
    ["load"],
    ["jobs", "run"],
    ["deploy"],
    ["check"],
    ...measures,
  ]) {
    expect((await run(...command, "--help")).output, command.join(" ")).toContain("Examples:");
  }
});

test("train takes settings that a model can have, and models serve the address before and after its name", async () => {
  expect((await run("train", "--dimensions", "64", "--epochs", "3", "--url", "http://a.example")).calls).toEqual([
    ["train", { url: "http://a.example", out: "model.vtrn", dimensions: 64, epochs: 3 }],
  ]);
  expect((await run("train", "--dimensions", "130")).output).toContain("Give a multiple of 4 from 8 to 128.");
  expect((await run("models")).calls).toEqual([["listModels", { url: "http://localhost:8787" }]]);
  for (const args of [
    ["serve", "m0", "--url", "http://a.example"],
    ["--url", "http://a.example", "serve", "m0"],
  ]) {
    expect((await run("models", ...args)).calls).toEqual([["serveModel", "m0", { url: "http://a.example" }]]);
  }
});
