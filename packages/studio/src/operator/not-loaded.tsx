/** Stands in for the operator's page where its file did not come: the network was away, or a newer version was deployed. */
export function NotLoaded() {
  return (
    <main className="feed">
      <section className="feed__error feed__error--big" role="alert">
        <h2>The page for operators did not come</h2>
        <p>It may have been renewed meanwhile. Load the page again.</p>
        <button type="button" className="button button--filled" onClick={() => location.reload()}>
          Load again
        </button>
      </section>
    </main>
  );
}
