import { type FormEvent, useEffect, useRef, useState } from "react";
import { useSession } from "./session.tsx";
import "./token-dialog.css";

/** Signs in with a pasted token, where this is no demo. */
export function TokenDialog({ onClose }: { onClose(): void }) {
  const session = useSession();
  const dialog = useRef<HTMLDialogElement>(null);
  const [complaint, setComplaint] = useState("");
  useEffect(() => dialog.current?.showModal(), []);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get("token") ?? "").trim();
    try {
      await session.signIn(token);
      dialog.current?.close();
    } catch (error) {
      setComplaint(error instanceof Error ? error.message : "This token was not accepted.");
    }
  };

  return (
    <dialog ref={dialog} className="token-dialog" aria-labelledby="token-title" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id="token-title">Sign in with a token</h2>
        <p>
          Print one with <code>vitrine token --user NAME --scope writer</code>. It stays in this tab.
        </p>
        <label>
          Token
          <textarea name="token" rows={4} required spellCheck={false} autoComplete="off" />
        </label>
        <p className="token-dialog__complaint" role="alert">
          {complaint}
        </p>
        <div className="token-dialog__buttons">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="submit" className="button button--filled">
            Sign in
          </button>
        </div>
      </form>
    </dialog>
  );
}
