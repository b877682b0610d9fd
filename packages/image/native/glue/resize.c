/*
 * The separable resizer. The vertical filter runs first, over a ring of source rows, because it is the one that
 * SIMD does without any shuffling across pixels; what is left for the horizontal filter is output-high.
 *
 * Weights are 14-bit fixed point: 16384 is one, so that the weight of an identity fits into 16 bits, and a sum of
 * 8-bit samples into 32. Sums are rounded to 8 bits between the passes, as libvips does.
 */
#include <wasm_simd128.h>
#include "pack.h"

plane_t planes[MAX_PLANES];

enum { weight_bits = 14 };

/* Arrays are allocated by the driver: start_* has one entry an output sample, weight_* taps_* of them. taps_x is a
 * multiple of 8 (1 channel) or 4 (4 channels), taps_y of 2, and there are 3 spare rows of weight_x. */
EXPORT("plane_filters") void plane_filters(int index, int taps_x, const int32_t* start_x, const int16_t* weight_x, int taps_y,
                                           const int32_t* start_y, const int16_t* weight_y, int bias) {
  plane_t* p = &planes[index];
  p->taps_x = taps_x;
  p->start_x = start_x;
  p->weight_x = weight_x;
  p->taps_y = taps_y;
  p->start_y = start_y;
  p->weight_y = weight_y;
  p->bias = bias;
}

EXPORT("plane_open") void plane_open(int index, int channels, int premultiply, int box, int left, int top, int width,
                                     int height, int out_width, int out_height) {
  plane_t* p = &planes[index];
  p->used = 1;
  p->channels = channels;
  p->premultiply = premultiply;
  p->box = box;
  p->left = left;
  p->top = top;
  p->width = width;
  p->height = height;
  p->out_width = out_width;
  p->out_height = out_height;
  p->have = p->made = p->seen = p->summed = 0;
  /* The horizontal filter reads whole groups of taps, with weights of zero behind the window's end. */
  int padded = width > p->taps_x ? width : p->taps_x;
  p->stride = (padded * channels + 47) & ~15;
  p->capacity = p->taps_y < height ? p->taps_y : height;
  p->ring = take((size_t)p->stride * p->capacity);
  memset(p->ring, 0, (size_t)p->stride * p->capacity);
  p->line = take(p->stride);
  p->rows = take(sizeof *p->rows * p->taps_y);
  if (box > 1) {
    p->sums = take(sizeof *p->sums * width * channels);
    memset(p->sums, 0, sizeof *p->sums * width * channels);
  }
  canvas_plane(index, out_width, out_height, channels);
}

static void filter_rows(const plane_t* p, const int16_t* weight) {
  const int bytes = p->width * p->channels;
  const v128_t bias = wasm_i32x4_splat(p->bias);
  for (int x = 0; x < bytes; x += 16) {
    v128_t a = bias, b = bias, c = bias, d = bias;
    for (int k = 0; k < p->taps_y; k += 2) {
      v128_t r0 = wasm_v128_load(p->rows[k] + x), r1 = wasm_v128_load(p->rows[k + 1] + x);
      v128_t w = wasm_v128_load32_splat(weight + k);
      v128_t lo = wasm_i8x16_shuffle(r0, r1, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      v128_t hi = wasm_i8x16_shuffle(r0, r1, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      a = wasm_i32x4_add(a, wasm_i32x4_dot_i16x8(wasm_u16x8_extend_low_u8x16(lo), w));
      b = wasm_i32x4_add(b, wasm_i32x4_dot_i16x8(wasm_u16x8_extend_high_u8x16(lo), w));
      c = wasm_i32x4_add(c, wasm_i32x4_dot_i16x8(wasm_u16x8_extend_low_u8x16(hi), w));
      d = wasm_i32x4_add(d, wasm_i32x4_dot_i16x8(wasm_u16x8_extend_high_u8x16(hi), w));
    }
    v128_t ab = wasm_i16x8_narrow_i32x4(wasm_i32x4_shr(a, weight_bits), wasm_i32x4_shr(b, weight_bits));
    v128_t cd = wasm_i16x8_narrow_i32x4(wasm_i32x4_shr(c, weight_bits), wasm_i32x4_shr(d, weight_bits));
    wasm_v128_store(p->line + x, wasm_u8x16_narrow_i16x8(ab, cd));
  }
}

static inline v128_t dot8(const u8* in, const int16_t* weight, int taps) {
  v128_t sum = wasm_i32x4_dot_i16x8(wasm_u16x8_load8x8(in), wasm_v128_load(weight));
  for (int k = 8; k < taps; k += 8)
    sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(wasm_u16x8_load8x8(in + k), wasm_v128_load(weight + k)));
  return sum;
}

/* One channel: four output samples at a time, whose four partial sums each are added by transposing. */
static void filter_line(const plane_t* p, u8* out) {
  const int taps = p->taps_x;
  const int16_t* w = p->weight_x;
  const v128_t rounding = wasm_i32x4_splat(1 << (weight_bits - 1));
  for (int i = 0; i < p->out_width; i += 4, w += 4 * taps) {
    const int32_t* start = p->start_x + i;
    v128_t a = dot8(p->line + start[0], w, taps), b = dot8(p->line + start[1], w + taps, taps);
    v128_t c = dot8(p->line + start[2], w + 2 * taps, taps), d = dot8(p->line + start[3], w + 3 * taps, taps);
    v128_t ab = wasm_i32x4_add(wasm_i32x4_shuffle(a, b, 0, 4, 1, 5), wasm_i32x4_shuffle(a, b, 2, 6, 3, 7));
    v128_t cd = wasm_i32x4_add(wasm_i32x4_shuffle(c, d, 0, 4, 1, 5), wasm_i32x4_shuffle(c, d, 2, 6, 3, 7));
    v128_t sum = wasm_i32x4_add(wasm_i64x2_shuffle(ab, cd, 0, 2), wasm_i64x2_shuffle(ab, cd, 1, 3));
    sum = wasm_i32x4_shr(wasm_i32x4_add(sum, rounding), weight_bits);
    sum = wasm_i16x8_narrow_i32x4(sum, sum);
    wasm_v128_store32_lane(out + i, wasm_u8x16_narrow_i16x8(sum, sum), 0);
  }
}

/* Four channels: four source pixels at a time, two taps of each channel side by side for the dot product. */
static void filter_line4(const plane_t* p, u8* out) {
  const int taps = p->taps_x;
  const int16_t* w = p->weight_x;
  for (int i = 0; i < p->out_width; i++, w += taps) {
    const u8* in = p->line + 4 * p->start_x[i];
    v128_t sum = wasm_i32x4_splat(1 << (weight_bits - 1));
    for (int k = 0; k < taps; k += 4) {
      v128_t pixels = wasm_v128_load(in + 4 * k);
      v128_t pairs = wasm_i8x16_shuffle(pixels, pixels, 0, 4, 1, 5, 2, 6, 3, 7, 8, 12, 9, 13, 10, 14, 11, 15);
      sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(wasm_u16x8_extend_low_u8x16(pairs), wasm_v128_load32_splat(w + k)));
      sum = wasm_i32x4_add(sum, wasm_i32x4_dot_i16x8(wasm_u16x8_extend_high_u8x16(pairs), wasm_v128_load32_splat(w + k + 2)));
    }
    sum = wasm_i32x4_shr(sum, weight_bits);
    sum = wasm_i16x8_narrow_i32x4(sum, sum);
    wasm_v128_store32_lane(out + 4 * i, wasm_u8x16_narrow_i16x8(sum, sum), 0);
  }
}

static void premultiply(plane_t* p, u8* row) {
  for (int x = 0; x < p->width; x++, row += 4) {
    unsigned alpha = row[3];
    if (alpha == 255) continue;
    p->is_opaque = 0;
    for (int c = 0; c < 3; c++) {
      unsigned product = row[c] * alpha + 128;
      row[c] = (u8)((product + (product >> 8)) >> 8);
    }
  }
}

static void unpremultiply(u8* row, int width) {
  for (int x = 0; x < width; x++, row += 4) {
    unsigned alpha = row[3];
    if (alpha == 255) continue;
    for (int c = 0; c < 3; c++) {
      unsigned value = alpha ? (row[c] * 255 + alpha / 2) / alpha : 0;
      row[c] = (u8)(value > 255 ? 255 : value);
    }
  }
}

static u8* ring_row(const plane_t* p, int y) { return p->ring + (size_t)(y % p->capacity) * p->stride; }

/* Makes every output row whose last source row has come. */
static void drain(plane_t* p) {
  const int index = (int)(p - planes);
  while (p->made < p->out_height) {
    int start = p->start_y[p->made];
    int end = start + p->taps_y;
    if (p->have < (end < p->height ? end : p->height)) return;
    for (int k = 0; k < p->taps_y; k++) p->rows[k] = ring_row(p, start + k < p->height ? start + k : p->height - 1);
    filter_rows(p, p->weight_y + (size_t)p->made * p->taps_y);
    u8* out = canvas.data[index] + (size_t)p->made * canvas.stride[index];
    if (p->channels == 1) {
      filter_line(p, out);
    } else {
      filter_line4(p, out);
      if (p->premultiply && !p->is_opaque) unpremultiply(out, p->out_width);
    }
    p->made++;
  }
}

static void push(plane_t* p, const u8* row) {
  u8* to = ring_row(p, p->have);
  memcpy(to, row, (size_t)p->width * p->channels);
  if (p->premultiply) {
    if (p->have == 0) p->is_opaque = 1;
    premultiply(p, to);
  }
  p->have++;
  drain(p);
}

/* Averages box x box source pixels; with alpha each counts by its alpha. */
static void push_boxed(plane_t* p, const u8* row) {
  const int ch = p->channels, box = p->box;
  for (int x = 0; x < p->width; x++)
    for (int i = 0; i < box; i++, row += ch) {
      unsigned alpha = p->premultiply ? row[3] : 255;
      for (int c = 0; c < ch; c++) p->sums[x * ch + c] += c == 3 || alpha == 255 ? row[c] : (row[c] * alpha + 127) / 255;
    }
  if (++p->summed < box) return;
  p->summed = 0;
  const unsigned area = (unsigned)(box * box);
  u8* to = ring_row(p, p->have);
  for (int i = 0; i < p->width * ch; i++) to[i] = (u8)((p->sums[i] + area / 2) / area);
  memset(p->sums, 0, sizeof *p->sums * p->width * ch);
  p->is_opaque = 0; /* unpremultiply() passes over opaque pixels */
  p->have++;
  drain(p);
}

void plane_row(plane_t* p, const u8* row) {
  int y = p->seen++;
  if (y < p->top * p->box || p->have >= p->height) return;
  row += (size_t)p->left * p->box * p->channels;
  if (p->box > 1) push_boxed(p, row);
  else push(p, row);
}

/* Rows of a raster that the driver holds. */
EXPORT("plane_rows") void plane_rows(int index, const u8* rows, int count, int stride) {
  for (int y = 0; y < count; y++) plane_row(&planes[index], rows + (size_t)y * stride);
}

EXPORT("planes_done") int planes_done(void) {
  for (int i = 0; i < MAX_PLANES; i++)
    if (planes[i].used && planes[i].made < planes[i].out_height) return 0;
  return 1;
}

/* The filters' own memory, before an encoder takes its own. */
EXPORT("planes_close") void planes_close(void) {
  for (int i = 0; i < MAX_PLANES; i++) {
    plane_t* p = &planes[i];
    if (!p->used) continue;
    give(p->ring);
    give(p->line);
    give(p->rows);
    give(p->sums);
    give((void*)p->start_x);
    give((void*)p->start_y);
    give((void*)p->weight_x);
    give((void*)p->weight_y);
    memset(p, 0, sizeof *p);
  }
}
