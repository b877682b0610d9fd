import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { Kernels } from "./kernels.ts";
import { kernelModule } from "./testing/drawn-saves.ts";

const native = new URL("../native/", import.meta.url);

test("the lock names this source, this script and this module", () => {
  const lines = readFileSync(new URL("kernels.lock", native), "utf8").trim().split("\n").slice(1);
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    const [expected, name = ""] = line.split("  ");
    const found = createHash("sha256")
      .update(readFileSync(new URL(name, native)))
      .digest("hex");
    expect(found, name).toBe(expected);
  }
});

test("the module asks for nothing and computes with SIMD", () => {
  const module = kernelModule();
  expect(WebAssembly.Module.imports(module)).toEqual([]);
  const bytes = readFileSync(new URL("kernels.wasm", native));
  // f32x4.mul: the prefix 0xfd, then 0xe6 as LEB128. Eight in each of the tiles that the compiler inlined.
  expect(bytes.toString("latin1").split("\xfd\xe6\x01").length).toBeGreaterThan(24);
});

test("memory grows with what is laid out, aligned, zeroed and without overlap", () => {
  const kernels = new Kernels(kernelModule());
  const small = kernels.allocate(3);
  const large = kernels.allocate(1_000_000);
  kernels.floats(small).fill(7);
  expect([small.address % 16, large.address % 16]).toEqual([0, 0]);
  expect(kernels.floats(large).every((value) => value === 0)).toBe(true);
  expect([...kernels.floats(small)]).toEqual([7, 7, 7]);
  expect(kernels.byteLength).toBeLessThan(4_000_000 + 2 * 2 ** 20);
});

test("released memory is laid out again, zeroed and without growing", () => {
  const kernels = new Kernels(kernelModule());
  const first = kernels.allocate(500_000);
  kernels.floats(first).fill(3);
  const bytes = kernels.byteLength;
  kernels.release();
  const second = kernels.allocate(500_000);
  expect(second).toEqual(first);
  expect(kernels.floats(second).every((value) => value === 0)).toBe(true);
  expect(kernels.byteLength).toBe(bytes);
});

test("more memory than an isolate has is refused", () => {
  expect(() => new Kernels(kernelModule()).allocate(40_000_000)).toThrow(RangeError);
});

test("scores are dot products, whatever rows they are asked for", () => {
  const kernels = new Kernels(kernelModule());
  const left = kernels.place(Float32Array.from({ length: 3 * 4 }, (_, k) => k));
  const right = kernels.place(Float32Array.from({ length: 8 * 4 }, (_, k) => (k % 5) - 2));
  const out = kernels.allocate(3 * 8);
  kernels.exports.score_rows(left.address, 3, right.address, 6, 4, out.address, 8);
  const [a, b] = [kernels.floats(left), kernels.floats(right)];
  for (let row = 0; row < 3; row++) {
    for (let item = 0; item < 6; item++) {
      const exact = [0, 1, 2, 3].reduce((sum, k) => sum + (a[row * 4 + k] ?? 0) * (b[item * 4 + k] ?? 0), 0);
      expect(kernels.floats(out)[row * 8 + item]).toBe(exact);
    }
  }
});
