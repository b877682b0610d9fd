/** A folder of pictures as boards and pins of one user. */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { Board, UserId } from "@vitrine/contracts";
import { limits } from "@vitrine/contracts";
import type { Accounts } from "./accounts.ts";
import { type ImportReport, importPictures, type Picture } from "./import.ts";
import type { Manifest } from "./manifest.ts";
import type { PictureFile, Scan } from "./scan.ts";

export interface PhotosOptions {
  scan: Scan;
  userId: UserId;
  accounts: Pick<Accounts, "service" | "clientOf" | "ensureBoards">;
  manifest: Manifest;
  signal: AbortSignal;
}

export interface ImportedBoard {
  board: Board;
  /** In the order of the files' names. */
  pinIds: string[];
}

export async function importPhotos(options: PhotosOptions): Promise<{ report: ImportReport; boards: ImportedBoard[] }> {
  const { scan, userId, accounts, manifest, signal } = options;
  const owner = accounts.clientOf(userId);
  const boards = await accounts.ensureBoards(
    userId,
    scan.boards.map(({ name }) => name),
  );
  const byBoard = await Promise.all(
    scan.boards.map(async ({ files, category }, index) => {
      const boardId = boards[index]?.id ?? "";
      return Promise.all(files.map((file) => pictureOf(file, { boardId, category, owner })));
    }),
  );
  const report = await importPictures({ pictures: byBoard.flat(), manifest, service: accounts.service, signal });
  report.failures.unshift(...scan.unreadable.map(({ path, reason }) => ({ label: path, reason })));
  const imported = boards.map((board, index) => ({
    board,
    pinIds: (byBoard[index] ?? []).flatMap(({ fingerprint }) => report.pinIds.get(fingerprint) ?? []),
  }));
  return { report, boards: imported };
}

async function pictureOf(
  { path, relativePath, contentType, title }: PictureFile,
  place: Pick<Picture, "boardId" | "category" | "owner">,
): Promise<Picture> {
  const found = await stat(path).catch(() => undefined);
  return {
    ...place,
    label: relativePath,
    fingerprint: `${relativePath} ${found?.size ?? 0} ${found?.mtimeMs ?? 0}`,
    title,
    async load() {
      // A file that is too large is refused here as the API would, without reading it into memory.
      if (found && found.size > limits.maxUploadBytes) {
        throw new Error(
          `it has ${(found.size / 2 ** 20).toFixed(0)} MB, and ${limits.maxUploadBytes / 2 ** 20} are allowed`,
        );
      }
      const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
        throw new Error(readingFailures[error.code ?? ""] ?? error.message);
      });
      const idempotencyKey = createHash("sha256").update(relativePath).update("\0").update(bytes).digest("hex");
      return { bytes: new Blob([bytes], { type: contentType }), idempotencyKey };
    },
  };
}

const readingFailures: Record<string, string> = {
  EACCES: "you may not read it",
  ENOENT: "there is no file where it points",
  EISDIR: "it is a folder",
};
