import type { ImportReport } from "./import.ts";

/** Failures beyond this many are counted: a wrong folder has thousands. */
const maxListed = 50;

/** What came of an import, for a person; its last lines list what could not be had. */
export function reportLines({ imported, pinIds, failures, unfinished, seconds }: ImportReport): string[] {
  const lines: string[] = [];
  if (imported > 0) {
    const rate = (imported / seconds).toFixed(1);
    lines.push(
      `  ${imported.toLocaleString("en")} pictures became ready in ${seconds.toFixed(1)} s (${rate} a second).`,
    );
  } else if (failures.length === 0) {
    lines.push(`  All ${pinIds.size.toLocaleString("en")} pictures are there already; nothing to import.`);
  }
  if (unfinished > 0) lines.push(`  ${unfinished} are still being prepared and will be ready in a while.`);
  if (failures.length === 0) return lines;
  lines.push(`  ${failures.length} could not be imported:`);
  for (const { label, reason } of failures.slice(0, maxListed)) lines.push(`    ${label}: ${reason}`);
  if (failures.length > maxListed) lines.push(`    … and ${failures.length - maxListed} more.`);
  return lines;
}
