/** EXIF orientation, 1 is upright; 5 to 8 swap the sides. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export const pictureFormats = ["jpeg", "png", "webp", "avif", "gif"] as const;
export type PictureFormat = (typeof pictureFormats)[number];

/** What the header of a picture tells. */
export interface PictureProbe {
  format: PictureFormat;
  contentType: `image/${PictureFormat}`;
  /** Upright size in pixels: the sides are swapped where the orientation says so. */
  width: number;
  height: number;
  orientation: Orientation;
  hasAlpha: boolean;
  isAnimated: boolean;
  /** Bits a sample. */
  bitDepth: number;
  /** 1 grey, 2 grey and alpha, 3 colour (a palette too), 4 colour and alpha, or CMYK in a JPEG. */
  channels: number;
  /** How the samples are coded, as far as decoders differ in what they can do and what it costs them. */
  coding: "plain" | "progressive" | "arithmetic" | "lossless";
  /** Stored samples for one pixel, 1.5 for colour in 4:2:0: what a decoder holds beside the pixels. */
  samplesPerPixel: number;
  /** EXIF's TIFF block as it stands in a JPEG, PNG or WebP; left out where there is none, or too much of it. */
  exif?: Uint8Array;
  /** Size of the file. */
  fileBytes: number;
}

/** What a format's parser finds: sizes as stored, not yet upright. */
export type StoredPicture = Omit<PictureProbe, "contentType" | "fileBytes">;
