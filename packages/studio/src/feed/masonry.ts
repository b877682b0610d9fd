/**
 * A wall of columns: each picture hangs in the column that is shortest so far.
 * Sizes come from the pins' own dimensions, so every place is known before a byte of a picture has arrived,
 * and the first n places depend on the first n pictures alone: what is added or exchanged later moves none of them.
 */

/** Of a column, in CSS pixels; `medium` renditions are 236 wide. */
const minColumnWidth = 220;
const phoneWidth = 600;

/** Title and reason under a picture: fixed, so that nothing has to be measured. */
export const captionHeight = 60;

export interface Columns {
  count: number;
  width: number;
  gap: number;
}

/** Two columns on the narrowest phone, more as the wall widens; widths in CSS pixels. */
export function columnsOf(wallWidth: number): Columns {
  const gap = wallWidth < phoneWidth ? 12 : 24;
  const count = Math.max(2, Math.floor((wallWidth + gap) / (minColumnWidth + gap)));
  return { count, width: (wallWidth - gap * (count - 1)) / count, gap };
}

export interface Place {
  left: number;
  top: number;
  /** Of the picture; the caption comes below. */
  pictureHeight: number;
}

/** Where pictures with these ratios (width ÷ height) hang, and how high the wall is. */
export function hang(ratios: readonly number[], columns: Columns): { places: Place[]; height: number } {
  const heights = new Array<number>(columns.count).fill(0);
  const places = ratios.map((ratio) => {
    const column = shortest(heights);
    const top = heights[column] ?? 0;
    const pictureHeight = Math.round(columns.width / ratio);
    heights[column] = top + pictureHeight + captionHeight;
    return { left: column * (columns.width + columns.gap), top, pictureHeight };
  });
  return { places, height: Math.max(...heights) };
}

function shortest(heights: readonly number[]): number {
  let best = 0;
  for (const [column, height] of heights.entries()) if (height < (heights[best] ?? 0)) best = column;
  return best;
}
