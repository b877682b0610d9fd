import { useEffect, useState } from "react";

const settleMillis = 250;

/** Whether a width has not changed for a moment: then a change of places is worth an animation. */
export function useSettledWidth(width: number): boolean {
  const [settled, setSettled] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(width), settleMillis);
    return () => clearTimeout(timer);
  }, [width]);
  return width > 0 && settled === width;
}
