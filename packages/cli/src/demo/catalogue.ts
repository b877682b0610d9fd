/** The drawn demo as pins: thirty-two artists with a board each, in eight styles. */
import { createHash } from "node:crypto";
import type { Accounts } from "../import/accounts.ts";
import { type ImportReport, importPictures, type Picture } from "../import/import.ts";
import type { Manifest } from "../import/manifest.ts";
import { eachOf } from "../import/pool.ts";
import { encodeJpeg } from "./encode.ts";
import { demoPictures, drawPicture, styles } from "./pictures.ts";
import { demoPeople } from "./tastes.ts";

/** Four a style: a feed gives one creator a fifth of a page at most. */
const artistsPerStyle = 4;

export interface CatalogueOptions {
  accounts: Accounts;
  manifest: Manifest;
  signal: AbortSignal;
}

/** Draws and uploads what is not there yet; answers the pins by style. */
export async function importDrawings({ accounts, manifest, signal }: CatalogueOptions) {
  const categories = styles.map(({ name }) => name);
  const people = demoPeople(categories);
  const boards = new Map<string, Pick<Picture, "boardId" | "owner">>();
  const artists = people.slice(0, artistsPerStyle * styles.length);
  await eachOf(artists, 4, async ({ handle, name, likes: [style = ""] }) => {
    signal.throwIfAborted();
    const user = await accounts.ensureUser(handle, name);
    const [board] = await accounts.ensureBoards(user.id, [capitalised(style)]);
    if (board) boards.set(handle, { boardId: board.id, owner: accounts.clientOf(user.id) });
  });
  const pictures = demoPictures().flatMap((drawing): Picture[] => {
    const { style, number, title } = drawing;
    const ofStyle = artists.filter(({ likes }) => likes[0] === style.name);
    const board = boards.get(ofStyle[number % ofStyle.length]?.handle ?? "");
    if (!board) return [];
    const fingerprint = `${style.name} ${number}`;
    return [
      {
        ...board,
        label: `${title} (${fingerprint})`,
        fingerprint,
        title,
        category: style.name,
        async load() {
          const jpeg = await encodeJpeg(drawPicture(drawing));
          const idempotencyKey = createHash("sha256").update(fingerprint).update(jpeg).digest("hex");
          return { bytes: new Blob([jpeg], { type: "image/jpeg" }), idempotencyKey };
        },
      },
    ];
  });
  const report = await importPictures({ pictures, manifest, service: accounts.service, signal });
  return { report, people, pinIds: pinIdsByCategory(pictures, report) };
}

function pinIdsByCategory(pictures: readonly Picture[], report: ImportReport): Map<string, string[]> {
  const pinIds = new Map<string, string[]>();
  for (const { category, fingerprint } of pictures) {
    const pinId = report.pinIds.get(fingerprint);
    if (pinId) pinIds.set(category, [...(pinIds.get(category) ?? []), pinId]);
  }
  return pinIds;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
