/** Tokens for the local stack: HS256 with the secret of .dev.vars. In production an issuer of yours signs them. */
import { type UserId, UserId as UserIdSchema } from "@vitrine/contracts";
import { SignJWT } from "jose";
import { Refusal } from "./refusal.ts";

export const scopes = ["reader", "writer", "service"] as const;
export type Scope = (typeof scopes)[number];

export interface TokenRequest {
  /** Without a user the token is a service's own. */
  userId?: UserId | undefined;
  scope: Scope;
  expiresInSeconds: number;
}

/** A signed token; `now` is milliseconds since 1970. */
export function signToken(secret: string, { userId, scope, expiresInSeconds }: TokenRequest, now = Date.now()) {
  const issuedAt = Math.floor(now / 1000);
  const token = new SignJWT({ scope })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + expiresInSeconds);
  if (userId) token.setSubject(userId);
  return token.sign(new TextEncoder().encode(secret));
}

const secondsOfUnit = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds of `90s`, `15m`, `1h` or `7d`. */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? [];
  const seconds = Number(amount) * secondsOfUnit[(unit ?? "s") as keyof typeof secondsOfUnit];
  if (unit && seconds > 0) return seconds;
  throw new Refusal(`"${text}" is no time span: write 90s, 15m, 1h or 7d.`);
}

/** The user id that `user` is, or the one that the running API knows under this handle. */
export async function resolveUser(user: string, url: string, secret: string): Promise<UserId> {
  const asId = UserIdSchema.safeParse(user);
  if (asId.success) return asId.data;
  const token = await signToken(secret, { scope: "service", expiresInSeconds: 60 });
  const address = new URL(`/v1/users/${encodeURIComponent(user)}`, url);
  const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } }).catch(() => {
    throw new Refusal(`Nothing answers at ${url}: run \`npm start\`, or name another address with --url.`);
  });
  if (response.status === 404) throw new Refusal(`There is no user "${user}": give a handle or an id that exists.`);
  const found = UserIdSchema.safeParse(((await response.json().catch(() => ({}))) as { id?: unknown }).id);
  if (response.ok && found.success) return found.data;
  throw new Refusal(`The API at ${url} answered ${response.status} when asked for the user "${user}".`);
}
