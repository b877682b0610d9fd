import { newPinId, type PinId, type RankedPins, type RelatedPins } from "@vitrine/contracts";
import { beforeAll, expect, test } from "vitest";
import { board, call, type Person, person, read } from "../testing/api.ts";
import { bindings } from "../testing/catalogue.ts";
import { serveModel } from "../testing/served-model.ts";

const version = "m0000000000rank";
let cats: PinId[];
let dogs: PinId[];
let newer: PinId;
let reader: Person;

/** Eight pins of words in two camps; a ninth that the model does not know. */
beforeAll(async () => {
  const creator = await person("model-creator");
  const home = await board(creator);
  let count = 0;
  // Past the API, which would ask for the model before there is one.
  const draw = async (title: string) => {
    const id = newPinId(creator.id, { now: Date.now(), random: ++count / 100 });
    await bindings.DB_0.prepare(
      "INSERT INTO pins (id, user_id, board_id, title, status, created_at, updated_at) VALUES (?, ?, ?, ?, 'ready', 1, 1)",
    )
      .bind(id, creator.id, home.id, title)
      .run();
    return id;
  };
  cats = await Promise.all(["a", "b", "c", "d"].map(draw));
  dogs = await Promise.all(["e", "f", "g", "h"].map(draw));
  newer = await draw("newer");
  const vector = (...values: number[]) => Float32Array.from(values);
  await serveModel(version, [
    ...cats.map((pinId, i) => ({ pinId, vector: vector(1, 0.1 * i), neighbours: [(i + 1) % 4] })),
    ...dogs.map((pinId, i) => ({ pinId, vector: vector(-0.1 * i, 1), neighbours: [4 + ((i + 1) % 4)] })),
  ]);
  reader = await person("model-reader");
});

const rank = (pinIds: PinId[], token: string) =>
  read<RankedPins>(call("POST", "/v1/rank", { token, json: { pinIds } }), 200);

test("a save decides the very next ranking by what the model knows; a pin newer than it stands between", async () => {
  const [first, ...rest] = cats as [PinId, ...PinId[]];
  await read(call("POST", "/v1/saves", { token: reader.writer, json: { pinId: first } }), 201);
  const ranked = await rank([...dogs, newer, ...rest], reader.reader);
  const order = ranked.items.map(({ pinId }) => pinId);
  expect(ranked).toMatchObject({ model: version, unknownPins: [], degraded: [] });
  expect(new Set(order.slice(0, 3))).toEqual(new Set(rest));
  expect(order[3]).toBe(newer);
  // The second cat is the neighbour of the first: the walk lifts it above the vectors' order.
  expect(order[0]).toBe(cats[1]);
  const alone = await rank([rest[0] as PinId], reader.reader);
  expect(alone.items[0]?.score).toBe(ranked.items.find(({ pinId }) => pinId === rest[0])?.score);
});

test("for a user of whom nothing is known it is popularity, whatever the model", async () => {
  const stranger = await person("model-stranger");
  const { items } = await rank([...dogs, ...cats], stranger.reader);
  expect(items[0]?.pinId).toBe(cats[0]);
});

test("the model's neighbours are related, and pins newer than it all the same", async () => {
  const [seed, other] = dogs as [PinId, PinId];
  for (const handle of ["model-a", "model-b", "model-c"]) {
    const { writer: token } = await person(handle);
    for (const pinId of [seed, newer]) await read(call("POST", "/v1/saves", { token, json: { pinId } }), 201);
  }
  const { items } = await read<RelatedPins>(call("GET", `/v1/pins/${seed}/related`), 200);
  const best = items.slice(0, 2);
  expect(new Set(best.map(({ pin }) => pin.id))).toEqual(new Set([other, newer]));
  expect(best.map(({ reason }) => reason)).toEqual(["neighbours", "neighbours"]);
});
