/** What stands in a page's place while there is nothing to show. */
import { VitrineError } from "@vitrine/client";
import type { ReactNode } from "react";
import { useOperatorSession } from "./operator-session.tsx";

export function Waiting({ what }: { what: string }) {
  return (
    <p className="operator__waiting" role="status">
      {what}
    </p>
  );
}

export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="operator__empty">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** Says what the API said. A token that is no longer good is given up instead of being tried again. */
export function Failure({ title, error, onRetry }: { title: string; error: Error; onRetry(): void }) {
  const { leave } = useOperatorSession();
  const isTokenBad = error instanceof VitrineError && (error.status === 401 || error.status === 403);
  return (
    <section className="operator__empty" role="alert">
      <h2>{title}</h2>
      <p>{error.message}</p>
      <button type="button" className="button button--filled" onClick={isTokenBad ? leave : onRetry}>
        {isTokenBad ? "Give another token" : "Try again"}
      </button>
    </section>
  );
}

/** A word with a mark: filled for what is at work, a ring for what is not, a line for what is over. */
export function Status({ word, mark }: { word: string; mark: "on" | "off" | "over" | "bad" }) {
  return (
    <span className={`status status--${mark}`}>
      <span className="status__mark" aria-hidden="true" />
      {word}
    </span>
  );
}
