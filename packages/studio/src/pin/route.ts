/** Which pin is open, in the address: `#/pin/{id}`. So it can be linked to, and Back closes it. */
import { useSyncExternalStore } from "react";

const pattern = /^#\/pin\/(pin_[0-9a-z]{18})$/;
const listeners = new Set<() => void>();

/** The id of the open pin, or null. */
export function useOpenPin(): string | null {
  return useSyncExternalStore(subscribe, () => pattern.exec(location.hash)?.[1] ?? null);
}

export function openPin(pinId: string): void {
  history.pushState({ isOpenedHere: true }, "", `#/pin/${pinId}`);
  tell();
}

/** Goes to another pin in the same dialog; Back still closes it. */
export function turnToPin(pinId: string): void {
  history.replaceState(history.state, "", `#/pin/${pinId}`);
  tell();
}

export function closePin(): void {
  if (pattern.exec(location.hash) === null) return;
  if ((history.state as { isOpenedHere?: boolean } | null)?.isOpenedHere) {
    history.back();
    return;
  }
  // Came by a link: going back would leave the page.
  history.replaceState(null, "", location.pathname + location.search);
  tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

function tell(): void {
  for (const listener of listeners) listener();
}
