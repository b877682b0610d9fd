import { experimentsAddress } from "./place.ts";

/** From the wall to where a deployment is steered; what it shows takes a service's token. */
export function OperatorLink() {
  return (
    <a className="icon-button" href={experimentsAddress} title="Experiments and models">
      <span className="visually-hidden">Experiments and models</span>
      <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
        <path d="M3 5h9m4 0h1M3 10h2m4 0h8M3 15h8m4 0h2" />
        <circle cx="14" cy="5" r="2" />
        <circle cx="7" cy="10" r="2" />
        <circle cx="13" cy="15" r="2" />
      </svg>
    </a>
  );
}
