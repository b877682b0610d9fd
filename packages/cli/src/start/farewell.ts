import { defaultUrl } from "../address.ts";
import type { Filled } from "./fill.ts";

/** The last thing that `start` prints: what to open, and what to type next. */
export function farewell(url: string, { handle, pinId }: Pick<Filled, "handle" | "pinId">): string {
  const elsewhere = url === defaultUrl ? "" : ` --url ${url}`;
  const lines = [
    "",
    `  Studio      ${url}`,
    `  Feed        ${url}/v1/feed`,
    ...(pinId ? [`  Rendition   ${url}/i/${pinId}/feed`] : []),
    `  OpenAPI     ${url}/openapi.json`,
    "",
    "  Next:",
    ...(handle
      ? [
          `    curl -H "Authorization: Bearer $(npx vitrine token --user ${handle} --scope writer${elsewhere})" ${url}/v1/feed`,
        ]
      : []),
    "    npm start -- --photos ../my-photos",
    "    npx vitrine --help",
    "",
    "  Ctrl-C stops it; the next `npm start` goes on where this one ended.",
  ];
  return lines.join("\n");
}
