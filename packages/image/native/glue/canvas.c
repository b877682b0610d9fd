/*
 * The picture at output size: turning it upright and changing what its samples mean. All of it works on a few
 * hundred thousand pixels, after the resizer, which is why plain loops are enough.
 */
#include "pack.h"

canvas_t canvas;

/* Rows are padded to whole MCUs of 16, whose right part the JPEG encoder reads, and one SIMD store more. */
static int stride_of(int width, int channels) { return ((width + 15) & ~15) * channels + 16; }

EXPORT("canvas_plane") u8* canvas_plane(int index, int width, int height, int channels) {
  canvas.stride[index] = stride_of(width, channels);
  canvas.plane_width[index] = width;
  canvas.plane_height[index] = height;
  canvas.data[index] = take((size_t)canvas.stride[index] * height);
  return canvas.data[index];
}

EXPORT("canvas_open") void canvas_open(int width, int height, int channels, int count) {
  canvas.width = width;
  canvas.height = height;
  canvas.channels = channels;
  canvas.count = count;
}
EXPORT("canvas_close") void canvas_close(void) {
  for (int i = 0; i < canvas.count; i++) {
    give(canvas.data[i]);
    canvas.data[i] = NULL;
  }
}
EXPORT("canvas_data") u8* canvas_data(int index) { return canvas.data[index]; }
EXPORT("canvas_stride") int canvas_stride(int index) { return canvas.stride[index]; }

/* A plane of one value, such as the chroma of a grey picture. */
EXPORT("canvas_fill") void canvas_fill(int index, int width, int height, int value) {
  canvas_plane(index, width, height, 1);
  memset(canvas.data[index], value, (size_t)canvas.stride[index] * height);
}

static void turn(int index, int swaps, int flips_x, int flips_y) {
  const int w = canvas.plane_width[index], h = canvas.plane_height[index], from = canvas.stride[index];
  u8* old = canvas.data[index];
  const int channels = canvas.channels;
  u8* fresh = canvas_plane(index, swaps ? h : w, swaps ? w : h, channels);
  const int to_width = canvas.plane_width[index], to_height = canvas.plane_height[index];
  for (int y = 0; y < to_height; y++) {
    u8* to = fresh + (size_t)y * canvas.stride[index];
    for (int x = 0; x < to_width; x++) {
      int sx = swaps ? y : x, sy = swaps ? x : y;
      if (flips_x) sx = w - 1 - sx;
      if (flips_y) sy = h - 1 - sy;
      if (channels == 1) to[x] = old[(size_t)sy * from + sx];
      else memcpy(to + 4 * x, old + (size_t)sy * from + 4 * sx, 4);
    }
  }
  give(old);
}

/* Mirrors the stored picture where told, then swaps its axes where told. */
EXPORT("canvas_turn") void canvas_turn(int swaps, int flips_x, int flips_y) {
  for (int i = 0; i < canvas.count; i++) turn(i, swaps, flips_x, flips_y);
  if (swaps) {
    int width = canvas.width;
    canvas.width = canvas.height;
    canvas.height = width;
  }
}

static inline u8 clamp(int value) { return (u8)(value < 0 ? 0 : value > 255 ? 255 : value); }

/* JFIF, full range, 16-bit fixed point: 1.402, 0.344136, 0.714136, 1.772. */
static inline void to_rgb(int y, int cb, int cr, u8* out) {
  cb -= 128;
  cr -= 128;
  out[0] = clamp(y + ((91881 * cr + 32768) >> 16));
  out[1] = clamp(y - ((22554 * cb + 46802 * cr + 32767) >> 16));
  out[2] = clamp(y + ((116130 * cb + 32768) >> 16));
}

/* What planes hold; the same numbers as in src/pack/header.ts. */
enum { PLANES_GREY = 1, PLANES_RGB = 2, PLANES_YCC = 3, PLANES_CMYK = 4, PLANES_YCCK = 5 };

/*
 * Planes of one size to interleaved bytes: RGBA, or CMYK where the planes are that (`inverted` as Adobe stores
 * it: 255 is no ink). The old planes are given back.
 */
EXPORT("canvas_interleave") void canvas_interleave(int meaning, int inverted) {
  canvas_t old = canvas;
  canvas.channels = 4;
  canvas.count = 1;
  canvas_plane(0, old.plane_width[0], old.plane_height[0], 4);
  const u8 flip = inverted ? 255 : 0;
  for (int y = 0; y < old.plane_height[0]; y++) {
    const u8* in[MAX_PLANES];
    for (int i = 0; i < MAX_PLANES; i++) in[i] = i < old.count ? old.data[i] + (size_t)y * old.stride[i] : NULL;
    u8* out = canvas.data[0] + (size_t)y * canvas.stride[0];
    for (int x = 0; x < old.plane_width[0]; x++, out += 4) {
      switch (meaning) {
        case PLANES_GREY: out[0] = out[1] = out[2] = in[0][x]; out[3] = 255; break;
        case PLANES_RGB: out[0] = in[0][x]; out[1] = in[1][x]; out[2] = in[2][x]; out[3] = 255; break;
        case PLANES_YCC: to_rgb(in[0][x], in[1][x], in[2][x], out); out[3] = 255; break;
        case PLANES_YCCK:
          /* YCC codes RGB as the complement of CMY. */
          to_rgb(in[0][x], in[1][x], in[2][x], out);
          out[0] = (u8)~out[0] ^ flip;
          out[1] = (u8)~out[1] ^ flip;
          out[2] = (u8)~out[2] ^ flip;
          out[3] = in[3][x] ^ flip;
          break;
        default: for (int i = 0; i < 4; i++) out[i] = in[i][x] ^ flip;
      }
    }
  }
  for (int i = 0; i < old.count; i++) give(old.data[i]);
}

/* Lays the picture over one colour, 0xRRGGBB. */
EXPORT("canvas_flatten") void canvas_flatten(int colour) {
  for (int y = 0; y < canvas.height; y++) {
    u8* row = canvas.data[0] + (size_t)y * canvas.stride[0];
    for (int x = 0; x < canvas.width; x++, row += 4) {
      int alpha = row[3];
      if (alpha == 255) continue;
      for (int c = 0; c < 3; c++) row[c] = (u8)((row[c] * alpha + ((colour >> (16 - 8 * c)) & 255) * (255 - alpha) + 127) / 255);
      row[3] = 255;
    }
  }
}

EXPORT("canvas_opaque") int canvas_opaque(void) {
  for (int y = 0; y < canvas.height; y++) {
    const u8* row = canvas.data[0] + (size_t)y * canvas.stride[0];
    for (int x = 0; x < canvas.width; x++)
      if (row[4 * x + 3] != 255) return 0;
  }
  return 1;
}
