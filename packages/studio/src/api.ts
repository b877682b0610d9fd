import { type Client, createClient } from "@vitrine/client";

/** The API of the origin that served this page, as whoever the token belongs to. */
export function clientOf(token: string | null): Client {
  return createClient({ baseUrl: location.origin, token });
}
