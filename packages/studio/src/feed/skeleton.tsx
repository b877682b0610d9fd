import { useMemo } from "react";
import { columnsOf, hang } from "./masonry.ts";
import { useWallWidth } from "./use-wall-width.ts";
import "./skeleton.css";

/** Ratios and colours of a wall that could be: muted, so that the pictures outshine them. */
const ratios = [
  0.72, 1.3, 0.85, 0.66, 1, 0.8, 1.5, 0.7, 0.95, 0.6, 1.2, 0.75, 0.88, 1.4, 0.68, 0.9, 0.78, 1.1, 0.7, 0.84,
];
const colors = ["#8fa39b", "#b5a48e", "#7f93a1", "#a8b59a", "#b49593", "#93899f", "#c0b58f", "#84a3a0"];

/** What hangs while the first page is on its way. */
export function Skeleton() {
  const [wall, width] = useWallWidth();
  const columns = useMemo(() => columnsOf(width), [width]);
  const { places, height } = useMemo(() => hang(ratios, columns), [columns]);

  return (
    <div ref={wall} className="skeleton" style={{ height }}>
      <span className="visually-hidden" role="status">
        The pictures are on their way.
      </span>
      {width > 0 &&
        places.map((place, index) => (
          <span
            key={`${place.left} ${place.top}`}
            style={{
              width: columns.width,
              height: place.pictureHeight,
              translate: `${place.left}px ${place.top}px`,
              backgroundColor: colors[index % colors.length],
              animationDelay: `${(index % 5) * 140}ms`,
            }}
          />
        ))}
    </div>
  );
}
