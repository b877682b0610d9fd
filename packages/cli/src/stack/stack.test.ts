import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { localConfiguration } from "./configurations.ts";
import { isComplaint } from "./dev-log.ts";
import { ensurePortIsFree, freePort } from "./ports.ts";

test("a busy port is refused with its number and the way out", async () => {
  const port = await freePort();
  await ensurePortIsFree(port);
  const server = createServer();
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  await expect(ensurePortIsFree(port)).rejects.toThrow(new RegExp(`Port ${port} is in use: .*--port`));
  server.close();
});

test("a local configuration has absolute paths, no environments, and the variables that were asked for", () => {
  const raw = {
    name: "vitrine-edge",
    main: "workers/edge/index.ts",
    assets: { directory: "packages/studio/dist", binding: "ASSETS" },
    vars: { ENVIRONMENT: "local" },
    d1_databases: [{ binding: "DB_0", database_id: "x", migrations_dir: "migrations" }],
    env: { production: { name: "vitrine-edge" } },
  };
  expect(localConfiguration(raw, "/repository", { FETCH_ALLOWED_HOSTS: "localhost:1" })).toEqual({
    name: "vitrine-edge",
    main: "/repository/workers/edge/index.ts",
    assets: { directory: "/repository/packages/studio/dist", binding: "ASSETS" },
    vars: { ENVIRONMENT: "local", FETCH_ALLOWED_HOSTS: "localhost:1" },
    d1_databases: [{ binding: "DB_0", database_id: "x", migrations_dir: "/repository/migrations" }],
  });
});

test("errors and warnings are shown, requests are not", () => {
  expect(isComplaint("✘ [ERROR] Could not resolve x")).toBe(true);
  expect(isComplaint("▲ [WARNING] Something odd")).toBe(true);
  expect(isComplaint("[wrangler:info] GET /health 200 OK (3ms)")).toBe(false);
});

const supervisor = fileURLToPath(new URL("supervisor.ts", import.meta.url));

/** A shell that ends on TERM, and its child that does not: only the end of the whole group gets rid of both. */
const stubborn = "(trap '' TERM; sleep 61; sleep 61) & wait";

test.skipIf(!existsSync("/proc/self/stat"))(
  "when the process that holds the pipe is gone, so is everything that it started",
  async () => {
    const child = spawn(process.execPath, [supervisor, "sh", "-c", stubborn], { detached: true, stdio: "pipe" });
    const closed = new Promise((done) => child.once("close", done));
    while (groupOf(child.pid).length < 4) await sleep(20);
    child.stdin.destroy();
    await closed;
    expect(groupOf(child.pid)).toEqual([]);
  },
);

/** Process ids of a group; dead ones that nobody has waited for yet are left out. */
function groupOf(group: number | undefined): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const [state, , processGroup] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
      return Number(processGroup) === group && state !== "Z";
    } catch {
      return false;
    }
  });
}
