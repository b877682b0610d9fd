/** Users, boards and the clients that speak for them. */
import { type Client, createClient } from "@vitrine/client";
import type { Board, User, UserId } from "@vitrine/contracts";
import { signToken } from "../token.ts";
import { patiently } from "./patience.ts";

/** Longer than the largest import; the tokens never leave this process. */
const tokenSeconds = 24 * 3600;

export interface Accounts {
  /** Speaks as a service: makes users, runs jobs. */
  service: Client;
  clientOf(userId: UserId): Client;
  /** The user with this handle, made when there is none. */
  ensureUser(handle: string, name: string): Promise<User>;
  /** The user's public board of this name, made when there is none; answers all of `names`, in order. */
  ensureBoards(userId: UserId, names: readonly string[]): Promise<Board[]>;
}

export async function openAccounts(url: string, jwtSecret: string): Promise<Accounts> {
  const tokenOf = (userId?: UserId) =>
    signToken(jwtSecret, { userId, scope: userId ? "writer" : "service", expiresInSeconds: tokenSeconds });
  const service = createClient({ baseUrl: url, token: await tokenOf() });
  const clients = new Map<UserId, Client>();
  const clientOf = (userId: UserId) => {
    let token: Promise<string> | undefined;
    const known = clients.get(userId);
    if (known) return known;
    const client = createClient({
      baseUrl: url,
      token: () => {
        token ??= tokenOf(userId);
        return token;
      },
    });
    clients.set(userId, client);
    return client;
  };
  return {
    service,
    clientOf,
    ensureUser(handle, name) {
      return patiently(() => service.users.create({ handle, name }));
    },
    // Again from the list: a board whose answer was lost is in it.
    ensureBoards: (userId, names) => patiently(() => ensureBoards(clientOf(userId), userId, names)),
  };
}

/** See Accounts. A board is made only when the list of the user's boards lacks its name. */
export async function ensureBoards(client: Client, userId: UserId, names: readonly string[]): Promise<Board[]> {
  const boards = await boardsByName(client, userId);
  const ensured: Board[] = [];
  for (const name of names) {
    const board = boards.get(name) ?? (await client.boards.create({ name, visibility: "public" }));
    boards.set(name, board);
    ensured.push(board);
  }
  return ensured;
}

/** The oldest of each name, should there be two. */
async function boardsByName(client: Client, userId: UserId): Promise<Map<string, Board>> {
  const boards = new Map<string, Board>();
  let cursor: string | null = null;
  do {
    const page = await patiently(() => client.users.boards(userId, { limit: 200, cursor }));
    for (const board of page.items) boards.set(board.name, board);
    cursor = page.cursor;
  } while (cursor !== null);
  return boards;
}
