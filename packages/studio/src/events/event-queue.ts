/**
 * What the visitor did, on its way to the API: gathered for a few seconds, sent in batches, sent again when the
 * network was away. Every event keeps its id through all tries, so the server counts it once.
 * Clocks and ids are passed in; the queue itself knows no browser.
 */
import type { EventType } from "@vitrine/contracts";

export interface QueuedEvent {
  id: string;
  type: EventType;
  pinId: string;
  occurredAt: string;
}

export interface EventQueueOptions {
  /** Rejects when the batch did not arrive. */
  send(events: QueuedEvent[]): Promise<unknown>;
  /** Whether a batch that failed with this may be sent again. */
  isTransient(error: unknown): boolean;
  newId(): string;
  now(): number;
  /** Runs `work` after `millis`; the answer cancels it. */
  schedule(work: () => void, millis: number): () => void;
}

/** Long enough to gather a screen of views, short enough that the next page knows of them. */
const gatherMillis = 4_000;
const retryMillis = 15_000;
/** About 130 bytes each: a batch stays far below the 64 KiB that a page may still send while it is left. */
export const maxBatch = 100;
/** Kept while the network is away; the oldest are given up first. */
const maxWaiting = 500;

export class EventQueue {
  #options: EventQueueOptions;
  #waiting: QueuedEvent[] = [];
  #held = new Map<QueuedEvent, () => void>();
  #cancelTimer: (() => void) | null = null;

  constructor(options: EventQueueOptions) {
    this.#options = options;
  }

  add(type: EventType, pinId: string): void {
    this.#enqueue(this.#event(type, pinId));
  }

  /** Adds the event after `millis`, or when the page is left; until then the answered function takes it back. */
  hold(type: EventType, pinId: string, millis: number): () => void {
    const event = this.#event(type, pinId);
    const cancel = this.#options.schedule(() => {
      this.#held.delete(event);
      this.#enqueue(event);
    }, millis);
    this.#held.set(event, cancel);
    return () => {
      cancel();
      this.#held.delete(event);
    };
  }

  /** Sends everything now, held events too: for a page that is being left. */
  flush(): void {
    for (const [event, cancel] of this.#held) {
      cancel();
      this.#waiting.push(event);
    }
    this.#held.clear();
    this.#sendWaiting();
  }

  #event(type: EventType, pinId: string): QueuedEvent {
    const occurredAt = new Date(this.#options.now()).toISOString();
    return { id: this.#options.newId(), type, pinId, occurredAt };
  }

  #enqueue(event: QueuedEvent): void {
    this.#waiting.push(event);
    if (this.#waiting.length >= maxBatch) this.#sendWaiting();
    else this.#sendAfter(gatherMillis);
  }

  #sendAfter(millis: number): void {
    this.#cancelTimer ??= this.#options.schedule(() => this.#sendWaiting(), millis);
  }

  #sendWaiting(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, maxBatch);
      this.#options.send(batch).catch((error) => this.#takeBack(batch, error));
    }
  }

  #takeBack(batch: QueuedEvent[], error: unknown): void {
    if (!this.#options.isTransient(error)) return;
    this.#waiting = [...batch, ...this.#waiting].slice(-maxWaiting);
    this.#sendAfter(retryMillis);
  }
}
