import { limits } from "@vitrine/contracts";
import { fetchPicture } from "@vitrine/fetching";
import { expect, test, vi } from "vitest";
import { testEnv } from "./testing/environment.ts";
import { deliver, pinOf, provisionalPin, services } from "./testing/pins.ts";

const site = "http://pictures.example.net";

/** What the internet of the tests was asked for so far. */
async function visited(): Promise<string[]> {
  return (await fetch("http://log.example.net/")).json<string[]>();
}

test("a picture by URL is fetched, kept under its hash, and becomes ready", async () => {
  const pinId = await provisionalPin({ imageUrl: `${site}/photo.png` });
  expect((await deliver([pinId])).done).toEqual([pinId]);
  const pin = await pinOf(pinId);
  expect(pin).toMatchObject({
    status: "ready",
    duplicateOf: null,
    originalHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const original = await testEnv.ORIGINALS.head(pin.originalHash ?? "");
  expect(original?.httpMetadata?.contentType).toBe("image/png");
});

test("the same picture at another URL is a duplicate of the first pin and one original", async () => {
  const [first, second] = [
    await provisionalPin({ imageUrl: `${site}/other.png` }),
    await provisionalPin({ imageUrl: `${site}/other.png?again` }),
  ];
  await deliver([first]);
  await deliver([second]);
  const [one, other] = [await pinOf(first), await pinOf(second)];
  expect(other).toMatchObject({ status: "ready", duplicateOf: first, originalHash: one.originalHash });
  expect(one.duplicateOf).toBeNull();
});

test("a pin is not fetched again once its picture is kept", async () => {
  const pinId = await provisionalPin({ imageUrl: `${site}/mislabelled.png` });
  const prepare = vi.fn().mockRejectedValueOnce(new Error("isolate lost"));
  await deliver([pinId], { ...services, images: { prepare, rendition: services.images.rendition } });
  expect(await pinOf(pinId)).toMatchObject({ status: "provisional", originalHash: expect.any(String) });
  const fetchPicture = vi.fn(services.fetchPicture);
  await deliver([pinId], { ...services, fetchPicture });
  expect(await pinOf(pinId)).toMatchObject({ status: "ready" });
  expect(fetchPicture).not.toHaveBeenCalled();
});

test.each([
  ["/hops?left=4", "image/png"], // five redirects
  ["/mislabelled.png", "image/png"], // the bytes decide
])("%s is followed to a picture", async (path, contentType) => {
  expect(await services.fetchPicture(site + path)).toMatchObject({ contentType });
});

test.each([
  ["http://alias.example.net/photo.png"], // CNAME records are no addresses
])("%s may be fetched", async (url) => {
  expect(await services.fetchPicture(url)).toMatchObject({ contentType: "image/png" });
});

test.each([
  [`${site}/to-metadata`, "url-not-allowed", "not on the public internet"],
  [`${site}/to-private-name`, "url-not-allowed", "not on the public internet"],
  [`${site}/to-file`, "url-not-allowed", "use http or https"],
  [`${site}/to-nowhere`, "url-not-allowed", "answered 302"],
  [`${site}/hops?left=5`, "url-not-allowed", "more than 5 times"],
  [`${site}/circle`, "url-not-allowed", "circle"],
  ["http://rebound.example.net/photo.png", "url-not-allowed", "not on the public internet"], // one address of two
  ["http://private6.example.net/photo.png", "url-not-allowed", "not on the public internet"],
  ["http://nowhere.example.net/photo.png", "url-not-allowed", "does not exist"],
  ["http://broken.example.net/photo.png", "unavailable", "could not be looked up"],
  ["http://servfail.example.net/photo.png", "unavailable", "could not be looked up"],
  ["http://169.254.169.254/latest", "url-not-allowed", "not on the public internet"],
  [`${site}/undeclared.png`, "payload-too-large", "at most 30 MB"],
  [`${site}/declared.png`, "payload-too-large", "at most 30 MB"],
  [`${site}/bomb.png`, "payload-too-large", "at most 30 MB"],
  [`${site}/page.html`, "unsupported-media-type", "no picture"],
  [`${site}/cut.png`, "unprocessable-image", "header"],
  [`${site}/giant.png`, "too-many-pixels", "60000×60000"],
  [`${site}/missing.png`, "url-not-allowed", "answered 404"],
  [`${site}/busy.png`, "unavailable", "answered 503"],
])("%s is refused as %s", async (url, code, words) => {
  const before = await visited();
  await expect(services.fetchPicture(url)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  const hosts = (await visited()).slice(before.length).map((address) => address.split("/")[0]);
  expect(hosts).not.toContain("169.254.169.254");
  expect(hosts).not.toContain("rebound.example.net");
  expect(hosts).not.toContain("broken.example.net");
});

test("a refused URL fails its pin with the reason; one that may answer later is tried again", async () => {
  const [refused, later] = [
    await provisionalPin({ imageUrl: `${site}/to-metadata` }),
    await provisionalPin({ imageUrl: `${site}/busy.png` }),
  ];
  expect(await deliver([refused, later])).toEqual({ done: [refused], again: [{ pinId: later, delaySeconds: 5 }] });
  expect(await pinOf(refused)).toMatchObject({
    status: "failed",
    failure: "The picture cannot be fetched from this URL: the address is not on the public internet.",
  });
});

test("hosts that are named may be private; those beside them not", async () => {
  const resolve = vi.fn();
  const send = (url: string, init: RequestInit) => fetch(url, init);
  const network = { send, resolve, allowedHosts: ["10.0.0.7:9000"] };
  expect(await fetchPicture("http://10.0.0.7:9000/photo.png", network)).toMatchObject({ contentType: "image/png" });
  await expect(fetchPicture("http://10.0.0.7/photo.png", network)).rejects.toMatchObject({ code: "url-not-allowed" });
  expect(resolve).not.toHaveBeenCalled();
});

test("one deadline bounds look-ups, redirects and the body", async () => {
  const hanging = (_: string, { signal }: RequestInit) =>
    new Promise<Response>((_resolve, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const network = { send: hanging, resolve: async () => ["1.1.1.1"], allowedHosts: [] };
  await expect(fetchPicture(`${site}/photo.png`, network, 20)).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("in time"),
  });
  expect(limits.fetchTimeoutMillis).toBeLessThanOrEqual(15_000);
});
