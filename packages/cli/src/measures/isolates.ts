/**
 * What single Workers hold, apart from all else in their workerd: it has the simulators of R2, D1 and the caches too,
 * and lets garbage lie while the machine has memory. Asked of workerd's own inspector, one target an isolate
 * (https://chromedevtools.github.io/devtools-protocol/v8/).
 */
import { listeningPorts, workerdProcesses } from "./workerd-memory.ts";

export interface Isolates {
  /** Bytes that live in each Worker after a collection of garbage, in order; null for one that did not answer. */
  liveBytes(): Promise<(number | null)[]>;
}

/** Other ports of workerd may take a connection and say nothing. */
const askMillis = 1_000;
/** An inspector is heard when its isolate next runs: under load at once, else with the next request. */
const answerMillis = 10_000;

/** The isolates of the Workers in the workerd below this process; null where none can be asked. */
export async function openIsolates(workers: readonly string[]): Promise<Isolates | null> {
  for (const port of workerdProcesses().flatMap(({ pid }) => listeningPorts(pid))) {
    const ids = await targetsOf(port);
    const wanted = workers.map((worker) => `core:user:${worker}`);
    if (!wanted.every((id) => ids.includes(id))) continue;
    return {
      liveBytes: () =>
        Promise.all(wanted.map((id) => liveBytesOf(`ws://127.0.0.1:${port}/${encodeURI(id)}`).catch(() => null))),
    };
  }
  return null;
}

async function targetsOf(port: number): Promise<string[]> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/json`, { signal: AbortSignal.timeout(askMillis) });
    return ((await answer.json()) as { id: string }[]).map(({ id }) => id);
  } catch {
    return [];
  }
}

/** Runtime.getHeapUsage, in bytes. WASM memories are not among the buffers: address space tells of those. */
interface HeapUsage {
  usedSize: number;
  embedderHeapUsedSize?: number;
  backingStorageSize?: number;
}

async function liveBytesOf(address: string): Promise<number> {
  const socket = new WebSocket(address);
  const timer = setTimeout(() => socket.close(), answerMillis);
  try {
    await eventOf(socket, "open");
    await call(socket, "HeapProfiler.enable");
    await call(socket, "HeapProfiler.collectGarbage");
    const usage = (await call(socket, "Runtime.getHeapUsage")) as HeapUsage;
    return usage.usedSize + (usage.embedderHeapUsedSize ?? 0) + (usage.backingStorageSize ?? 0);
  } finally {
    clearTimeout(timer);
    socket.close();
  }
}

let lastCall = 0;

async function call(socket: WebSocket, method: string): Promise<unknown> {
  lastCall += 1;
  const id = lastCall;
  socket.send(JSON.stringify({ id, method }));
  for (;;) {
    const { data } = (await eventOf(socket, "message")) as MessageEvent;
    const answer = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: { message: string } };
    if (answer.id !== id) continue;
    if (answer.error) throw new Error(`${method}: ${answer.error.message}`);
    return answer.result;
  }
}

function eventOf(socket: WebSocket, type: "open" | "message"): Promise<Event> {
  return new Promise((resolve, reject) => {
    const end = () => reject(new Error("the inspector ended"));
    socket.addEventListener(type, resolve, { once: true });
    socket.addEventListener("close", end, { once: true });
    socket.addEventListener("error", end, { once: true });
  });
}
