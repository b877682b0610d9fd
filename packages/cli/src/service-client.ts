import { type Client, createClient } from "@vitrine/client";
import { secretsFile } from "./project.ts";
import { readSecrets } from "./secrets.ts";
import { signToken } from "./token.ts";

/** Longer than the longest training. */
const tokenSeconds = 24 * 3600;

/** Speaks as a service: with the token, or with one that is signed with .dev.vars. */
export async function clientOf({ url, token }: { url: string; token?: string | undefined }): Promise<Client> {
  const bearer =
    token ??
    (await signToken(readSecrets(secretsFile).JWT_SECRET, { scope: "service", expiresInSeconds: tokenSeconds }));
  return createClient({ baseUrl: url, token: bearer });
}
