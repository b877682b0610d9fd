/*
 * libjpeg-turbo's SIMD hooks in WASM SIMD for the way from subsampled YCbCr to RGB: chroma's triangle filter and the
 * colour conversion, with results equal to those of the C functions (jdsample.c, jdcolext.c), so to any libjpeg's.
 *
 * Output rows are not interleaved: red, green and blue lie one behind the other, rgb_stride() apart, because the
 * resizer filters planes and the shuffling would cost as much as the conversion.
 */
#include <wasm_simd128.h>
#define JPEG_INTERNALS
#include "pack.h"
#include "jpeg_rgb.h"
#include "jinclude.h"
#include "jpeglib.h"
#include "jsimd.h"

int jsimd_can_ycc_rgb(void) { return 1; }
int jsimd_can_h2v1_fancy_upsample(void) { return 1; }
int jsimd_can_h2v2_fancy_upsample(void) { return 1; }

size_t rgb_stride(int width) { return ((size_t)width + 15) & ~(size_t)15; }

typedef struct { v128_t r, g, b; } rgb16_t;

/*
 * Eight pixels. JFIF's 1.402 and 1.772 as 1 + 13172/32768 and 2 - 7471/32768, whose rounded products are those of 16
 * bits for all 256 values of chroma; green's two products are rounded together, so they need 32 bits.
 */
static inline rgb16_t convert8(v128_t y, v128_t cb, v128_t cr) {
  const v128_t factors = wasm_i16x8_const(-22554, 18734, -22554, 18734, -22554, 18734, -22554, 18734);
  const v128_t half = wasm_i32x4_const_splat(1 << 15);
  v128_t low = wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(cb, cr, 0, 8, 1, 9, 2, 10, 3, 11), factors);
  v128_t high = wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(cb, cr, 4, 12, 5, 13, 6, 14, 7, 15), factors);
  low = wasm_i32x4_shr(wasm_i32x4_add(low, half), 16);
  high = wasm_i32x4_shr(wasm_i32x4_add(high, half), 16);
  return (rgb16_t){
      .r = wasm_i16x8_add(wasm_i16x8_add(y, cr), wasm_i16x8_q15mulr_sat(cr, wasm_i16x8_const_splat(13172))),
      .g = wasm_i16x8_add(wasm_i16x8_sub(y, cr), wasm_i16x8_narrow_i32x4(low, high)),
      .b = wasm_i16x8_add(wasm_i16x8_add(y, wasm_i16x8_shl(cb, 1)), wasm_i16x8_q15mulr_sat(cb, wasm_i16x8_const_splat(-7471))),
  };
}

void jsimd_ycc_rgb_convert(j_decompress_ptr cinfo, JSAMPIMAGE in, JDIMENSION row, JSAMPARRAY out, int rows) {
  const int width = (int)cinfo->output_width;
  const size_t stride = rgb_stride(width);
  const v128_t centre = wasm_i16x8_const_splat(128);
  for (; rows > 0; rows--, row++, out++) {
    const u8 *y = in[0][row], *cb = in[1][row], *cr = in[2][row];
    u8* to = *out;
    /* libjpeg's own rows are padded to 64 samples. */
    for (int x = 0; x < width; x += 16) {
      rgb16_t low = convert8(wasm_u16x8_load8x8(y + x), wasm_i16x8_sub(wasm_u16x8_load8x8(cb + x), centre),
                             wasm_i16x8_sub(wasm_u16x8_load8x8(cr + x), centre));
      rgb16_t high = convert8(wasm_u16x8_load8x8(y + x + 8), wasm_i16x8_sub(wasm_u16x8_load8x8(cb + x + 8), centre),
                              wasm_i16x8_sub(wasm_u16x8_load8x8(cr + x + 8), centre));
      wasm_v128_store(to + x, wasm_u8x16_narrow_i16x8(low.r, high.r));
      wasm_v128_store(to + stride + x, wasm_u8x16_narrow_i16x8(low.g, high.g));
      wasm_v128_store(to + 2 * stride + x, wasm_u8x16_narrow_i16x8(low.b, high.b));
    }
  }
}

/* Two outputs a sample, each three quarters of it and one of its neighbour, in steps of 8; `in` has one sample before
 * and one behind, equal to the outermost. */
static inline void widen(const int16_t* in, u8* out, int width, int shift, int round_left, int round_right) {
  const v128_t left_half = wasm_i16x8_splat((int16_t)round_left), right_half = wasm_i16x8_splat((int16_t)round_right);
  for (int x = 0; x < width; x += 8) {
    v128_t here = wasm_v128_load(in + x);
    v128_t thrice = wasm_i16x8_add(here, wasm_i16x8_shl(here, 1));
    v128_t left = wasm_i16x8_add(wasm_i16x8_add(thrice, wasm_v128_load(in + x - 1)), left_half);
    v128_t right = wasm_i16x8_add(wasm_i16x8_add(thrice, wasm_v128_load(in + x + 1)), right_half);
    left = wasm_u16x8_shr(left, (unsigned)shift);
    right = wasm_u16x8_shr(right, (unsigned)shift);
    wasm_v128_store(out + 2 * x, wasm_v128_or(left, wasm_i16x8_shl(right, 8)));
  }
}

/* Samples summed at a time: enough for the loop, little for the stack. */
enum { strip = 512 };

/* A strip of three times `near` and once `far` (or of `near` alone), with its neighbours. */
static inline void sum_strip(const u8* near, const u8* far, int from, int width, int16_t* sums) {
  const int count = width - from < strip ? width - from : strip;
  for (int x = 0; x < count; x += 8) {
    v128_t sum = wasm_u16x8_load8x8(near + from + x);
    if (far) sum = wasm_i16x8_add(wasm_i16x8_add(sum, wasm_i16x8_shl(sum, 1)), wasm_u16x8_load8x8(far + from + x));
    wasm_v128_store(sums + x, sum);
  }
  const int before = from > 0 ? from - 1 : 0, behind = from + count < width ? from + count : width - 1;
  sums[-1] = (int16_t)(far ? 3 * near[before] + far[before] : near[before]);
  sums[count] = (int16_t)(far ? 3 * near[behind] + far[behind] : near[behind]);
}

void jsimd_h2v2_fancy_upsample(j_decompress_ptr cinfo, jpeg_component_info* component, JSAMPARRAY in, JSAMPARRAY* out) {
  const int width = (int)component->downsampled_width;
  int16_t buffer[strip + 24];
  for (int row = 0; row < cinfo->max_v_samp_factor; row++) {
    const u8 *near = in[row >> 1], *far = in[(row >> 1) + (row & 1 ? 1 : -1)];
    for (int from = 0; from < width; from += strip) {
      sum_strip(near, far, from, width, buffer + 8);
      widen(buffer + 8, (*out)[row] + 2 * from, width - from < strip ? width - from : strip, 4, 8, 7);
    }
  }
}

void jsimd_h2v1_fancy_upsample(j_decompress_ptr cinfo, jpeg_component_info* component, JSAMPARRAY in, JSAMPARRAY* out) {
  const int width = (int)component->downsampled_width;
  int16_t buffer[strip + 24];
  for (int row = 0; row < cinfo->max_v_samp_factor; row++)
    for (int from = 0; from < width; from += strip) {
      sum_strip(in[row], NULL, from, width, buffer + 8);
      widen(buffer + 8, (*out)[row] + 2 * from, width - from < strip ? width - from : strip, 2, 1, 2);
    }
}
