/** An images Worker that tells what it is asked for and answers as the test says. */
import type { ImagesService, PreparedPicture } from "@vitrine/contracts";
import { planKey } from "@vitrine/image";
import { beforeEach } from "vitest";

type Images = ImagesService<Response>;

export interface RecordedImages {
  asked: Parameters<Images["rendition"]>[0][];
  prepared: Parameters<Images["prepare"]>[0][];
  /** How the next requests are answered; each test begins with the default. */
  rendition: Images["rendition"];
  prepare: () => Promise<PreparedPicture>;
  service: Images;
}

/** By default a rendition is its original and its plan in words, and a prepared picture one grey pixel. */
export function recordedImages(): RecordedImages {
  const rendition: Images["rendition"] = async ({ originalHash, plan }) =>
    new Response(`${originalHash} ${planKey(plan)}`, {
      headers: { "Content-Type": `image/${plan.format}`, "Server-Timing": 'cache;desc="origin", decode;dur=1.0' },
    });
  const pixel = { width: 1, height: 1, data: Uint8Array.of(9, 9, 9, 255) };
  const prepare = async () => ({ width: 1, height: 1, raster: pixel });
  const images: RecordedImages = {
    asked: [],
    prepared: [],
    rendition,
    prepare,
    service: {
      rendition(request) {
        images.asked.push(request);
        return images.rendition(request);
      },
      prepare(request) {
        images.prepared.push(request);
        return images.prepare();
      },
    },
  };
  beforeEach(() => {
    Object.assign(images, { rendition, prepare });
    images.asked.length = 0;
    images.prepared.length = 0;
  });
  return images;
}
