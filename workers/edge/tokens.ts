/** Verifies JWTs: HS256 with a secret, or the public keys of an issuer. The algorithms are pinned by the mode. */
import { Problem, UserId } from "@vitrine/contracts";
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify, SignJWT } from "jose";
import type { Principal, Scope, Settings } from "./context.ts";

/** RFC 7518 section 3.2: an HS256 key has at least as many bits as its hash. */
const minSecretCharacters = 32;

/** Clocks of issuers are a few seconds off. */
const clockToleranceSeconds = 10;

/** What public-key issuers sign with; never HS256, or a public key could be used as a secret. */
const publicKeyAlgorithms = ["RS256", "PS256", "ES256", "EdDSA"];

/** How long the issuer's keys may take, and how long they are kept in the isolate. */
const keysTimeoutMillis = 3_000;
const keysMaxAgeMillis = 10 * 60 * 1000;

/** The caller that a token speaks for. Throws `unauthorized` for a token that is not good, never echoing it. */
export async function verifyToken(token: string, settings: Settings): Promise<Principal> {
  const payload = await verifiedPayload(token, settings);
  const scope = scopeOf(payload);
  if (payload.sub === undefined && scope === "service") return { userId: null, scope };
  const userId = UserId.safeParse(payload.sub);
  if (userId.success) return { userId: userId.data, scope };
  throw new Problem("unauthorized", "The token's `sub` is no user id; ask for a token of a user.");
}

/** A token of this deployment's own secret, for the demo's sessions. */
export async function issueToken(
  { userId, scope }: { userId: UserId; scope: Scope },
  settings: Settings,
  lifetimeSeconds: number,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const token = new SignJWT({ scope }).setProtectedHeader({ alg: "HS256" }).setSubject(userId);
  token.setIssuedAt(now).setExpirationTime(now + lifetimeSeconds);
  if (settings.jwtIssuer) token.setIssuer(settings.jwtIssuer);
  if (settings.jwtAudience) token.setAudience(settings.jwtAudience);
  return token.sign(secretOf(settings.jwtSecret ?? ""));
}

async function verifiedPayload(token: string, settings: Settings): Promise<JWTPayload> {
  const options = {
    clockTolerance: clockToleranceSeconds,
    requiredClaims: ["exp"],
    ...(settings.jwtIssuer ? { issuer: settings.jwtIssuer } : {}),
    ...(settings.jwtAudience ? { audience: settings.jwtAudience } : {}),
  };
  try {
    if (settings.jwtSecret) {
      const secret = secretOf(settings.jwtSecret);
      return (await jwtVerify(token, secret, { ...options, algorithms: ["HS256"] })).payload;
    }
    if (settings.jwksUrl) {
      const keys = keysOf(settings.jwksUrl);
      return (await jwtVerify(token, keys, { ...options, algorithms: publicKeyAlgorithms })).payload;
    }
  } catch (error) {
    throw refusalOf(error);
  }
  throw new Problem("not-configured", "Set the secret JWT_SECRET, or JWKS_URL, so that tokens can be verified.");
}

function secretOf(secret: string): Uint8Array {
  if (secret.length >= minSecretCharacters) return new TextEncoder().encode(secret);
  throw new Problem("not-configured", `Set a JWT_SECRET of at least ${minSecretCharacters} characters.`);
}

const keySets = new Map<string, JWTVerifyGetKey>();

/** The issuer's key set, kept in the isolate so that a request rarely waits for it. */
function keysOf(url: string): JWTVerifyGetKey {
  const known = keySets.get(url);
  if (known) return known;
  const keys = createRemoteJWKSet(new URL(url), { timeoutDuration: keysTimeoutMillis, cacheMaxAge: keysMaxAgeMillis });
  keySets.set(url, keys);
  return keys;
}

function refusalOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof errors.JWTExpired)
    return new Problem("unauthorized", "The token has expired; ask for a new one.");
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new Problem("unauthorized", `The token's claim \`${error.claim}\` is missing or not accepted here.`);
  }
  if (error instanceof errors.JOSEError && faultsOfTokens.has(error.code)) {
    return new Problem("unauthorized", "The token is not one that this service accepts; ask for a new one.");
  }
  const options = { cause: error, retryAfterSeconds: 5 };
  return new Problem("unavailable", "Tokens cannot be verified now; try again in a few seconds.", options);
}

/** What is wrong with the token itself; anything else is the weather between here and the issuer's keys. */
const faultsOfTokens = new Set<string>([
  errors.JWTInvalid.code,
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWKSMultipleMatchingKeys.code,
]);

/** OAuth's form: scopes parted by spaces, the strongest counts. Without any a token may read. */
function scopeOf({ scope }: JWTPayload): Scope {
  const granted = typeof scope === "string" ? scope.split(" ") : ["reader"];
  const strongest = (["service", "writer", "reader"] as const).find((each) => granted.includes(each));
  if (strongest) return strongest;
  throw new Problem("unauthorized", "The token's `scope` is none of reader, writer and service.");
}
