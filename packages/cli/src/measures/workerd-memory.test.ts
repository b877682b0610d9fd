import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { listeningPorts, workerdBytes, workerdReservedBytes } from "./workerd-memory.ts";

test.skipIf(!existsSync("/proc/self/status"))(
  "the memory of a workerd below a process is found, of others not",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "vitrine-workerd-"));
    const standIn = join(folder, "workerd");
    copyFileSync("/bin/sleep", standIn, 0);
    const shell = spawn("sh", ["-c", `"${standIn}" 60 & echo started; wait`], {
      stdio: ["ignore", "pipe", "ignore"],
      detached: true,
    });
    const ended = once(shell, "close");
    await once(shell.stdout, "data");
    try {
      await expect.poll(() => workerdBytes(shell.pid)).toBeGreaterThan(100_000);
      expect(workerdBytes(shell.pid)).toBeLessThan(100_000_000);
      expect(workerdBytes(2 ** 30)).toBeNull();
      expect(workerdReservedBytes(shell.pid)).toBeGreaterThan(workerdBytes(shell.pid) ?? 0);
    } finally {
      process.kill(-(shell.pid ?? 0), "SIGKILL");
      await ended;
      rmSync(folder, { recursive: true });
    }
  },
);

test.skipIf(!existsSync("/proc/self/status"))(
  "the ports on which a process listens are found, and no longer",
  async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    expect(listeningPorts(process.pid)).toContain(port);
    server.close();
    await once(server, "close");
    expect(listeningPorts(process.pid)).not.toContain(port);
  },
);
