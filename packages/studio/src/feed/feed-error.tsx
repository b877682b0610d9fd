export interface FeedErrorProps {
  error: Error | null;
  onRetry(): void;
  /** Instead of the wall, not below it. */
  isBig?: boolean;
}

export function FeedError({ error, onRetry, isBig = false }: FeedErrorProps) {
  return (
    <section className={isBig ? "feed__error feed__error--big" : "feed__error"} role="alert">
      <h2>{isBig ? "The wall is empty for now" : "The next pictures did not come"}</h2>
      <p>{error?.message ?? "The feed did not answer."}</p>
      <button type="button" className="button button--filled" onClick={onRetry}>
        Try again
      </button>
    </section>
  );
}
