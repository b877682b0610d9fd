/** docs/images.md and its pictures are what the options and the pipeline make; `npm run docs:images` writes them. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { lookAndDecide, makePicture, planPicture } from "../pipeline.ts";
import { probePicture } from "../probe/probe.ts";
import { drawScene } from "../testing/draw-scene.ts";
import { testFiles } from "../testing/files.ts";
import { installedCodecs } from "../testing/installed-codecs.ts";
import { parseOptions } from "./parse-options.ts";
import { planOptions } from "./plan-options.ts";
import { pictures, referencePage } from "./reference.ts";

const docs = new URL("../../../../docs/", import.meta.url);
const isWriting = process.env.MODE === "docs";

test("the page", () => {
  const page = new URL("images.md", docs);
  if (isWriting) writeFileSync(page, referencePage());
  expect(readFileSync(page, "utf8")).toBe(referencePage());
});

test("its pictures", async () => {
  const { codecs } = installedCodecs();
  const source = testFiles(codecs).encode(drawScene({ width: 240, height: 160 }), "png", 100);
  const probe = probePicture(source);
  mkdirSync(new URL("images/", docs), { recursive: true });
  for (const [name, text] of Object.values(pictures).flatMap((group) => Object.entries(group))) {
    const { plan } = planOptions(parseOptions(`${text},f=webp,q=80`), { hints: {}, source: probe });
    const decided = await lookAndDecide(source, { probe, plans: [plan] }, { codecs, now: () => 0 });
    const made = await makePicture(source, planPicture(probe, decided), { codecs, now: () => 0 });
    const [bytes = new Uint8Array()] = made.renditions;
    const path = new URL(`images/${name}.webp`, docs);
    if (isWriting) writeFileSync(path, bytes);
    expect(Buffer.compare(readFileSync(path), bytes), name).toBe(0);
  }
});
