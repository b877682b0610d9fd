/** Users whom the training has not seen: accounts of their own that are told some of somebody's saves, after it. */
import type { Client } from "@vitrine/client";
import { itemsOf, knownSaves } from "@vitrine/training";
import { bulkLoad } from "../measures/bulk-load.ts";
import { type Account, accountLines, accountOf, saveLines, unsaveLines } from "../measures/world.ts";
import { askSampled, type Examination } from "./questions.ts";
import type { RankFigures } from "./tally.ts";

export interface NewcomerFigures {
  /** How many of their saves the accounts were told; `all` but the held-out one. */
  known: number | "all";
  figures: RankFigures;
}

export const knownCounts = [1, 3, 5, 10, "all"] as const;

/** `users` are not among those whose saves are loaded. What the accounts saved is taken back at the end. */
export async function examineNewcomers(
  service: Client,
  examination: Examination,
  users: readonly number[],
): Promise<NewcomerFigures[]> {
  const { world, data } = examination;
  const findings: NewcomerFigures[] = [];
  const told: { account: Account; items: Uint32Array }[] = [];
  for (const known of knownCounts) {
    const asked = users.filter((user) => known === "all" || itemsOf(data.saves, user).length >= known);
    const accountFor = (user: number) => accountOf(`new-${user}-${known}`);
    const batch = asked.map((user) => {
      const owned = itemsOf(data.saves, user);
      return { account: accountFor(user), items: knownSaves(owned, known === "all" ? owned.length : known, user) };
    });
    told.push(...batch);
    await bulkLoad(service, `lines of new users with ${known === 1 ? "1 save" : `${known} saves`}`, function* () {
      yield* accountLines(batch.map(({ account }) => account));
      for (const { account, items } of batch) yield* saveLines(world, account, items);
    });
    findings.push({ known, figures: await askSampled(examination, asked, (user) => accountFor(user).id) });
  }
  await bulkLoad(service, "saves of new users, taken back", function* () {
    for (const { account, items } of told) yield* unsaveLines(world, account, items);
  });
  return findings;
}
