import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { Problem } from "@vitrine/contracts";
import { picturesOf } from "@vitrine/store";
import { dequantise, dot } from "@vitrine/vectors";
import { FEATURES_VERSION } from "@vitrine/vision";
import { expect, test, vi } from "vitest";
import worker from "./index.ts";
import { handleDeadPictures } from "./pictures.ts";
import { testEnv } from "./testing/environment.ts";
import { deliver, pinOf, provisionalPin, services } from "./testing/pins.ts";

/** The images Worker, counted, and broken for the first calls if wanted. */
function countedImages(...failures: Error[]) {
  const prepare = vi.fn((request: Parameters<typeof services.images.prepare>[0]) => services.images.prepare(request));
  for (const failure of failures) prepare.mockRejectedValueOnce(failure);
  return { images: { prepare, rendition: services.images.rendition }, prepare };
}

async function pictureOf(pinId: Parameters<typeof pinOf>[0]) {
  const picture = (await picturesOf(services.databases, [pinId])).get(pinId);
  if (!picture?.original) throw new Error(`no picture of ${pinId}`);
  return picture.original;
}

test("a pin becomes ready with features in D1 and a vector in the index", async () => {
  const pinId = await provisionalPin({ picture: "first" });
  const { images, prepare } = countedImages();
  expect(await deliver([pinId], { ...services, images })).toEqual({ done: [pinId], again: [] });
  expect(prepare).toHaveBeenCalledExactlyOnceWith({
    originalHash: (await pinOf(pinId)).originalHash,
    rasterSide: 256,
    plans: [
      { fit: "scale-down", width: 474, height: 632, format: "webp", quality: 85 },
      { fit: "cover", width: 236, height: 236, format: "webp", quality: 80 },
    ],
  });
  expect(await pinOf(pinId)).toMatchObject({ status: "ready", failure: null });
  const { embedding, ...original } = await pictureOf(pinId);
  expect(original).toMatchObject({ width: 1200, height: 800, featuresVersion: FEATURES_VERSION });
  expect(original.perceptualHash).toMatch(/^[0-9a-f]{16}$/);
  expect(original.colors?.[0]).toMatch(/^#[0-9a-f]{6}$/);
  const [vector] = await testEnv.VISUAL_INDEX.getByIds([pinId]);
  expect(vector?.metadata).toEqual({ category: "shoes", createdAt: (await pinOf(pinId)).createdAt });
  expect(dot(vector?.values ?? [], dequantise(embedding ?? new Uint8Array()))).toBeCloseTo(1, 4);
});

test("the same message again, alone or twice in a batch, does no work again", async () => {
  const pinId = await provisionalPin({ picture: "twice" });
  const { images, prepare } = countedImages();
  const using = { ...services, images };
  await deliver([pinId, pinId], using);
  const before = { pin: await pinOf(pinId), original: await pictureOf(pinId) };
  expect(await deliver([pinId], using)).toEqual({ done: [pinId], again: [] });
  expect({ pin: await pinOf(pinId), original: await pictureOf(pinId) }).toEqual(before);
  expect(prepare).toHaveBeenCalledTimes(1);
});

test("pins of the same picture share the work, in one batch and later", async () => {
  const pinIds = [await provisionalPin({ picture: "shared" }), await provisionalPin({ picture: "shared" })];
  const { images, prepare } = countedImages();
  await deliver(pinIds, { ...services, images });
  const later = await provisionalPin({ picture: "shared" });
  await deliver([later], { ...services, images });
  expect(prepare).toHaveBeenCalledTimes(1);
  const vectors = await testEnv.VISUAL_INDEX.getByIds([...pinIds, later]);
  expect(vectors).toHaveLength(3);
  expect(dot(vectors[0]?.values ?? [], vectors[2]?.values ?? [])).toBeCloseTo(1, 3);
  expect(await pinOf(later)).toMatchObject({ status: "ready" });
});

test("features of an older version are made anew", async () => {
  const pinId = await provisionalPin({ picture: "old" });
  await deliver([pinId]);
  await testEnv.DB_0.prepare("UPDATE originals SET features_version = 0, colors = NULL").run();
  await testEnv.DB_0.prepare("UPDATE pins SET status = 'provisional' WHERE id = ?").bind(pinId).run();
  await deliver([pinId]);
  expect(await pictureOf(pinId)).toMatchObject({ featuresVersion: FEATURES_VERSION, colors: expect.any(Array) });
});

test("what breaks one pin leaves the others of the batch alone, and delays grow", async () => {
  const pinIds = [await provisionalPin({ picture: "unlucky" }), await provisionalPin({ picture: "lucky" })];
  const { images } = countedImages(new Error("isolate lost"), new Error("isolate lost"));
  const [unlucky, lucky] = pinIds;
  const first = await deliver(pinIds.slice(0, 1), { ...services, images });
  expect(first).toEqual({ done: [], again: [{ pinId: unlucky, delaySeconds: 5 }] });
  const fourth = await deliver(pinIds, { ...services, images }, 4);
  expect(fourth).toEqual({ done: [lucky], again: [{ pinId: unlucky, delaySeconds: 40 }] });
  expect(await pinOf(pinIds[0] as never)).toMatchObject({ status: "provisional", failure: null });
  expect((await deliver(pinIds, { ...services, images })).done).toEqual(pinIds);
});

test("an index that is down after it wrote, and a database that is down at the end, are made good by the next try", async () => {
  const pinId = await provisionalPin({ picture: "interrupted" });
  const upsert = vi.fn(async (vectors: Parameters<typeof services.visualIndex.upsert>[0]) => {
    await services.visualIndex.upsert(vectors);
    throw new Error("connection lost");
  });
  const brokenIndex = { ...services, visualIndex: { ...services.visualIndex, upsert } };
  expect((await deliver([pinId], brokenIndex)).again).toHaveLength(1);
  expect(await pinOf(pinId)).toMatchObject({ status: "provisional" });

  await testEnv.DB_0.exec("CREATE TRIGGER down BEFORE UPDATE ON pins BEGIN SELECT RAISE(ABORT, 'down'); END");
  expect((await deliver([pinId])).again).toHaveLength(1);
  await testEnv.DB_0.exec("DROP TRIGGER down");
  expect(await pictureOf(pinId)).toMatchObject({ featuresVersion: null }); // one transaction with the pin

  expect((await deliver([pinId])).done).toEqual([pinId]);
  expect(await pinOf(pinId)).toMatchObject({ status: "ready" });
  expect(await testEnv.VISUAL_INDEX.getByIds([pinId])).toHaveLength(1);
});

test("a picture that is refused fails with its sentence, and is not tried again", async () => {
  const pinId = await provisionalPin({ picture: "bad" });
  const { images } = countedImages(new Problem("unprocessable-image", "The picture is damaged: send it again."));
  expect((await deliver([pinId], { ...services, images })).done).toEqual([pinId]);
  expect(await pinOf(pinId)).toMatchObject({ status: "failed", failure: "The picture is damaged: send it again." });
});

test("a refusal is understood across the service binding", async () => {
  const pinId = await provisionalPin({ picture: "gone" });
  await testEnv.ORIGINALS.delete((await pinOf(pinId)).originalHash ?? "");
  expect((await deliver([pinId])).done).toEqual([pinId]);
  expect(await pinOf(pinId)).toMatchObject({
    status: "failed",
    failure: "The original is gone: upload the picture again.",
  });
});

test("after the last try the dead-letter consumer tells the failure, and a retry can still succeed", async () => {
  const [pinId, ready] = [await provisionalPin({ picture: "dead" }), await provisionalPin({ picture: "alive" })];
  await deliver([ready]);
  const messages = [pinId, ready].map((id, i) => ({
    id: `${i}`,
    timestamp: new Date(0),
    attempts: 1,
    body: { pinId: id },
  }));
  const batch = createMessageBatch("vitrine-pictures-dead", messages);
  await handleDeadPictures(batch as never, services);
  expect(await pinOf(pinId)).toMatchObject({
    status: "failed",
    failure: "The picture could not be processed; it can be tried again.",
  });
  expect(await pinOf(ready)).toMatchObject({ status: "ready" });
  await deliver([pinId]);
  expect(await pinOf(pinId)).toMatchObject({ status: "ready", failure: null });
});

test("deleted pins and strange messages are done; a pin deleted meanwhile leaves no vector", async () => {
  const [pinId, deleted] = [await provisionalPin({ picture: "fleeting" }), await provisionalPin({ picture: "no" })];
  const remove = (id: string) => testEnv.DB_0.prepare("DELETE FROM pins WHERE id = ?").bind(id).run();
  await remove(deleted);
  const prepare: typeof services.images.prepare = async (request) => {
    const prepared = await services.images.prepare(request);
    await remove(pinId);
    return prepared;
  };
  const images = { prepare, rendition: services.images.rendition };
  const { done } = await deliver([pinId, deleted, "x" as never], { ...services, images });
  expect(new Set(done)).toEqual(new Set([pinId, deleted, "x"]));
  expect(await testEnv.VISUAL_INDEX.getByIds([pinId, deleted])).toEqual([]);
});

test("the Worker sends each queue to its consumer, and no other is taken", async () => {
  const pinId = await provisionalPin({ picture: "by queue" });
  const run = async (queue: string) => {
    const batch = createMessageBatch(queue, [{ id: "1", timestamp: new Date(0), attempts: 1, body: { pinId } }]);
    const context = createExecutionContext();
    await worker.queue(batch as never, testEnv);
    return getQueueResult(batch, context);
  };
  expect((await run("vitrine-pictures")).explicitAcks).toEqual(["1"]);
  expect(await pinOf(pinId)).toMatchObject({ status: "ready" });
  await expect(run("vitrine-unknown")).rejects.toThrow("vitrine-unknown");
});
