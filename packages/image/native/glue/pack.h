/*
 * What the parts of the pack share. One instance of the module works on one picture at a time; the driver in
 * TypeScript decides everything (geometry, filters, paths, limits) and this side moves samples.
 *
 * Rows go decoder -> plane_row() -> ring of source rows -> canvas, so that the full-size bitmap never exists.
 * An error writes a message and traps: the instance is thrown away, so nothing here cleans up after one.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT(name) __attribute__((export_name(name), used))
#define MAX_PLANES 4

typedef uint8_t u8;

/* Kinds of failure, the same numbers as in src/pack/failure.ts. */
enum { FAIL_DAMAGED = 1, FAIL_UNSUPPORTED = 2, FAIL_MEMORY = 3, FAIL_ENCODER = 4, FAIL_TRUNCATED = 5 };

_Noreturn void fail(int kind, const char* message);

/* malloc that fails by trap and is freed by release_all(). Aligned to 16. */
void* take(size_t bytes);
void give(void* memory);

/*
 * A plane of the picture on its way from source rows to the canvas: a separable filter, vertical first.
 * `channels` is 1 (a plane of its own) or 4 (interleaved, optionally premultiplied while it is filtered).
 */
typedef struct {
  int used, channels, premultiply;
  int box; /* source rows and columns averaged before the filter, 1 for none */
  int left, top, width, height; /* the window of the source that the filter sees, in samples after the box */
  int out_width, out_height;
  int taps_x, taps_y;
  int bias; /* added to every sum of the vertical filter: rounding and the offset of a range change */
  const int32_t *start_x, *start_y;
  const int16_t *weight_x, *weight_y;
  int stride, capacity, have, made, seen;
  int is_opaque;
  u8 *ring, *line;
  uint32_t* sums;
  int summed;
  const u8** rows;
} plane_t;

extern plane_t planes[MAX_PLANES];
/* One source row in full width; rows come from the top, those outside the window are dropped. */
void plane_row(plane_t* plane, const u8* row);
/* Whether every row that the filter needs has come. */
int planes_done(void);

/* The picture at output size. Planes have strides in bytes; `channels` 4 means RGBA in data[0]. */
typedef struct {
  int width, height, channels, count;
  u8* data[MAX_PLANES];
  int stride[MAX_PLANES], plane_width[MAX_PLANES], plane_height[MAX_PLANES];
} canvas_t;

extern canvas_t canvas;
/* Memory for one plane, with room behind rows that SIMD code may write and MCUs may read. */
u8* canvas_plane(int index, int width, int height, int channels);

/* Where an encoder's bytes go. */
typedef struct { u8* data; size_t size, capacity; } output_t;
extern output_t output;
void output_reserve(size_t capacity);
void output_append(const void* bytes, size_t size);

/* A file that a decoder needs as a whole. */
typedef struct { u8* data; size_t size; } input_t;
extern input_t input;

/* What a decoder found in the header; the driver reads it as int32. Order as in src/pack/header.ts. */
typedef struct {
  int32_t width, height, components, colour, coding, adobe;
  int32_t h[MAX_PLANES], v[MAX_PLANES];
  const u8* profile;
  int32_t profile_size;
  int32_t has_alpha, frame_x, frame_y, frame_width, frame_height, interlaced, warnings, rows_read;
} header_t;
extern header_t header;
