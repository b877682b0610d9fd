/** The memory of the workerd that this process has started, as Linux tells it. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** Bytes resident in all `workerd` processes below `ancestor`; null where there is no /proc, or none of them. */
export function workerdBytes(ancestor: number = process.pid): number | null {
  return sumOf("VmRSS", ancestor);
}

/**
 * Bytes of address space that they have. Heaps hardly change it; each WASM memory that is alive, also one that nobody
 * reaches any more, keeps a reservation for all that it may grow to.
 */
export function workerdReservedBytes(ancestor: number = process.pid): number | null {
  return sumOf("VmSize", ancestor);
}

function sumOf(field: "VmRSS" | "VmSize", ancestor: number): number | null {
  const found = workerdProcesses(ancestor);
  if (found.length === 0) return null;
  return found.reduce((sum, { pid }) => sum + statusBytes(pid, field), 0);
}

/** The `workerd` processes below `ancestor`: wrangler starts one for its proxy and one for all Workers. */
export function workerdProcesses(ancestor: number = process.pid): Process[] {
  const processes = readProcesses();
  return processes.filter(({ pid, name }) => name === "workerd" && isBelow(pid, ancestor, processes));
}

/** The TCP ports on which a process of this machine listens: proc_pid_net(5), state 0A. */
export function listeningPorts(pid: number): number[] {
  const sockets = new Set(listed(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`)));
  return read(`/proc/${pid}/net/tcp`)
    .split("\n")
    .flatMap((line) => {
      const [, local = "", , state, , , , , , inode] = line.trim().split(/\s+/);
      return state === "0A" && sockets.has(`socket:[${inode}]`) ? [Number.parseInt(local.split(":")[1] ?? "", 16)] : [];
    });
}

interface Process {
  pid: number;
  parent: number;
  name: string;
}

function readProcesses(): Process[] {
  return listed("/proc").flatMap((entry) => {
    // The name is in brackets and may have any characters: proc_pid_stat(5).
    const [, name, parent] =
      /^\d+ \((.*)\) \S (\d+)/s.exec(/^\d+$/.test(entry) ? read(`/proc/${entry}/stat`) : "") ?? [];
    return name === undefined ? [] : [{ pid: Number(entry), parent: Number(parent), name }];
  });
}

function isBelow(pid: number, ancestor: number, processes: readonly Process[]): boolean {
  const parents = new Map(processes.map((each) => [each.pid, each.parent]));
  for (let current = pid; current > 1; current = parents.get(current) ?? 0) if (current === ancestor) return true;
  return false;
}

function statusBytes(pid: number, field: "VmRSS" | "VmSize"): number {
  const line = read(`/proc/${pid}/status`)
    .split("\n")
    .find((each) => each.startsWith(`${field}:`));
  return Number(/(\d+) kB$/.exec(line ?? "")?.[1] ?? 0) * 1024;
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

/** Nothing for a process that has ended in the meantime. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
