import { Problem, type RenditionPlan } from "@vitrine/contracts";
import { describe, expect, test } from "vitest";
import { planKey } from "../plan.ts";
import { parseOptions } from "./parse-options.ts";
import { type PlanContext, planOptions } from "./plan-options.ts";
import { optionNames, options } from "./table.ts";

const photo: PlanContext = { hints: {}, source: { format: "jpeg", hasAlpha: false } };
const drawing: PlanContext = { hints: {}, source: { format: "png", hasAlpha: true } };
const hash = "ab".repeat(32);
const planOf = (text: string, context = photo) => planOptions(parseOptions(text), context).plan;
const refusalOf = (text: string) => {
  try {
    planOf(text);
  } catch (error) {
    if (error instanceof Problem) return `${error.code}: ${error.message}`;
  }
  return "taken";
};

const auto = { x: 0.5, y: 0.5 };
const overlay = { width: 80, height: null, fit: "scale-down", gravity: auto, opacity: 0.5, repeat: "x" } as const;

/** One row for every option: what it makes of the plan. */
const rows: Record<string, [text: string, plan: Partial<RenditionPlan>, context?: PlanContext]> = {
  anim: ["anim=false,w=7", { width: 7 }],
  trim: ["trim=10;0.25;0;5", { trim: { top: 10, right: 0.25, bottom: 0, left: 5 } }],
  "trim.top": ["trim.top=10", { trim: { top: 10, right: 0, bottom: 0, left: 0 } }],
  "trim.right": ["trim.right=10,dpr=2", { trim: { top: 0, right: 20, bottom: 0, left: 0 } }],
  "trim.bottom": ["trim.bottom=0.5,dpr=2", { trim: { top: 0, right: 0, bottom: 0.5, left: 0 } }],
  "trim.left": ["trim=1;2;3;4,trim.left=9", { trim: { top: 1, right: 2, bottom: 3, left: 9 } }],
  "trim.width": ["trim.width=0.5", { trim: { top: 0, right: 0, bottom: 0, left: 0, width: 0.5 } }],
  "trim.height": ["trim.height=50", { trim: { top: 0, right: 0, bottom: 0, left: 0, height: 50 } }],
  "trim.border.color": ["trim.border.color=red", { trim: { colour: 0xff0000ff, tolerance: 10, keep: 0 } }],
  "trim.border.tolerance": ["trim=border,trim.border.tolerance=30", { trim: { colour: null, tolerance: 30, keep: 0 } }],
  "trim.border.keep": ["trim.border.keep=4,dpr=2", { trim: { colour: null, tolerance: 10, keep: 8 } }],
  flip: ["flip=vh,rotate=90", { flip: "hv", rotate: 90 }],
  rotate: ["rotate=270", { rotate: 270 }],
  width: ["w=300", { width: 300, height: null }],
  height: ["h=300", { width: null, height: 300 }],
  dpr: ["w=300,h=100,dpr=1.5", { width: 450, height: 150 }],
  fit: ["fit=aspect-crop,w=3,h=4", { fit: "aspect-crop" }],
  gravity: ["g=0.25x1,fit=cover,w=3,h=4", { gravity: { x: 0.25, y: 1 } }],
  zoom: ["zoom=0.5,w=10", { width: 10 }],
  wbreakpoints: ["w=auto,wbreakpoints=900;100;500", { width: 500 }, { ...photo, hints: { secChViewportWidth: "400" } }],
  wmobile: ["w=auto,wmobile=480", { width: 480 }, { ...photo, hints: { userAgent: "Mozilla/5.0 (iPhone) Mobile" } }],
  wdesktop: ["w=auto,wdesktop=1600", { width: 1600 }],
  background: ["background=rgb(255,128,0)", { background: 0xff8000ff }, drawing],
  blur: ["blur=2.5", { blur: 2.5 }],
  sharpen: ["sharpen=3", { sharpen: 3 }],
  brightness: ["brightness=0.5", { brightness: 0.5 }],
  contrast: ["contrast=1.5", { contrast: 1.5 }],
  gamma: ["gamma=.8", { gamma: 0.8 }],
  saturation: ["saturation=0", { saturation: 0 }],
  border: ["border=red;1;2;3;4,dpr=2", { border: { top: 2, right: 4, bottom: 6, left: 8, colour: 0xff0000ff } }],
  draw: [
    "draw=pin_a;width=80;opacity=0.5;repeat=x;top=4",
    { draw: [{ ...overlay, originalHash: hash, top: 4, right: null, bottom: null, left: null }] },
    { ...photo, overlayHashes: new Map([["pin_a", hash]]) },
  ],
  format: ["f=jpeg", { format: "jpeg", isProgressive: true }],
  quality: ["q=medium-low", { quality: 65 }],
  "slow-connection-quality": ["q=80,scq=30", { quality: 30 }, { ...photo, hints: { saveData: "on" } }],
  "max-bytes": ["max-bytes=20000", { maxBytes: 20_000 }],
  metadata: ["metadata=keep", { metadata: "keep" }],
  compression: ["f=webp,compression=fast", { compression: "fast" }],
};

describe("every option", () => {
  test.each(Object.entries(rows))("%s", (_, [text, plan, context]) => {
    expect(planOf(text, context)).toMatchObject(plan);
  });

  test("has its row, is refused for want of a model, or is about the answer", () => {
    const others = ["segment", "upscale", "onerror"];
    expect([...Object.keys(rows), ...others].sort()).toEqual([...optionNames].sort());
    expect(planOptions(parseOptions("onerror=redirect"), photo).redirectsOnError).toBe(true);
    expect(planOptions(parseOptions("onerror=redirect,f=json"), photo).description).toBe("json");
  });

  test("has an example that it takes, and words", () => {
    for (const name of optionNames) {
      const { describe: words, parse } = options[name];
      const example = words.example.replace("{pin}", "pin_a");
      expect("value" in parse(example), `${name}=${example}`).toBe(!["segment", "upscale"].includes(name));
      expect(words.meaning, name).toMatch(/\.$/);
    }
  });

  test("refuses what is no value of it in one sentence that names it and what is allowed", () => {
    for (const name of optionNames) {
      for (const bad of ["", "nonsense;;", "-1", "1.e1x", "%3C%00"]) {
        const refusal = refusalOf(`${name}=${bad}`);
        expect(refusal, `${name}=${bad}`).toMatch(
          /^invalid-request: The option \S+ (takes|needs) [^.]+(\.\d[^.]*)*\.$/,
        );
        expect(refusal).toContain(`option ${name} `);
      }
    }
  });
});

describe("refused", () => {
  test.each([
    ["", /Name at least one option/],
    ["wdth=3", /There is no option "wdth": use anim, .*width/],
    ["width", /no option "width"|There is no option/],
    ["width=1,w=2", /The option width is given twice/],
    ["constructor=1", /There is no option "constructor"/],
    ["width=12001", /takes a whole number of pixels from 1 to 12000, or auto/],
    ["width=0", /takes a whole number/],
    ["dpr=3", /from 1 to 2/],
    ["gravity=face", /model/],
    ["segment=foreground", /needs a model/],
    ["upscale=generate", /needs a model/],
    ["background=%23zz", /CSS colour/],
    ["width=%zz", /percent/],
    ["trim=border,trim.top=3", /not both/],
    ["draw=a;width=1+b+c+d+e", /at most 4/],
    ["draw=a;width=1;width=2", /once/],
    ["draw=a;opacity=2", /from 0 to 1 as opacity/],
    [`blur=${"1".repeat(3_000)}`, /at most 2000 characters/],
  ])("%s", (text, message) => {
    expect(refusalOf(text)).toMatch(/^invalid-request: /);
    expect(refusalOf(text)).toMatch(message);
  });

  test("an overlay that is not there", () => {
    expect(refusalOf("draw=pin_gone")).toBe("not-found: There is no picture pin_gone to draw.");
  });
});

describe("the plan is canonical", () => {
  test("options in either order make one key", () => {
    const parts = Object.values(rows).map(([text]) => text);
    for (const a of parts) {
      for (const b of parts) {
        const context = { ...drawing, overlayHashes: new Map([["pin_a", hash]]) };
        let one: string;
        try {
          one = planKey(planOf(`${a},${b}`, context));
        } catch (error) {
          expect(() => planOf(`${b},${a}`, context)).toThrow((error as Error).message);
          continue;
        }
        expect(planKey(planOf(`${b},${a}`, context))).toBe(one);
      }
    }
  });

  test.each([
    ["w=300", "width=300"],
    ["w=300,dpr=2", "width=600"],
    ["w=300,h=300,fit=cover,g=left", "w=300,h=300,fit=cover,g=0x0.5"],
    ["w=300,h=300,fit=cover,g=center", "w=300,h=300,fit=cover"],
    ["w=300,h=300,g=left", "w=300,h=300"],
    ["w=300,fit=cover", "w=300,fit=contain"],
    ["w=300,fit=crop", "w=300"],
    ["w=300,blur=0,gamma=1,rotate=360,border=red;0,trim=0;0;0;0", "w=300"],
    ["w=300,q=high", "w=300,q=90"],
    ["flip=hv", "rotate=180"],
    ["flip=hv,rotate=180,w=5", "w=5"],
    ["w=300,background=red", "w=300"],
    ["w=300,metadata=copyright", "w=300"],
    ["w=300,metadata=copyright,anim=false", "w=300"],
    ["w=300,f=png,q=auto", "w=300,f=png"],
    ["w=300,background=%23ff8800", "w=300,background=%23f80"],
  ])("%s is %s", (one, other) => {
    expect(planKey(planOf(one))).toBe(planKey(planOf(other)));
  });

  test("plans that differ have different keys, which need no escape", () => {
    const keys = Object.values(rows).map(([text, , context]) => planKey(planOf(text, context)));
    const same = ["zoom", "trim.border.color"];
    expect(new Set(keys).size).toBeGreaterThanOrEqual(keys.length - same.length);
    for (const key of keys) expect(key).toMatch(/^[\w.~-]{1,900}$/);
  });
});

describe("format and quality", () => {
  const formatOf = (text: string, context: PlanContext) => planOf(text, context).format;
  const accepts = (accept: string, context = photo): PlanContext => ({ ...context, hints: { accept } });

  test("auto is negotiated and says so, and without a format it is like the source", () => {
    expect(formatOf("f=auto", accepts("image/avif,image/webp"))).toBe("webp");
    expect(formatOf("f=auto", accepts("image/avif"))).toBe("avif");
    expect(formatOf("f=auto", accepts("*/*"))).toBe("jpeg");
    expect(formatOf("f=auto", accepts("*/*", drawing))).toBe("png");
    expect(planOptions(parseOptions("f=auto"), accepts("image/webp")).vary).toEqual(["Accept"]);
    expect(planOptions(parseOptions("w=3"), accepts("image/webp")).vary).toEqual([]);
    expect(formatOf("w=3", photo)).toBe("jpeg");
    const gif = { format: "gif", hasAlpha: true, isAnimated: true } as const;
    expect(formatOf("w=3", { hints: {}, source: gif })).toBe("png");
    expect(formatOf("w=3", { hints: { accept: "image/avif" }, source: gif })).toBe("png");
    expect(formatOf("w=3", { hints: { accept: "image/avif,image/webp" }, source: gif })).toBe("webp");
    expect(planOptions(parseOptions("w=3"), { hints: {}, source: gif }).vary).toEqual(["Accept"]);
  });

  test("one scale for all formats, with lossless WebP and palettes where they are asked for", () => {
    expect(planOf("q=85,f=avif").quality).toBe(68);
    expect(planOf("q=100,f=webp")).toMatchObject({ quality: 100, isLossless: true });
    expect(planOf("q=auto,f=jpeg")).toMatchObject({ quality: 85, seeksQuality: true });
    expect(planOf("q=auto,f=png")).not.toHaveProperty("seeksQuality");
    expect(planOf("q=100,f=jpeg")).not.toHaveProperty("isLossless");
  });

  test("drawings are looked for where nothing was said, in files that drawings come in", () => {
    expect(planOf("f=webp", drawing)).toMatchObject({ adaptsToDrawings: true, quality: 85 });
    expect(planOf("f=webp,q=85", drawing)).not.toHaveProperty("adaptsToDrawings");
    expect(planOf("f=webp", photo)).not.toHaveProperty("adaptsToDrawings");
  });

  test.each([
    [{ ect: "3g" }, 30],
    [{ ect: "4g" }, 80],
    [{ rtt: "151" }, 30],
    [{ rtt: "150" }, 80],
    [{ downlink: "4.9" }, 30],
    [{ downlink: "5" }, 80],
    [{ saveData: "on" }, 30],
    [{ rtt: "nonsense" }, 80],
  ])("slow-connection-quality with %o", (hints, quality) => {
    expect(planOf("q=80,scq=30", { ...photo, hints }).quality).toBe(quality);
    expect(planOptions(parseOptions("scq=30"), { ...photo, hints }).vary).toContain("Save-Data");
  });
});

test.each([
  [{}, 1200],
  [{ userAgent: "Mozilla/5.0 (Linux; Android 15) Mobile" }, 768],
  [{ secChViewportWidth: "390", secChDpr: "2" }, 960],
  [{ secChViewportWidth: "300", secChDpr: "1" }, 320],
  [{ secChViewportWidth: "9000", secChDpr: "2" }, 1200],
  [{ secChViewportWidth: "x" }, 1200],
])("width=auto with %o is %i", (hints, width) => {
  expect(planOf("width=auto", { ...photo, hints }).width).toBe(width);
});
