/** The reference of the option language, made of the options' own words. */
import { type Stage, stages } from "./option.ts";
import { type OptionName, optionNames, options } from "./table.ts";

/** Pictures of the reference: what stands behind the source, by the name of its file. */
export const pictures = {
  fit: {
    "scale-down": "w=120,h=120",
    contain: "w=120,h=120,fit=contain",
    cover: "w=120,h=120,fit=cover",
    crop: "w=120,h=120,fit=crop",
    "aspect-crop": "w=300,h=600,fit=aspect-crop",
    pad: "w=120,h=120,fit=pad,background=gold",
    squeeze: "w=120,h=120,fit=squeeze",
    "scale-up": "w=120,h=120,fit=scale-up",
  },
  gravity: {
    "gravity-left": "w=100,h=160,fit=cover,gravity=left",
    "gravity-right": "w=100,h=160,fit=cover,gravity=right",
    "gravity-point": "w=100,h=160,fit=cover,gravity=0.7x0.5",
    "gravity-auto": "w=100,h=160,fit=cover,gravity=auto",
    "gravity-entropy": "w=100,h=160,fit=cover,gravity=entropy",
  },
  effects: {
    trim: "trim=0.4;0;0;0.5,w=120",
    rotate: "rotate=90,h=120",
    flip: "flip=h,w=120",
    blur: "blur=4,w=120",
    sharpen: "sharpen=6,w=120",
    brightness: "brightness=1.4,w=120",
    contrast: "contrast=1.8,w=120",
    gamma: "gamma=0.5,w=120",
    saturation: "saturation=0,w=120",
    border: "border=navy;6,w=120",
  },
} as const satisfies Record<string, Record<string, string>>;

const stageWords: Record<Stage, string> = {
  source: "The source",
  trim: "1. Trim",
  flip: "2. Flip",
  rotate: "3. Rotate",
  resize: "4. Resize and fit",
  background: "5. Background",
  effects: "6. Effects",
  border: "7. Border",
  draw: "8. Draw",
  encode: "9. Encode",
  answer: "The answer",
};

/** docs/images.md, whole. */
export function referencePage(): string {
  return `${[introduction, ...stages.map(stageSection), fitSection(), pictureSections(), answers].join("\n\n")}\n`;
}

const introduction = `# Picture URLs
<!-- Made by \`npm run docs:images\` from packages/image/src/options/. -->
\`/image/{options}/{source}\` answers a picture as the options say: \`/image/width=300,height=300,fit=cover/{pin}\`. The
options are \`name=value\` with commas between them, percent-encoded where a URL needs it. Their order never changes the
result. The source is a pin, \`/i/{pin}/original\`, or the URL of a picture on a host that is listed in
\`REMOTE_SOURCES\`. \`/cdn-cgi/image/…\` is the same, where it arrives. Whatever the order in the URL, the work goes
from 1 to 9.`;

function stageSection(stage: Stage): string {
  const rows = optionNames.filter((name) => options[name].stage === stage).map(row);
  const head = "| option | values | default | meaning | example |\n|---|---|---|---|---|";
  return `## ${stageWords[stage]}\n${head}\n${rows.join("\n")}`;
}

function row(name: OptionName): string {
  const { aliases, describe } = options[name];
  const names = [name, ...aliases].map((each) => `\`${each}\``).join(" ");
  const cells = [names, describe.values, describe.default, describe.meaning, `\`${name}=${describe.example}\``];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** Sizes by hand are goldens in geometry-fits.test.ts. */
function fitSection(): string {
  return `## The eight fits
| fit | keeps the ratio | enlarges | cuts | 1080×720 in 500×500 |
|---|---|---|---|---|
| \`scale-down\` | yes | no | no | 500×333 |
| \`contain\` | yes | yes | no | 500×333 |
| \`cover\` | yes | yes | yes | 500×500 |
| \`crop\` | yes | no | if larger | 500×500 |
| \`aspect-crop\` | of the box, always | no | yes | 500×500 |
| \`pad\` | yes | yes | no, fills | 500×500 |
| \`squeeze\` | no | yes | no | 500×500, distorted |
| \`scale-up\` | yes | only | no | 1080×720 |

With one side given, the other follows from the picture's ratio and nothing is cut, filled or distorted.

## Sizes
A side of a rendition may have 12,000 pixels, and all of it as many as fit into the memory of a Worker. Of a photo at
quality 85 these are 19 megapixels as JPEG, 17 as WebP, 6 as PNG and 2 as AVIF; fewer with effects, with a colour
profile, with \`quality=auto\` and without loss. What would be larger is refused with 413 and the size that fits, and
never made smaller unasked; with \`format=auto\` it comes in a format that fits, where there is one.`;
}

function pictureSections(): string {
  const tables = Object.values(pictures).map((group) => {
    const lines = Object.entries(group).map(([name, text]) => `| \`${text}\` | ![${name}](images/${name}.webp) |`);
    return `| options | rendition |\n|---|---|\n${lines.join("\n")}`;
  });
  return `## Pictures\nOf a drawn source of 240×160 pixels, by the real pipeline.\n\n${tables.join("\n\n")}`;
}

const answers = `## Answers
Who may see the pin may see its renditions; a signature covers the path, and with it the options. ETag, Vary,
Cache-Control, Cache-Tag and Server-Timing are those of presets. In the mode \`signed\` only signed URLs are answered.
Bad options are 400 with one sentence that names the option and what it takes. The options of a drawn picture (\`draw\`)
need its pin to be seen too, and the answer is as secret as the most secret picture in it.

Drawings that come as PNG, GIF or WebP are told from photographs where neither \`quality\` nor \`max-bytes\` is given:
their WebP is lossless, and their JPEG keeps colours as fine as brightness.`;
