import type { Region } from "@vitrine/contracts";
import { useSaves } from "../saves/saves.tsx";
import { useSession } from "../session/session.tsx";
import { regionName } from "./words.ts";
import "./intro.css";

export interface IntroProps {
  /** Null while the feed has not answered. */
  region: Region | null;
  degraded: string[];
}

/** Whose wall this is, where it stands, and what it goes by. */
export function Intro({ region, degraded }: IntroProps) {
  const { user, demoUsers } = useSession();
  const { items, isPending } = useSaves();

  return (
    <header className="intro">
      <h1>{user ? `For ${user.name}` : "On view today"}</h1>
      <p>
        {!user &&
          `What people look at, and what has just come in. ${demoUsers ? "Choose a user" : "Sign in"}, and the wall becomes theirs.`}
        {user &&
          !isPending &&
          items.length === 0 &&
          "Nothing saved yet, so this is what is trending and new. Mark a picture with the red dot, and the wall moves towards it."}
        {user &&
          items.length > 0 &&
          "Chosen from what you saved. Mark one more with the red dot, and the wall moves towards it."}
      </p>
      {region && (
        <p className="intro__region">
          <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
            <path d="M10 17.5S4.5 12.3 4.5 8a5.5 5.5 0 0 1 11 0c0 4.3-5.5 9.5-5.5 9.5Z" />
            <circle cx="10" cy="8" r="1.8" />
          </svg>
          {regionName[region]}
        </p>
      )}
      {degraded.length > 0 && (
        <p className="intro__degraded" role="status">
          Part of this feed is late ({degraded.join(", ")}); what is trending and new stands in for it.
        </p>
      )}
    </header>
  );
}
