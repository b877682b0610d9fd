import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startStack } from "@vitrine/cli";
import type { Board, Pin, User } from "@vitrine/contracts";
import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { pictureForm } from "./api.ts";
import { drawPicture } from "./pictures.ts";

const pictures = 24;

test("a process killed in the middle of an import loses no pin that was answered with 202", async () => {
  const stateDir = mkdtempSync(join(tmpdir(), "vitrine-kill-"));
  const options = { port: 0, stateDir, quiet: true, vars: { SWEEP_AFTER_SECONDS: "1" } };
  let stack = await startStack(options);
  try {
    const user = await request<User>("POST", "/v1/users", { json: { handle: "survivor" } });
    const board = await request<Board>("POST", "/v1/boards", { as: user.id, json: { name: "Things" } });
    const drawn = await Promise.all(
      Array.from({ length: pictures }, (_, seed) => drawPicture({ seed: 1000 + seed, width: 640, height: 480 })),
    );
    const accepted = await Promise.all(
      drawn.map((picture) => request<Pin>("POST", "/v1/pins", { as: user.id, form: pictureForm(board.id, picture) })),
    );
    await stack.kill();
    stack = await startStack(options);

    const states = () =>
      Promise.all(accepted.map(async ({ id }) => (await request<Pin>("GET", `/v1/pins/${id}`, {})).status));
    const atRestart = await states();
    expect(atRestart, "the kill came too late to prove anything").toContain("provisional");
    for (let round = 0; round < 60 && (await states()).includes("provisional"); round++) {
      await request("POST", "/v1/jobs/sweep", {});
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    expect(await states()).toEqual(accepted.map(() => "ready"));
    const onBoard = await request<{ items: Pin[] }>("GET", `/v1/boards/${board.id}/pins?limit=100`, {});
    expect(onBoard.items).toHaveLength(pictures);
  } finally {
    await stack.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }

  async function request<T>(
    method: string,
    path: string,
    options: { as?: string; json?: unknown; form?: FormData },
  ): Promise<T> {
    const jwt = new SignJWT({ scope: options.as === undefined ? "service" : "writer" }).setProtectedHeader({
      alg: "HS256",
    });
    if (options.as !== undefined) jwt.setSubject(options.as);
    const token = await jwt.setExpirationTime("1h").sign(new TextEncoder().encode(stack.secrets.JWT_SECRET));
    const headers: Record<string, string> = { authorization: `Bearer ${token}` };
    if (options.json !== undefined) headers["content-type"] = "application/json";
    const body = options.json === undefined ? options.form : JSON.stringify(options.json);
    const response = await fetch(stack.url + path, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    expect(response.ok, `${method} ${path}: ${text}`).toBe(true);
    return JSON.parse(text) as T;
  }
}, 180_000);
