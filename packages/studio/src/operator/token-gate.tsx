import { type FormEvent, useRef, useState } from "react";
import { useOperatorSession } from "./operator-session.tsx";

/** Asks for a service's token. The field has no name and is not kept, so no browser writes it anywhere. */
export function TokenGate() {
  const { enter } = useOperatorSession();
  const field = useRef<HTMLInputElement>(null);
  const [complaint, setComplaint] = useState("");
  const [isAsking, setAsking] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setComplaint("");
    setAsking(true);
    try {
      await enter(field.current?.value.trim() ?? "");
    } catch (error) {
      setComplaint(error instanceof Error ? error.message : "This token was not accepted.");
      setAsking(false);
      field.current?.select();
    }
  };

  return (
    <section className="token-gate" aria-labelledby="token-gate-title">
      <h1 id="token-gate-title">A service token, please</h1>
      <p>
        Experiments and models are an operator's, so they take a token of scope <code>service</code>. On a local stack,
        print one with <code>vitrine token --scope service</code>. It stays in the memory of this page: a reload forgets
        it.
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <label htmlFor="token-gate-field">Token</label>
        <input
          id="token-gate-field"
          ref={field}
          type="text"
          className="field token-gate__field"
          required
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-describedby="token-gate-complaint"
        />
        <p id="token-gate-complaint" className="operator__complaint" role="alert">
          {complaint}
        </p>
        <button type="submit" className="button button--filled" disabled={isAsking}>
          {isAsking ? "One moment …" : "Look inside"}
        </button>
      </form>
    </section>
  );
}
