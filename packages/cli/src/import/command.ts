import { resolve } from "node:path";
import { type Client, createClient, VitrineError } from "@vitrine/client";
import { inRoot, secretsFile } from "../project.ts";
import { Refusal } from "../refusal.ts";
import { readSecrets } from "../secrets.ts";
import { type Accounts, ensureBoards, openAccounts } from "./accounts.ts";
import { openManifest } from "./manifest.ts";
import { importPhotos } from "./photos.ts";
import { reportLines } from "./report.ts";
import { scanFolder } from "./scan.ts";

export interface ImportCommandOptions {
  photos: string;
  user: string;
  url: string;
  token?: string;
}

/** `vitrine import`: exit code 1 when a picture could not be imported. */
export async function runImport({ photos, user, url, token }: ImportCommandOptions): Promise<number> {
  const scan = await scanFolder(photos);
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
  try {
    const reader = createClient({ baseUrl: url, ...(token ? { token } : {}) });
    const { id: userId } = await reader.users.get(user);
    const accounts = token ? accountsOf(url, token) : await openAccounts(url, readSecrets(secretsFile).JWT_SECRET);
    const manifest = openManifest(inRoot(".vitrine", "imports"), [url, userId, resolve(photos)]);
    const { report } = await importPhotos({ scan, userId, accounts, manifest, signal: stopping.signal });
    for (const line of reportLines(report)) console.log(line);
    return report.failures.length > 0 ? 1 : 0;
  } catch (error) {
    if (stopping.signal.aborted) throw new Refusal("Stopped; the same command goes on where this one ended.");
    throw error instanceof VitrineError ? new Refusal(`${url}: ${error.message}`) : error;
  }
}

/** With a token from elsewhere nothing is signed here: a service's names the user in each call. */
function accountsOf(url: string, token: string): Pick<Accounts, "service" | "clientOf" | "ensureBoards"> {
  const clientOf = (userId: string): Client => {
    const asUser: typeof fetch = (input, init) => {
      const address = new URL(String(input));
      if (!address.searchParams.has("user")) address.searchParams.set("user", userId);
      return fetch(address, init);
    };
    return createClient({ baseUrl: url, token, fetch: asUser });
  };
  const service = createClient({ baseUrl: url, token });
  return { service, clientOf, ensureBoards: (userId, names) => ensureBoards(clientOf(userId), userId, names) };
}
