import type { User } from "@vitrine/contracts";
import type { CallOptions, Transport } from "./transport.ts";

export interface DemoSession {
  /** Of scope writer, for the demo user. */
  token: string;
  user: User;
}

/** Only where DEMO_MODE is on; elsewhere both throw `not-found`. */
export function demoOf(send: Transport) {
  return {
    users: (options: CallOptions = {}) => send<{ users: User[] }>({ ...options, method: "GET", path: "/demo/users" }),

    session: (handle: string, options: CallOptions = {}) =>
      send<DemoSession>({ ...options, method: "POST", path: "/demo/session", json: { handle }, isRepeatable: true }),
  };
}
