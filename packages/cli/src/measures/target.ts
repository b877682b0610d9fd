/** Where a measure uploads to, and as whom: no client with retries in between, so that every answer is seen. */
import { type Client, createClient } from "@vitrine/client";
import type { UserId } from "@vitrine/contracts";
import { signToken } from "../token.ts";

export interface Target {
  url: string;
  /** Speaks as a service. */
  service: Client;
  /** Sends a picture as a pin of the measure's own board. */
  upload(bytes: Uint8Array<ArrayBuffer>, title: string, signal: AbortSignal): Promise<Response>;
}

export interface Access {
  url: string;
  /** A service's. */
  token: string;
}

/** Longer than the longest run. */
const tokenSeconds = 24 * 3600;

export function serviceToken(jwtSecret: string): Promise<string> {
  return signToken(jwtSecret, { scope: "service", expiresInSeconds: tokenSeconds });
}

/** Makes the user `measure` and a public board of it. */
export async function openTarget({ url, token }: Access): Promise<Target> {
  const service = createClient({ baseUrl: url, token });
  const user = await service.users.create({ handle: "measure", name: "Measure" });
  const board = await service.boards.create({ name: "Measured", visibility: "public" }, { user: user.id });
  return {
    url,
    service,
    upload(bytes, title, signal) {
      const form = new FormData();
      form.set("boardId", board.id);
      form.set("title", title);
      form.set("file", new Blob([bytes]));
      const address = uploadAddress(url, user.id);
      return fetch(address, { method: "POST", body: form, headers: { authorization: `Bearer ${token}` }, signal });
    },
  };
}

function uploadAddress(url: string, userId: UserId): URL {
  const address = new URL("/v1/pins", url);
  address.searchParams.set("user", userId);
  return address;
}
