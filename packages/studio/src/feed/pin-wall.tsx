import type { PinCard as Pin } from "@vitrine/contracts";
import { useMemo } from "react";
import { columnsOf, hang } from "./masonry.ts";
import { wallRatio } from "./picture-sources.ts";
import { PinCard } from "./pin-card.tsx";
import { useSettledWidth } from "./use-settled-width.ts";
import { useWallWidth } from "./use-wall-width.ts";
import type { WallItem } from "./wall.ts";
import "./pin-wall.css";

/** Pictures of the first two rows are asked for first. */
const urgentRows = 2;

export interface PinWallProps {
  items: WallItem[];
  /** Another viewer's wall, still up while the next is on its way. */
  isFormer: boolean;
  onHide(pin: Pin): void;
}

export function PinWall({ items, isFormer, onHide }: PinWallProps) {
  const [wall, width] = useWallWidth();
  const moves = useSettledWidth(width);
  const columns = useMemo(() => columnsOf(width), [width]);
  const { places, height } = useMemo(
    () =>
      hang(
        items.map(({ pin }) => wallRatio(pin)),
        columns,
      ),
    [items, columns],
  );

  return (
    <div
      ref={wall}
      className="wall"
      data-testid="feed"
      data-moves={moves || undefined}
      aria-busy={isFormer}
      inert={isFormer}
      style={{ height }}
    >
      {width > 0 &&
        items.map((item, index) => {
          const place = places[index];
          return (
            place && (
              <PinCard
                key={item.pin.id}
                item={item}
                place={place}
                width={columns.width}
                isUrgent={index < columns.count * urgentRows}
                onHide={onHide}
              />
            )
          );
        })}
    </div>
  );
}
