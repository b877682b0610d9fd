import type { Region } from "@vitrine/contracts";
import { cloudflareDnsUrl, fetchPicture, resolveOverHttps } from "@vitrine/fetching";
import { databasesOf, guardClient, type QueryGuard } from "@vitrine/store";
import * as schema from "@vitrine/store/schema";
import { drizzle } from "drizzle-orm/d1";
import { within } from "../bounded.ts";
import type { IngestServices } from "../services.ts";
import type { Bindings } from "./bindings.ts";
import { regionStoreOf } from "./region-store.ts";

/** D1 itself gives up after 30 s; what it does not answer is delivered again. */
const queryDeadlineMillis = 30_000;
const inTime: QueryGuard = (work) => within(queryDeadlineMillis, "a query", work);

/** The ports of the consumers, made of the Worker's bindings. */
export function servicesOf(env: Bindings): IngestServices {
  const allowedHosts = (env.FETCH_ALLOWED_HOSTS ?? "").split(",").filter((host) => host.trim() !== "");
  // Wrapped, because the platform's fetch refuses to be called as a method of another object.
  const send = (url: string, init: RequestInit) => fetch(url, init);
  return {
    databases: databasesOf([drizzle(guardClient(env.DB_0, inTime), { schema })]),
    kv: env.KV,
    originals: env.ORIGINALS,
    images: env.IMAGES,
    visualIndex: env.VISUAL_INDEX,
    regionStore: (region: Region) => regionStoreOf(env, region),
    fetchPicture: (url) =>
      fetchPicture(url, { send, resolve: resolveOverHttps(env.DNS_URL ?? cloudflareDnsUrl, send), allowedHosts }),
    now: () => Date.now(),
  };
}
