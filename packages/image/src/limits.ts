/**
 * What a picture may be. An isolate has 128 MiB for JavaScript and WASM together, and no local run enforces it: the
 * numbers here are the only guard.
 */
export const pictureLimits = {
  /**
   * Bytes that all pictures in work may take together, files and copies included. 128 MiB is 134.2 MB; 30 MB of it
   * stay for the heap, compiled code, an idle instance of the pack (16 MiB at most), answers on their way and garbage.
   */
  pictureBudgetBytes: 104_000_000,
  /**
   * What Cloudflare's own service takes (https://developers.cloudflare.com/images/transform-images/#limits). Memory
   * seldom ends earlier: rows stream, so that a baseline JPEG of 100 MP takes 6 MB. Time does: 100 MP take a second.
   */
  maxInputPixels: 100_000_000,
  /** JPEG's own limit (T.81 B.2.2 has 16 bits), and what keeps a row of any format below a megabyte. */
  maxInputSide: 65_535,
  /**
   * Of all frames of an animation together, each as large as the canvas; Cloudflare's limit as well. Beyond it and the
   * next, a rendition shows the first frame.
   */
  maxAnimationPixels: 100_000_000,
  /** Forty seconds at 25 a second. */
  maxAnimationFrames: 1_000,
  /** Of a rendition, as Cloudflare's own; WebP ends at 16,383. Its pixels are bounded by the memory alone. */
  maxOutputSide: 12_000,
} as const;
