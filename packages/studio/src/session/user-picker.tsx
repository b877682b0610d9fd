import { useState } from "react";
import { useToast } from "../toast/toasts.tsx";
import { useSession } from "./session.tsx";
import { TokenDialog } from "./token-dialog.tsx";
import "./user-picker.css";

/** Chooses through whose eyes to look: a demo user, or the owner of a token. */
export function UserPicker() {
  const session = useSession();
  const show = useToast();
  const [isSigningIn, setSigningIn] = useState(false);
  const name = session.user?.name ?? "";

  if (!session.demoUsers) {
    return (
      <>
        <button
          type="button"
          className="user-picker user-picker--button"
          onClick={() => (session.user ? session.signOut() : setSigningIn(true))}
        >
          <Avatar name={name} />
          {session.user ? `Sign out ${name}` : "Sign in"}
        </button>
        {isSigningIn && <TokenDialog onClose={() => setSigningIn(false)} />}
      </>
    );
  }

  const choose = (handle: string) =>
    session.choose(handle || null).catch((error: Error) => show({ text: error.message }));
  return (
    <div className="user-picker">
      <Avatar name={name} />
      <select
        aria-label="Demo user"
        value={session.user?.handle ?? ""}
        onChange={(event) => void choose(event.currentTarget.value)}
      >
        <option value="">Just looking</option>
        {session.demoUsers.map((user) => (
          <option key={user.id} value={user.handle}>
            {user.name}
          </option>
        ))}
      </select>
      <svg className="user-picker__chevron" viewBox="0 0 12 12" aria-hidden="true">
        <path d="m2.5 4.5 3.5 3.5 3.5-3.5" />
      </svg>
    </div>
  );
}

function Avatar({ name }: { name: string }) {
  return (
    <span className="user-picker__avatar" aria-hidden="true">
      {name ? (
        name.charAt(0).toUpperCase()
      ) : (
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5Z" />
          <circle cx="10" cy="10" r="2.4" />
        </svg>
      )}
    </span>
  );
}
