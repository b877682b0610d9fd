import { describe, expect, it } from "vitest";
import { Feed, runAsync, runSync, type Steps } from "./feed.ts";

function* readAll(most: number): Steps<number[][]> {
  const feed = new Feed();
  const pieces: number[][] = [];
  for (;;) {
    const piece = yield* feed.take(most);
    if (piece.length === 0) return pieces;
    pieces.push([...piece]);
  }
}

async function* stream(...pieces: number[][]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield Uint8Array.from(piece);
}

describe("a feed", () => {
  it("cuts a file in memory into windows", () => {
    expect(runSync(readAll(2), Uint8Array.of(1, 2, 3, 4, 5))).toEqual([[1, 2], [3, 4], [5]]);
  });

  it("passes over empty pieces of a stream", async () => {
    expect(await runAsync(readAll(3), stream([1], [], [2, 3, 4, 5]))).toEqual([[1], [2, 3, 4], [5]]);
  });

  it("gives an error of the stream to the reader", async () => {
    async function* breaks(): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(1);
      throw new Error("the connection broke");
    }
    await expect(runAsync(readAll(8), breaks())).rejects.toThrow("the connection broke");
  });

  it("lets go of the stream when the reader has had enough", async () => {
    let isClosed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Uint8Array.of(0);
      } finally {
        isClosed = true;
      }
    }
    function* first(): Steps<number> {
      return (yield* new Feed().take(1)).length;
    }
    expect(await runAsync(first(), endless())).toBe(1);
    expect(isClosed).toBe(true);
  });
});
