/** The user id in a JWT (`sub`). The server verifies tokens; this only reads, and throws a sentence when it cannot. */
export function userIdOf(token: string): string {
  const payload = payloadOf(token);
  if (payload && typeof payload.sub === "string" && payload.sub.startsWith("usr_")) return payload.sub;
  throw new Error("This is not a user's token: print one with `vitrine token --user NAME --scope writer`.");
}

function payloadOf(token: string): { sub?: unknown } | null {
  const part = token.trim().split(".")[1] ?? "";
  try {
    const payload: unknown = JSON.parse(atob(part.replaceAll("-", "+").replaceAll("_", "/")));
    return typeof payload === "object" ? payload : null;
  } catch {
    return null;
  }
}
