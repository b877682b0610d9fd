/** Who calls: bearer tokens, verified once a request, and what a scope allows. */
import { Problem, UserId } from "@vitrine/contracts";
import type { Context, MiddlewareHandler } from "hono";
import type { EdgeEnv, Principal, Scope } from "./context.ts";
import { verifyToken } from "./tokens.ts";

/** Reads the bearer token: `c.var.principal` is null without one, and a token that is not good ends the request with 401. */
export const authenticate: MiddlewareHandler<EdgeEnv> = async (c, next) => {
  c.set("principal", await principalOf(c));
  await next();
};

async function principalOf(c: Context<EdgeEnv>): Promise<Principal | null> {
  const header = c.req.header("authorization");
  if (header === undefined) return null;
  const token = /^Bearer +([A-Za-z0-9._~+/=-]+)$/i.exec(header)?.[1];
  if (!token) throw new Problem("unauthorized", "Send the token as `Authorization: Bearer <token>`.");
  return verifyToken(token, c.var.services.settings);
}

/**
 * The user of a token of any scope. A service token acts for the user named by `actingFor` (the body's
 * `userId`) or `?user=`; any other token for its own user alone.
 */
export function requireUser(c: Context<EdgeEnv>, actingFor?: UserId): UserId {
  const userId = actingUser(requirePrincipal(c), actingFor ?? userOfQuery(c));
  if (userId) return userId;
  throw new Problem("invalid-request", "A service token acts for a user: name it as ?user= or as userId in the body.");
}

/** As `requireUser`, for writes: the scope must be writer or service. */
export function requireWriter(c: Context<EdgeEnv>, actingFor?: UserId): UserId {
  requireScope(c, "writer");
  return requireUser(c, actingFor);
}

/** The user on whose behalf something public is read, or null. */
export function optionalUser(c: Context<EdgeEnv>): UserId | null {
  const { principal } = c.var;
  return principal ? actingUser(principal, userOfQuery(c)) : null;
}

/** Refuses the request before its body is read, unless the token has the scope. */
export function needs(scope: Scope): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    requireScope(c, scope);
    await next();
  };
}

const rank = { reader: 0, writer: 1, service: 2 } as const satisfies Record<Scope, number>;

function requireScope(c: Context<EdgeEnv>, scope: Scope): void {
  if (rank[requirePrincipal(c).scope] >= rank[scope]) return;
  throw new Problem("forbidden", `This needs a token of scope ${scope}.`);
}

function requirePrincipal(c: Context<EdgeEnv>): Principal {
  if (c.var.principal) return c.var.principal;
  throw new Problem("unauthorized", "Send a token as `Authorization: Bearer <token>`.");
}

function actingUser({ scope, userId }: Principal, wanted: UserId | undefined): UserId | null {
  if (scope === "service") return wanted ?? userId;
  if (wanted && wanted !== userId) throw new Problem("forbidden", "Only a service token may act for another user.");
  return userId;
}

function userOfQuery(c: Context<EdgeEnv>): UserId | undefined {
  const wanted = c.req.query("user");
  if (wanted === undefined) return undefined;
  const parsed = UserId.safeParse(wanted);
  if (parsed.success) return parsed.data;
  throw new Problem("invalid-request", "Check ?user=: it takes a user id such as usr_01j9zq4k3m8x7c2v5b.");
}
