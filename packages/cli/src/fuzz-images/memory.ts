/** Whether memory grows over a run: all of workerd's, and apart from it what lives in the Workers that we deploy. */
import { type Isolates, openIsolates } from "../measures/isolates.ts";
import { workerdBytes, workerdReservedBytes } from "../measures/workerd-memory.ts";

/** What the files go through. `jobs` sleeps during a run, and `vectorize` stands in for a service that keeps vectors. */
const ownWorkers = ["vitrine-edge", "vitrine-images", "vitrine-ingest"];

export interface MemoryPoint {
  /** Sent so far. */
  files: number;
  /** Bytes resident in workerd: all Workers, the simulators of the platform, garbage. Null where nobody can tell. */
  resident: number | null;
  /** Bytes of address space, of which each WASM memory takes its share whatever is in it. Null as well. */
  reserved: number | null;
  /** Bytes that live in our own Workers after a collection, buffers among them. Null as well. */
  own: number | null;
}

type Measure = "resident" | "reserved" | "own";

export interface Memory {
  start: number | null;
  /** Of what is resident, looked at each second. */
  peak: number | null;
  /** After each tenth of the files; fewer of a short run. */
  tenths: MemoryPoint[];
}

/** Tenths of a run in which caches fill and each codec starts for the first time. */
const warmUpTenths = 3;
/** Points of which a median is taken: pictures in work at that moment weigh some MiB. */
const pointsPerMedian = 3;
/** Bytes per 1,000 files that our Workers may hold more after the warm-up. Their bounded maps fill by less than 1 MiB. */
export const maxOwnGrowth = 4 * 2 ** 20;
/** The same for address space: 1,400 files left it at 78 GiB, and memories lost with each rendition took 16 in 120. */
export const maxReservedGrowth = 8 * 2 ** 30;
const shortestJudged = 1_000;

/** Bytes per 1,000 files after the warm-up; null of fewer than 1,000 files, and where nobody can tell. */
export function growth(tenths: readonly MemoryPoint[], of: Measure): number | null {
  const points = tenths.slice(warmUpTenths - 1);
  const early = medianPoint(points.slice(0, pointsPerMedian), of);
  const late = medianPoint(points.slice(-pointsPerMedian), of);
  if (!early || !late || (tenths.at(-1)?.files ?? 0) < shortestJudged || late.files <= early.files) return null;
  return ((late.bytes - early.bytes) / (late.files - early.files)) * 1_000;
}

/** Whether what is ours grows by more than it may: the heaps of our Workers, and the number of WASM memories. */
export function isGrowing({ tenths }: Memory): boolean {
  return (growth(tenths, "own") ?? 0) > maxOwnGrowth || (growth(tenths, "reserved") ?? 0) > maxReservedGrowth;
}

function medianPoint(points: readonly MemoryPoint[], of: Measure): { files: number; bytes: number } | null {
  const known = points.flatMap(({ files, [of]: bytes }) => (bytes === null ? [] : [{ files, bytes }]));
  const files = known.reduce((sum, point) => sum + point.files, 0) / known.length;
  const middle = known.toSorted((a, b) => a.bytes - b.bytes)[Math.floor(known.length / 2)];
  return middle && known.length === pointsPerMedian ? { files, bytes: middle.bytes } : null;
}

export function memoryLines({ start, peak, tenths }: Memory): string[] {
  const rows = tenths.map(
    ({ files, resident, reserved, own }) =>
      `  after ${files} files: ${mebibytes(resident)}, ${mebibytes(own)} of it in the heaps of our Workers, ` +
      `${mebibytes(reserved)} of address space`,
  );
  const perThousand = (of: Measure) => mebibytes(growth(tenths, of));
  return [
    `Memory of workerd: ${mebibytes(start)} at the start, ${mebibytes(peak)} at most.`,
    ...rows,
    `Growth per 1,000 files after the warm-up: ${perThousand("own")} in our Workers (at most ` +
      `${mebibytes(maxOwnGrowth)}), ${perThousand("reserved")} of address space (at most ${mebibytes(maxReservedGrowth)}), ` +
      `${perThousand("resident")} resident, with the simulators and garbage.`,
  ];
}

function mebibytes(bytes: number | null): string {
  return bytes === null ? "unknown" : `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

const memoryEveryMillis = 1_000;

export function noMemory(): Memory {
  return { start: null, peak: null, tenths: [] };
}

/** Fills `memory` in until it is stopped. */
export async function watchMemory(memory: Memory) {
  const isolates = await openIsolates(ownWorkers);
  const look = () => {
    const bytes = workerdBytes();
    if (bytes !== null) memory.peak = Math.max(memory.peak ?? 0, bytes);
    return bytes;
  };
  memory.start = look();
  const timer = setInterval(look, memoryEveryMillis);
  return {
    /** Collects the garbage of our Workers after it has seen how much is resident with it. */
    async note(files: number) {
      const resident = look();
      memory.tenths.push({
        files,
        resident,
        reserved: workerdReservedBytes(),
        own: isolates && (await ownBytes(isolates)),
      });
    },
    stop: () => clearInterval(timer),
  };
}

async function ownBytes(isolates: Isolates): Promise<number | null> {
  const each = await isolates.liveBytes();
  return each.reduce((sum, bytes) => (sum === null || bytes === null ? null : sum + bytes), 0);
}
