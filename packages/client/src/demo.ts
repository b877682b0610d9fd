import type { DemoSession, DemoUsers } from "@vitrine/contracts";
import type { CallOptions, Transport } from "./transport.ts";

/** Only where DEMO_MODE is on; elsewhere both throw `not-found`. */
export function demoOf(send: Transport) {
  return {
    users: (options: CallOptions = {}) => send<DemoUsers>({ ...options, method: "GET", path: "/demo/users" }),

    /** A token of scope writer for a demo user. */
    session: (handle: string, options: CallOptions = {}) =>
      send<DemoSession>({ ...options, method: "POST", path: "/demo/session", json: { handle }, isRepeatable: true }),
  };
}
