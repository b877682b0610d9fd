import { useEffect, useRef } from "react";
import { Wordmark } from "../header/wordmark.tsx";
import "../header/header.css";
import { ExperimentList } from "./experiment-list.tsx";
import { ExperimentPage } from "./experiment-page.tsx";
import { ModelList } from "./model-list.tsx";
import { useOperatorSession } from "./operator-session.tsx";
import { experimentsAddress, modelsAddress, type OperatorPlace } from "./place.ts";
import { TokenGate } from "./token-gate.tsx";
import "./operator.css";

/** Where a deployment is steered. A chunk of its own: whoever looks at pictures does not load it. */
export default function Operator({ place }: { place: OperatorPlace }) {
  const { api, leave } = useOperatorSession();
  const main = useMain(place);

  return (
    <>
      {/* A button, for the address says where the operator is and a link would change it. */}
      <button type="button" className="skip-link" onClick={() => main.current?.focus()}>
        Skip to the page
      </button>
      <header className="header">
        <a className="header__home" href="#/">
          <Wordmark />
        </a>
        {api && (
          <button type="button" className="button" onClick={leave}>
            Forget the token
          </button>
        )}
      </header>
      <main className="operator" tabIndex={-1} ref={main}>
        <nav className="operator__nav" aria-label="For operators">
          <NavLink address={experimentsAddress} isCurrent={place.page !== "models"} word="Experiments" />
          <NavLink address={modelsAddress} isCurrent={place.page === "models"} word="Models" />
        </nav>
        {api === null && <TokenGate />}
        {api && place.page === "experiments" && <ExperimentList api={api} />}
        {api && place.page === "experiment" && <ExperimentPage key={place.id} api={api} id={place.id} />}
        {api && place.page === "models" && <ModelList api={api} />}
      </main>
    </>
  );
}

function NavLink({ address, isCurrent, word }: { address: string; isCurrent: boolean; word: string }) {
  return (
    <a href={address} aria-current={isCurrent ? "page" : undefined}>
      {word}
    </a>
  );
}

/** Another place is another page: it begins at its top, and the keyboard goes on from there. */
function useMain(place: OperatorPlace) {
  const ref = useRef<HTMLElement>(null);
  const former = useRef(place);
  useEffect(() => {
    document.title = place.page === "models" ? "Models · Vitrine" : "Experiments · Vitrine";
    if (former.current === place) return;
    former.current = place;
    scrollTo(0, 0);
    ref.current?.focus({ preventScroll: true });
  }, [place]);
  return ref;
}
