/** What a client tells about itself and its connection, and what follows for a rendition. */
import type { ImageOptions } from "./table.ts";

/** Headers of the request, as sent; null or left out where they are missing. */
export interface RequestHints {
  accept?: string | null;
  userAgent?: string | null;
  /** Sec-CH-DPR and Sec-CH-Viewport-Width: device pixels for one of CSS, and width of the window in those of CSS. */
  secChDpr?: string | null;
  secChViewportWidth?: string | null;
  saveData?: string | null;
  /** Effective connection type, round trip in milliseconds, Mbit/s (https://wicg.github.io/netinfo/). */
  ect?: string | null;
  rtt?: string | null;
  downlink?: string | null;
}

/** Header names that the answer depends on. */
export const sizeHints = ["Sec-CH-DPR", "Sec-CH-Viewport-Width", "User-Agent"] as const;
export const connectionHints = ["Save-Data", "ECT", "RTT", "Downlink"] as const;

const defaultBreakpoints = [320, 768, 960, 1200];
const defaultMobileWidth = 768;
const defaultDesktopWidth = 1200;
/** Phones of 2026 have 3; what a third of a pixel shows nobody sees, and it would cost 2.25 times the pixels of 2. */
const maxDpr = 2;

/** The width in device pixels that `width=auto` means for this client. */
export function automaticWidth(options: ImageOptions, hints: RequestHints): number {
  const viewport = positive(hints.secChViewportWidth);
  if (viewport === undefined) {
    const isMobile = /\bMobi|Android|iPhone|iPod/i.test(hints.userAgent ?? "");
    return isMobile ? (options.wmobile ?? defaultMobileWidth) : (options.wdesktop ?? defaultDesktopWidth);
  }
  const breakpoints = options.wbreakpoints ?? defaultBreakpoints;
  const wanted = viewport * Math.min(maxDpr, positive(hints.secChDpr) ?? 1);
  return breakpoints.find((width) => width >= wanted) ?? breakpoints.at(-1) ?? wanted;
}

/** Cloudflare's thresholds for `slow-connection-quality`. */
export function isSlowConnection({ saveData, ect, rtt, downlink }: RequestHints): boolean {
  if (saveData?.trim().toLowerCase() === "on") return true;
  if (["slow-2g", "2g", "3g"].includes(ect?.trim().toLowerCase() ?? "")) return true;
  return (positive(rtt) ?? 0) > 150 || (positive(downlink) ?? 5) < 5;
}

function positive(header: string | null | undefined): number | undefined {
  const value = header && /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) : 0;
  return value > 0 && Number.isFinite(value) ? value : undefined;
}
