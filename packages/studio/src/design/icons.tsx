/** Drawn on 20 × 20 in the colour of their words; their buttons carry the names. */
export function CloseIcon() {
  return <Icon path="m4.5 4.5 11 11m0-11-11 11" />;
}

export function PreviousIcon() {
  return <Icon path="M12.5 3.5 6 10l6.5 6.5" />;
}

export function NextIcon() {
  return <Icon path="M7.5 3.5 14 10l-6.5 6.5" />;
}

function Icon({ path }: { path: string }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}
