import { env } from "cloudflare:workers";
import { testTier } from "@vitrine/cache/conformance";
import type { Bindings } from "./bindings.ts";
import { createColoTier, createRegionTier } from "./tiers.ts";

const codec = {
  encode: (text: string) => new TextEncoder().encode(text),
  decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
};
const options = { codec, keepSeconds: 60 };
let count = 0;

/** The platform's caches are one for all tests: a name in front of the keys makes a new, empty tier. */
testTier("colo", () => {
  const scope = `test-${count++}`;
  const tier = createColoTier(caches.default, options);
  return {
    name: tier.name,
    get: (key) => tier.get(`${scope}:${key}`),
    put: (key, entry) => tier.put(`${scope}:${key}`, entry),
    delete: (key) => tier.delete(`${scope}:${key}`),
  };
});

testTier("region", () => {
  const scope = `test-${count++}`;
  const tier = createRegionTier((env as unknown as Bindings).KV, options);
  return {
    name: tier.name,
    get: (key) => tier.get(`${scope}:${key}`),
    put: (key, entry) => tier.put(`${scope}:${key}`, entry),
    delete: (key) => tier.delete(`${scope}:${key}`),
  };
});
