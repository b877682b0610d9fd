import { VitrineError } from "@vitrine/client";
import type { Accounts } from "../import/accounts.ts";
import { patiently } from "../import/patience.ts";
import { eachOf } from "../import/pool.ts";
import { randomOf } from "./drawing/random.ts";
import { type Person, savesOf } from "./tastes.ts";

/** Saved nothing: gets trending and fresh. */
const newcomer = { handle: "newcomer", name: "Newcomer" };

/** Saves are short: eight hide the waiting, more only wait for the one database. */
const savesAtOnce = 8;

export interface PeopleOptions {
  accounts: Accounts;
  people: readonly Person[];
  /** Pins to choose from, by category. */
  pinIds: ReadonlyMap<string, readonly string[]>;
  /** Saves of each, both ends included. */
  savesEach: readonly [least: number, most: number];
  signal: AbortSignal;
}

/** Makes the people and their saves. May be repeated: the same people save the same pins. Answers how many saves. */
export async function makePeople({ accounts, people, pinIds, savesEach, signal }: PeopleOptions): Promise<number> {
  const saves: { person: Person; pinId: string }[] = [];
  for (const person of people) {
    const count = randomOf(`count of ${person.handle}`).integer(...savesEach);
    saves.push(...savesOf(person, pinIds, count).map((pinId) => ({ person, pinId })));
  }
  const clients = new Map<Person, ReturnType<Accounts["clientOf"]>>();
  await eachOf(people, savesAtOnce, async (person) => {
    signal.throwIfAborted();
    const user = await accounts.ensureUser(person.handle, person.name);
    clients.set(person, accounts.clientOf(user.id));
  });
  // Mixed, as a day of many people is; in order, everybody's last actions would be of one second.
  await eachOf(randomOf("day").shuffle(saves), savesAtOnce, async ({ person, pinId }) => {
    signal.throwIfAborted();
    await patiently(async () => clients.get(person)?.saves.create({ pinId }, { signal }), signal);
  });
  await accounts.ensureUser(newcomer.handle, newcomer.name);
  return saves.length;
}

/** Whether there is a user of this handle. */
export async function isThere(accounts: Accounts, handle: string): Promise<boolean> {
  try {
    await patiently(() => accounts.service.users.get(handle));
    return true;
  } catch (error) {
    if (error instanceof VitrineError && error.status === 404) return false;
    throw error;
  }
}
