/** `vitrine fuzz-images`: no file, whole or broken, may bring a 5xx, a hang, a wrong size, or leave memory behind. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Presets, SingleBar } from "cli-progress";
import { followPins } from "../import/pending.ts";
import { eachOf } from "../import/pool.ts";
import { withOwnStack } from "../measures/own-stack.ts";
import { openTarget, serviceToken, type Target } from "../measures/target.ts";
import { secretsFile, vitrineFolder } from "../project.ts";
import { readSecrets } from "../secrets.ts";
import { findFiles, fuzzFiles } from "./files.ts";
import { count, type Fault, type Findings, findingLines, noFindings } from "./findings.ts";
import { isGrowing, watchMemory } from "./memory.ts";
import { type FuzzFile, sendFile } from "./send.ts";

export interface FuzzImagesOptions {
  mutants: number;
  seed: string;
  url?: string;
  token?: string;
  concurrency: number;
  json: boolean;
}

/** Renditions and preparation share one isolate; more in waiting would only look like hangs. */
const maxPending = 24;
/** A note waits until each Worker has its next request, which the files beside it bring. */
const minFilesBetweenNotes = 30;
/** How ingest says that it gave up without the picture being at fault. */
const serverFailure = "can be tried again";
const offendersFolder = join(vitrineFolder, "fuzz-images");

/** Exit code 1 when there is any fault, and when the memory of our Workers grows. */
export async function fuzzImages(folders: string[], options: FuzzImagesOptions): Promise<number> {
  const { url, token, json } = options;
  const found = findFiles(folders);
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const run = async (access: { url: string; token: string }) => {
    const files = fuzzFiles(found, options);
    return fuzz(await openTarget(access), files, { ...options, total: found.length + options.mutants });
  };
  const findings =
    url === undefined
      ? await withOwnStack(say, async (stack) =>
          run({ url: stack.url, token: await serviceToken(stack.secrets.JWT_SECRET) }),
        )
      : await run({ url, token: token ?? (await serviceToken(readSecrets(secretsFile).JWT_SECRET)) });
  if (json) console.log(JSON.stringify(findings, null, 2));
  else for (const line of findingLines(findings)) console.log(line);
  if (findings.faults.length > 0) say(`The files with faults are in ${offendersFolder}.`);
  return findings.faults.length > 0 || isGrowing(findings.memory) ? 1 : 0;
}

async function fuzz(
  target: Target,
  files: Iterable<FuzzFile>,
  { total, concurrency }: { total: number; concurrency: number },
): Promise<Findings> {
  const findings = noFindings();
  const startedAt = performance.now();
  const offenders = openOffenders(findings);
  const memory = await watchMemory(findings.memory);
  const bar = startBar(total);
  const pending = followPins({
    service: target.service,
    signal: new AbortController().signal,
    onSettled({ pinId, label, failure }) {
      if (failure?.includes(serverFailure)) {
        offenders.add({ kind: "not prepared", name: label, request: "prepare", detail: failure }, offenders.of(pinId));
      } else if (failure !== null) count(findings.failures, failure);
      offenders.forget(pinId);
    },
  });
  await eachOf(files, concurrency, async (file) => {
    await pending.belowCount(maxPending);
    const { pinId, answers } = await sendFile(target, file);
    for (const { request, refusal, fault } of answers) {
      if (fault) offenders.add({ name: file.name, request, ...fault }, file.bytes);
      else if (refusal) count(findings.refusals, `${refusal} (${request === "upload" ? "upload" : "rendition"})`);
    }
    if (answers.every(({ refusal, fault }) => !refusal && !fault)) findings.served++;
    if (pinId !== null) {
      offenders.remember(pinId, file);
      pending.add(pinId, file.name);
    }
    findings.files++;
    bar.update(findings.files);
    if (findings.files % Math.max(minFilesBetweenNotes, Math.floor(total / 10)) === 0)
      await memory.note(findings.files);
  });
  const left = await pending.finish();
  if (left > 0) {
    offenders.add({
      kind: "not prepared",
      name: `${left} pins`,
      request: "prepare",
      detail: "neither ready nor failed",
    });
  }
  bar.stop();
  memory.stop();
  findings.seconds = (performance.now() - startedAt) / 1000;
  return findings;
}

/** Keeps the bytes of what has a fault, now or when it is prepared later. */
function openOffenders(findings: Findings) {
  rmSync(offendersFolder, { recursive: true, force: true });
  const waiting = new Map<string, FuzzFile>();
  return {
    add(fault: Fault, bytes?: Uint8Array) {
      findings.faults.push(fault);
      if (!bytes) return;
      mkdirSync(offendersFolder, { recursive: true });
      writeFileSync(join(offendersFolder, fault.name.replaceAll(/[^\w.#-]/g, "_")), bytes);
    },
    of: (pinId: string) => waiting.get(pinId)?.bytes,
    remember: (pinId: string, file: FuzzFile) => void waiting.set(pinId, file),
    forget: (pinId: string) => void waiting.delete(pinId),
  };
}

/** On standard error: standard output is for the findings. */
function startBar(total: number): SingleBar {
  const format = "  {bar} {value}/{total} files · {eta_formatted} left";
  const bar = new SingleBar({ format, hideCursor: true, noTTYOutput: false }, Presets.shades_classic);
  bar.start(total, 0);
  return bar;
}
