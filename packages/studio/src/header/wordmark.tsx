/** The product's name, drawn: the dot of its second i is the red dot of a gallery. */
export function Wordmark() {
  return (
    <svg className="wordmark" viewBox="0 0 128 30" role="img" aria-label="Vitrine">
      <g fill="none" stroke="currentcolor" strokeWidth="2.3" strokeLinecap="round" strokeLinejoin="round">
        <path d="M2 7 10 27 18 7" />
        <path d="M27 7v20" />
        <path d="M35 7h17M43.5 7v20" />
        <path d="M61 27V7h7.5a5.7 5.7 0 0 1 0 11.4H61m8.5 0L76 27" />
        <path d="M85 14v13" />
        <path d="M94 27V7l15 20V7" />
        <path d="M126 7h-8v20h8m-8-10h7" />
      </g>
      <circle cx="85" cy="6.5" r="3.3" fill="var(--dot)" />
    </svg>
  );
}
