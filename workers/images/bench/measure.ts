/**
 * Prints what one picture costs in workerd: `npx node workers/images/bench/measure.ts FILE...`
 * Medians of several runs, each from the bucket to the bucket, in milliseconds; memory in MB of WASM.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const port = process.env.PORT ?? "8820";
const runs = 15;

const files = process.argv.slice(2);
if (files.length === 0) throw new Error("Name the pictures to measure with.");
const state = mkdtempSync(join(tmpdir(), "vitrine-bench-"));
const config = join(import.meta.dirname, "wrangler.toml");
const server = spawn(
  "wrangler",
  ["dev", "-c", config, "--port", port, "--persist-to", state, "--inspector-port", "0"],
  {
    detached: true, // a group of its own, so that workerd goes with it
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", CLOUDFLARE_CF_FETCH_ENABLED: "false" },
  },
);
try {
  await untilReady();
  for (const file of files) for (const path of ["/feed", "/prepare"]) await measure(path, file);
} finally {
  process.kill(-(server.pid ?? 0), "SIGTERM");
  await once(server, "exit");
}

async function untilReady(): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const isUp = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`wrangler dev does not answer on port ${port}.`);
}

async function measure(path: string, file: string): Promise<void> {
  const samples: Record<string, number>[] = [];
  for (let run = 0; run < runs + 3; run++) {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body: readFileSync(file) });
    if (!response.ok) throw new Error(`${basename(file)}: ${await response.text()}`);
    if (run >= 3) samples.push((await response.json()) as Record<string, number>);
  }
  const median = (name: string) => samples.map((sample) => sample[name] ?? 0).sort((a, b) => a - b)[runs >> 1] ?? 0;
  const times = ["total", "decode", "encode"].map((name) => `${name} ${median(name).toFixed(1)} ms`);
  const memory = ["peakBytes", "idleBytes"].map((name) => `${name} ${(median(name) / 1e6).toFixed(1)} MB`);
  console.log([basename(file), path, ...times, ...memory].join("  "));
}
