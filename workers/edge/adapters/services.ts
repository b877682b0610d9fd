import type { Region } from "@vitrine/contracts";
import {
  cloudflareDnsUrl,
  fetchPicture,
  isHostListed,
  type Network,
  resolveOverHttps,
  revalidatePicture,
} from "@vitrine/fetching";
import type { Services, Settings } from "../context.ts";
import { maxRemoteBytes } from "../renditions/remote-source.ts";
import type { Bindings } from "./bindings.ts";
import { openDatabases } from "./database.ts";
import { regionOf } from "./region.ts";

/** The ports of one request, made of the Worker's bindings. */
export function servicesOf(
  env: Bindings,
  context: Pick<ExecutionContext, "waitUntil" | "cache">,
  request: Request,
): Services {
  const settings = settingsOf(env);
  const network = networkOf(env, settings);
  return {
    databases: openDatabases(env.DB_0),
    kv: env.KV,
    originals: env.ORIGINALS,
    renditions: env.RENDITIONS,
    images: env.IMAGES,
    jobs: env.JOBS,
    visualIndex: env.VISUAL_INDEX,
    tasteIndex: env.TASTE_INDEX,
    fetchRemote: (url, etag) => (etag === null ? fetchPicture(url, network) : revalidatePicture(url, network, etag)),
    picturesQueue: env.PICTURES_QUEUE,
    eventsQueue: env.EVENTS_QUEUE,
    regionStore: (region: Region) =>
      env.REGION_STORE.get(env.REGION_STORE.idFromName(region), { locationHint: region }),
    colo: caches.default,
    purgeTags: tagPurger(context),
    region: regionOf(request.cf as IncomingRequestCfProperties | undefined),
    waitUntil: (work) => context.waitUntil(work),
    settings,
  };
}

/** Only a Worker with a cache of its own in front (`[cache]` of wrangler.toml) has one to purge. */
function tagPurger({ cache }: Pick<ExecutionContext, "cache">): Services["purgeTags"] {
  if (!cache) return undefined;
  return async (tags) => {
    const { success, errors } = await cache.purge({ tags });
    if (!success) throw new Error(`purging by tag failed: ${errors.map(({ message }) => message).join("; ")}`);
  };
}

function networkOf(env: Bindings, { fetchAllowedHosts, remoteSources }: Settings): Network {
  // Wrapped, because the platform's fetch refuses to be called as a method of another object.
  const send = (url: string, init: RequestInit) => fetch(url, init);
  return {
    send,
    resolve: resolveOverHttps(env.DNS_URL ?? cloudflareDnsUrl, send),
    allowedHosts: fetchAllowedHosts,
    isWanted: (url) => isHostListed(url, remoteSources),
    maxBytes: maxRemoteBytes,
  };
}

function listOf(text = ""): string[] {
  return text.split(",").flatMap((entry) => entry.trim() || []);
}

function settingsOf(env: Bindings): Settings {
  const isLocal = env.ENVIRONMENT === "local";
  return {
    isLocal,
    isDemo: isLocal && env.DEMO_MODE === "on",
    jwtSecret: env.JWT_SECRET,
    jwksUrl: env.JWKS_URL,
    jwtIssuer: env.JWT_ISSUER,
    jwtAudience: env.JWT_AUDIENCE,
    signingKey: env.SIGNING_KEY,
    signingKeyPrevious: env.SIGNING_KEY_PREVIOUS,
    // A typing error closes: only the word itself, or nothing, is open.
    renditionAccess: (env.RENDITION_ACCESS ?? "open") === "open" ? "open" : "signed",
    fetchAllowedHosts: listOf(env.FETCH_ALLOWED_HOSTS),
    remoteSources: listOf(env.REMOTE_SOURCES),
  };
}
