import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { VectorizeIndex } from "./index.ts";

// Called in this isolate, so that the answers are seen as they would be sent.
const index = new VectorizeIndex(
  Object.assign(createExecutionContext(), { props: { index: "visual" } }) as unknown as ConstructorParameters<
    typeof VectorizeIndex
  >[0],
  env as unknown as ConstructorParameters<typeof VectorizeIndex>[1],
);
const values = Array.from({ length: 128 }, (_, i) => i + 1);
const isDisposable = (answer: object) => Symbol.dispose in answer;

test("no answer passes on the disposer of the object behind it, which callers would have to call", async () => {
  const answers = [
    await index.upsert([{ id: "a", values }]),
    await index.insert([{ id: "b", values }]),
    await index.query(values),
    await index.getByIds(["a"]),
    await index.describe(),
    await index.queryById("a"),
    await index.deleteByIds(["a", "b"]),
  ];
  expect(answers.map(isDisposable)).toEqual(answers.map(() => false));
});
