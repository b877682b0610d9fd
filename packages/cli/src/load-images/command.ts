/** `vitrine load-images`: renditions at rising rates, unmade and made, beside a route that costs nothing. */
import { columns } from "../measures/columns.ts";
import { withOwnStack } from "../measures/own-stack.ts";
import { openTarget, serviceToken, type Target } from "../measures/target.ts";
import { drive, type LoadFigures } from "./open-loop.ts";
import { pinsFor, uniquePaths, uploadPictures } from "./pictures.ts";

export interface LoadImagesOptions {
  rates: number[];
  seconds: number;
  json: boolean;
}

interface Measured extends LoadFigures {
  what: "unique" | "cached" | "trivial";
}

/** A small static file: what HTTP, wrangler's proxy and workerd cost by themselves. */
const trivialPath = "/favicon.svg";
/** As long as a browser's visitor would wait at the very most. */
const timeoutMillis = 30_000;

export async function loadImages({ rates, seconds, json }: LoadImagesOptions): Promise<number> {
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const measured = await withOwnStack(say, async (stack) => {
    const target = await openTarget({ url: stack.url, token: await serviceToken(stack.secrets.JWT_SECRET) });
    const requests = rates.reduce((sum, rate) => sum + Math.max(1, Math.round(rate * seconds)), 0);
    say(`Drawing and uploading ${pinsFor(requests)} pictures`);
    const pins = await uploadPictures(target, pinsFor(requests));
    return climb(target, uniquePaths(pins), { rates, seconds, say });
  });
  if (json) console.log(JSON.stringify(measured, null, 2));
  else for (const line of loadLines(measured)) console.log(line);
  return 0;
}

interface Climb {
  rates: number[];
  seconds: number;
  say: (text: string) => void;
}

/** Each rate three times: the trivial route, renditions that are not made yet, and those same again. */
async function climb(target: Target, unmade: Iterator<string>, { rates, seconds, say }: Climb): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const rate of rates) {
    const paths = Array.from({ length: Math.max(1, Math.round(rate * seconds)) }, () => String(unmade.next().value));
    const turns = {
      trivial: () => trivialPath,
      unique: (n: number) => paths[n] ?? "",
      cached: (n: number) => paths[n] ?? "",
    };
    for (const what of ["trivial", "unique", "cached"] as const) {
      say(`${rate} a second for ${seconds} s: ${what}`);
      measured.push({ what, ...(await drive({ rate, seconds, ask: (n) => statusOf(target.url + turns[what](n)) })) });
    }
  }
  return measured;
}

async function statusOf(url: string): Promise<number> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMillis) });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}

export function loadLines(measured: readonly Measured[]): string[] {
  const head = ["renditions", "wished/s", "achieved/s", "p50 ms", "p99 ms", "errors"];
  const rows = measured.map(({ what, rate, achievedRate, p50, p99, errors }) => [
    what === "trivial" ? trivialPath : what,
    String(rate),
    achievedRate.toFixed(1),
    p50.toFixed(1),
    p99.toFixed(1),
    Object.entries(errors)
      .map(([status, number]) => `${number} × ${status}`)
      .join(", ") || "0",
  ]);
  return columns([head, ...rows]);
}
