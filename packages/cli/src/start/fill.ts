/** Puts into a new stack what there is to look at: the user's folder, or the drawings, once. */
import { join } from "node:path";
import { importDrawings } from "../demo/catalogue.ts";
import { isThere, makePeople } from "../demo/people.ts";
import { picturesPerStyle, styles } from "../demo/pictures.ts";
import { fansOf, type Person } from "../demo/tastes.ts";
import type { Accounts } from "../import/accounts.ts";
import type { ImportReport } from "../import/import.ts";
import { type Manifest, openManifest } from "../import/manifest.ts";
import { importPhotos } from "../import/photos.ts";
import { reportLines } from "../import/report.ts";
import type { Scan } from "../import/scan.ts";

/** Owner of the boards that a folder of the user's becomes. */
const curator = { handle: "curator", name: "Curator" };

const savesOfFan = [20, 30] as const;
const savesOfDemoPerson = [34, 50] as const;

export interface Folder {
  /** Absolute. */
  path: string;
  scan: Scan;
}

export interface FillOptions {
  accounts: Accounts;
  stateDir: string;
  signal: AbortSignal;
}

export interface Filled {
  /** Whether anything came in by this start. */
  isNew: boolean;
  /** Somebody with a taste, for the commands that are shown. */
  handle?: string | undefined;
  pinId?: string | undefined;
}

/** The drawn demo and its sixty people. */
export async function fillWithDrawings(options: FillOptions): Promise<Filled> {
  const { accounts, signal } = options;
  const manifest = manifestOf(options, "drawings");
  if (await hasPeople(accounts, manifest)) return { isNew: false, ...whoWasTold(manifest) };
  console.log(`Drawing the demo: ${styles.length * picturesPerStyle} pictures in ${styles.length} styles …`);
  const { report, people, pinIds } = await importDrawings({ accounts, manifest, signal });
  tell(report);
  console.log("Letting 60 people save what they like …");
  const saves = await makePeople({ accounts, people, pinIds, savesEach: savesOfDemoPerson, signal });
  console.log(`  ${saves.toLocaleString("en")} saves.`);
  notePeople(manifest, people, firstOf(pinIds));
  return { isNew: true, ...whoWasTold(manifest) };
}

/** A folder of the user's, and a few people who like its boards. */
export async function fillWithPhotos({ path, scan }: Folder, options: FillOptions): Promise<Filled> {
  const { accounts, signal } = options;
  const count = scan.boards.reduce((sum, { files }) => sum + files.length, 0);
  console.log(`${path}: ${count.toLocaleString("en")} pictures in ${scan.boards.length} boards …`);
  const manifest = manifestOf(options, path);
  const user = await accounts.ensureUser(curator.handle, curator.name);
  const { report, boards } = await importPhotos({ scan, userId: user.id, accounts, manifest, signal });
  tell(report);
  const isNew = report.imported > 0;
  if (await hasPeople(accounts, manifest)) return { isNew, ...whoWasTold(manifest) };
  const pinIds = new Map(scan.boards.map(({ category }, index) => [category, boards[index]?.pinIds ?? []]));
  const people = fansOf([...pinIds.keys()]);
  await makePeople({ accounts, people, pinIds, savesEach: savesOfFan, signal });
  notePeople(manifest, people, firstOf(pinIds));
  return { isNew: true, ...whoWasTold(manifest) };
}

/** Independent of the port: the manifest belongs to the data of this stack. */
function manifestOf({ stateDir }: FillOptions, source: string): Manifest {
  return openManifest(join(stateDir, "imports"), [source]);
}

/** The line of the manifest that says: these people have saved. */
const peopleLine = "people";

function notePeople(manifest: Manifest, people: readonly Person[], pinId: string | undefined): void {
  manifest.add({ fingerprint: peopleLine, handle: people[0]?.handle, pinId });
}

function whoWasTold(manifest: Manifest): Pick<Filled, "handle" | "pinId"> {
  const { handle, pinId } = manifest.find(peopleLine) ?? {};
  return { handle, pinId };
}

/** The note alone does not count: its databases may have been thrown away. */
async function hasPeople(accounts: Accounts, manifest: Manifest): Promise<boolean> {
  const handle = manifest.find(peopleLine)?.handle;
  return handle !== undefined && (await isThere(accounts, handle));
}

function firstOf(pinIds: ReadonlyMap<string, readonly string[]>): string | undefined {
  return [...pinIds.values()].flat()[0];
}

function tell(report: ImportReport): void {
  for (const line of reportLines(report)) console.log(line);
}
