/** A folder as boards of pictures: sub-folders are boards, files beside them go to one named after the folder. */
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, extname, join, relative, resolve } from "node:path";
import { limits } from "@vitrine/contracts";
import { Refusal } from "../refusal.ts";

/** What the API decodes; what a file really is, its bytes say there. */
const contentTypes: Record<string, string> = {
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".png": "image/png",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".gif": "image/gif",
};

export interface PictureFile {
  path: string;
  /** From the scanned folder, with `/`: the same on every machine. */
  relativePath: string;
  contentType: string;
  title: string;
}

export interface FolderBoard {
  name: string;
  category: string;
  files: PictureFile[];
}

export interface Scan {
  boards: FolderBoard[];
  /** What could not be opened, each with its sentence. */
  unreadable: { path: string; reason: string }[];
}

/** Throws a Refusal when the folder is missing or holds no picture. Boards and files come sorted by name. */
export async function scanFolder(folder: string): Promise<Scan> {
  const root = resolve(folder);
  const found = await stat(root).catch(() => undefined);
  if (!found) throw new Refusal(`There is no folder ${folder}: check --photos.`);
  if (!found.isDirectory()) throw new Refusal(`${folder} is a file: --photos takes a folder of pictures.`);
  const scan: Scan = { boards: [], unreadable: [] };
  const entries = await entriesOf(root, scan);
  if (scan.unreadable.length > 0) throw new Refusal(`The folder ${folder} cannot be opened: check its permissions.`);
  const loose = filesAmong(entries, root);
  addBoard(scan, basename(root), loose, root);
  for (const entry of entries.filter((each) => each.isDirectory())) {
    addBoard(scan, entry.name, await filesBelow(join(root, entry.name), scan), root);
  }
  if (scan.boards.length > 0) return scan;
  throw new Refusal(`There are no pictures in ${folder}: it needs ${Object.keys(contentTypes).join(", ")} files.`);
}

async function filesBelow(folder: string, scan: Scan): Promise<string[]> {
  const entries = await entriesOf(folder, scan);
  const files = filesAmong(entries, folder);
  for (const entry of entries.filter((each) => each.isDirectory())) {
    files.push(...(await filesBelow(join(folder, entry.name), scan)));
  }
  return files;
}

async function entriesOf(folder: string, scan: Scan): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.name.startsWith(".")).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    scan.unreadable.push({ path: folder, reason: "The folder cannot be opened; check its permissions." });
    return [];
  }
}

/** Links are taken as files: what they point at shows when it is read. */
function filesAmong(entries: Dirent[], folder: string): string[] {
  const files = entries.filter((entry) => !entry.isDirectory() && extname(entry.name).toLowerCase() in contentTypes);
  return files.map((entry) => join(folder, entry.name));
}

function addBoard(scan: Scan, name: string, paths: string[], root: string): void {
  if (paths.length === 0) return;
  const label = name.trim() || "Pictures";
  const files = paths.map((path, index) => ({
    path,
    relativePath: relative(root, path).replaceAll("\\", "/"),
    contentType: contentTypes[extname(path).toLowerCase()] ?? "application/octet-stream",
    title: titleOf(basename(path, extname(path)), `${capitalised(label)} ${index + 1}`),
  }));
  const category = label.toLowerCase().slice(0, limits.maxCategoryCharacters).trim();
  scan.boards.push({ name: label.slice(0, limits.maxNameCharacters), category, files });
}

/** The file's name as words, unless a camera or a program made it up. */
export function titleOf(fileName: string, fallback: string): string {
  const words = fileName.replaceAll(/[_\-.\s]+/g, " ").trim();
  const isMadeUp = /^[0-9a-f ]{16,}$|^(img|dsc|dscn|pxl|image|photo|p|mvimg)? ?[\d ]+$/i.test(words);
  return isMadeUp || words === "" ? fallback : capitalised(words).slice(0, limits.maxTitleCharacters);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
