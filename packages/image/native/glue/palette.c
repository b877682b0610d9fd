/*
 * Colours for a PNG of one byte a pixel: a histogram, cuts of the box that varies most (Wu 1991's criterion, cut at
 * the mean), then Lloyd's iterations. Pixels are matched with Floyd and Steinberg's error diffusion.
 *
 * All of it is in premultiplied RGBA, so that colours of what cannot be seen cost no entry, each channel weighted by
 * how well it is seen. A matched colour is searched from a guess along its neighbours by distance: once they are twice
 * as far from the guess as the colour is, none can be nearer (the triangle's inequality), mostly after two or three.
 */
#include "palette.h"
#include <math.h>

typedef struct { float at[4]; float weight; int nearest; } entry_t;
typedef struct { int first, count, axis; float error; } box_t;
typedef struct { uint32_t key, count, sum[4]; } slot_t;

/* Roots of red's and blue's shares of luma (BT.601) over green's; alpha as red. */
static const float seen_by[4] = {0.71f, 1.0f, 0.44f, 0.71f};
enum { SLOTS = 1 << 16, MOST_ENTRIES = SLOTS / 4 * 3, MOST_ROUNDS = 6 };

static int count;
static float colours[MAX_COLOURS][4];
/* For each colour all others, the nearest first, and how far they are. */
static u8 (*neighbours)[MAX_COLOURS];
static float (*far)[MAX_COLOURS];

static inline float squared(const float* a, const float* b) {
  float d0 = a[0] - b[0], d1 = a[1] - b[1], d2 = a[2] - b[2], d3 = a[3] - b[3];
  return d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3;
}

static void place(const u8* rgba, float* at) {
  const float alpha = rgba[3] * (1.0f / 255);
  for (int c = 0; c < 3; c++) at[c] = rgba[c] * alpha * seen_by[c] * (1.0f / 255);
  at[3] = alpha * seen_by[3];
}

static void sort_neighbours(void) {
  for (int i = 0; i < count; i++) {
    for (int j = 0; j < count; j++) {
      float d = sqrtf(squared(colours[i], colours[j]));
      int k = j;
      for (; k > 0 && far[i][k - 1] > d; k--) {
        far[i][k] = far[i][k - 1];
        neighbours[i][k] = neighbours[i][k - 1];
      }
      far[i][k] = d;
      neighbours[i][k] = (u8)j;
    }
  }
}

static inline int nearest_to(const float* at, int guess, float* error) {
  int best = guess;
  float least = squared(at, colours[guess]);
  const float reach = 2 * sqrtf(least);
  for (int k = 0; k < count && far[guess][k] < reach; k++) {
    int other = neighbours[guess][k];
    float d = squared(at, colours[other]);
    if (d < least) {
      least = d;
      best = other;
    }
  }
  *error = least;
  return best;
}

/* Colours that agree in their upper bits share a slot; 0 when there are more than fit. Pixels that are clear are left out. */
static int count_colours(slot_t* slots, int shift, int* clear) {
  int used = 0;
  memset(slots, 0, SLOTS * sizeof(slot_t));
  for (int y = 0; y < canvas.height; y++) {
    const u8* row = canvas.data[0] + (size_t)y * canvas.stride[0];
    for (int x = 0; x < canvas.width; x++, row += 4) {
      const uint32_t alpha = row[3];
      if (alpha == 0) {
        *clear = 1;
        continue;
      }
      uint32_t value[4] = {row[0], row[1], row[2], alpha}, key = 0;
      for (int c = 0; c < 3; c++) value[c] = (value[c] * alpha + 127) / 255;
      for (int c = 0; c < 4; c++) key = key << 8 | value[c] >> shift;
      uint32_t at = (key * 2654435761u) >> 16;
      while (slots[at].count && slots[at].key != key) at = (at + 1) & (SLOTS - 1);
      if (!slots[at].count && ++used > MOST_ENTRIES) return 0;
      slots[at].key = key;
      slots[at].count++;
      for (int c = 0; c < 4; c++) slots[at].sum[c] += value[c];
    }
  }
  return used ? used : 1;
}

static entry_t* collect(int* entries, int* clear) {
  slot_t* slots = take(SLOTS * sizeof(slot_t));
  int shift = 0;
  /* All 8 bits first: a drawing of up to 256 colours keeps each. */
  while (!count_colours(slots, shift, clear)) shift = shift ? shift + 1 : 2;
  entry_t* list = take(MOST_ENTRIES * sizeof(entry_t));
  *entries = 0;
  for (int i = 0; i < SLOTS; i++) {
    if (!slots[i].count) continue;
    entry_t* entry = &list[(*entries)++];
    for (int c = 0; c < 4; c++) entry->at[c] = (float)slots[i].sum[c] / (255.0f * slots[i].count) * seen_by[c];
    entry->weight = (float)slots[i].count;
    entry->nearest = 0;
  }
  give(slots);
  return list;
}

/* The weighted mean, and how far the entries are from it. */
static void measure(box_t* box, const entry_t* list, float* mean) {
  double sum[4] = {0}, square[4] = {0}, weight = 0;
  for (int i = box->first; i < box->first + box->count; i++) {
    for (int c = 0; c < 4; c++) {
      sum[c] += (double)list[i].weight * list[i].at[c];
      square[c] += (double)list[i].weight * list[i].at[c] * list[i].at[c];
    }
    weight += list[i].weight;
  }
  double most = -1, total = 0;
  for (int c = 0; c < 4; c++) {
    mean[c] = weight > 0 ? (float)(sum[c] / weight) : 0;
    double spread = weight > 0 ? square[c] - sum[c] * sum[c] / weight : 0;
    if (spread < 0) spread = 0;
    if (spread > most) {
      most = spread;
      box->axis = c;
    }
    total += spread;
  }
  box->error = box->count > 1 ? (float)total : 0;
}

/* Entries below the mean to the left; answers how many, at least one and never all. */
static int cut(entry_t* list, const box_t* box, float at) {
  int left = box->first, right = box->first + box->count - 1;
  while (left <= right) {
    if (list[left].at[box->axis] < at) {
      left++;
    } else {
      entry_t other = list[left];
      list[left] = list[right];
      list[right--] = other;
    }
  }
  int below = left - box->first;
  return below < 1 ? 1 : below >= box->count ? box->count - 1 : below;
}

static void cut_boxes(entry_t* list, int entries, int most, double target) {
  box_t boxes[MAX_COLOURS];
  boxes[0] = (box_t){.first = 0, .count = entries};
  measure(&boxes[0], list, colours[0]);
  for (count = 1; count < most; count++) {
    double total = 0;
    int worst = 0;
    for (int i = 0; i < count; i++) {
      total += boxes[i].error;
      if (boxes[i].error > boxes[worst].error) worst = i;
    }
    if (total <= target || boxes[worst].error <= 0) break;
    box_t *box = &boxes[worst], *fresh = &boxes[count];
    int below = cut(list, box, colours[worst][box->axis]);
    *fresh = (box_t){.first = box->first + below, .count = box->count - below};
    box->count = below;
    measure(box, list, colours[worst]);
    measure(fresh, list, colours[count]);
  }
  for (int i = 0; i < count; i++)
    for (int k = boxes[i].first; k < boxes[i].first + boxes[i].count; k++) list[k].nearest = i;
}

/* Lloyd: every entry to its nearest colour, every colour to the mean of its entries, while it gets better. */
static void refine(entry_t* list, int entries) {
  double before = INFINITY;
  for (int round = 0; round < MOST_ROUNDS; round++) {
    double sum[MAX_COLOURS][5], total = 0;
    memset(sum, 0, sizeof sum);
    sort_neighbours();
    for (int i = 0; i < entries; i++) {
      float error;
      int own = list[i].nearest = nearest_to(list[i].at, list[i].nearest, &error);
      for (int c = 0; c < 4; c++) sum[own][c] += (double)list[i].weight * list[i].at[c];
      sum[own][4] += list[i].weight;
      total += (double)list[i].weight * error;
    }
    for (int i = 0; i < count; i++)
      for (int c = 0; c < 4 && sum[i][4] > 0; c++) colours[i][c] = (float)(sum[i][c] / sum[i][4]);
    if (total > before * 0.99) break;
    before = total;
  }
}

static u8 byte_of(float value) { return (u8)(value <= 0 ? 0 : value >= 1 ? 255 : value * 255 + 0.5f); }

/* Brightness in order makes neighbouring numbers of neighbouring pixels, which deflate codes shorter. */
static int comes_before(const u8* a, const u8* b) {
  if ((a[3] < 255) != (b[3] < 255)) return a[3] < 255;
  return 2 * a[0] + 5 * a[1] + b[2] < 2 * b[0] + 5 * b[1] + a[2];
}

static void write_colours(palette_t* palette, int has_clear) {
  palette->count = 0;
  palette->transparent = 0;
  if (has_clear) memset(palette->rgba[palette->count++], 0, 4);
  for (int i = 0; i < count; i++) {
    u8 fresh[4];
    /* A cluster of 254 and 255 is one of opaque pixels. */
    float alpha = colours[i][3] / seen_by[3];
    fresh[3] = alpha > 0.99f ? 255 : byte_of(alpha);
    for (int c = 0; c < 3; c++) fresh[c] = byte_of(alpha > 0 ? colours[i][c] / seen_by[c] / alpha : 0);
    int at = palette->count++;
    for (; at > has_clear && comes_before(fresh, palette->rgba[at - 1]); at--) memcpy(palette->rgba[at], palette->rgba[at - 1], 4);
    memcpy(palette->rgba[at], fresh, 4);
  }
  for (int i = 0; i < palette->count; i++) palette->transparent += palette->rgba[i][3] < 255;
}

/*
 * The mean squared error that may stay, in weighted channels of 0..1: none at 100, at 50 that of 5 of 255, and below 30
 * as much as leaves a handful of colours. Of photographs it leaves as many as libimagequant does at the same number.
 */
static double error_of(int quality) {
  const double low = quality < 30 ? (30 - quality) / 30.0 : 0;
  return 0.0009 * (100 - quality) / 100 + 0.008 * low * low;
}

void palette_make(palette_t* palette, int quality) {
  int entries = 0, clear = 0;
  entry_t* list = collect(&entries, &clear);
  neighbours = take(MAX_COLOURS * sizeof *neighbours);
  far = take(MAX_COLOURS * sizeof *far);
  double weight = 0;
  for (int i = 0; i < entries; i++) weight += list[i].weight;
  count = 0;
  if (entries > 0) {
    cut_boxes(list, entries, MAX_COLOURS - clear, error_of(quality) * weight);
    refine(list, entries);
  }
  give(list);
  write_colours(palette, clear);
}

static float* errors[2];
static u8* guesses;
static int skips_clear;

/* Matches what palette_make() left, with the colours as they were rounded. */
void palette_open(const palette_t* palette) {
  count = palette->count;
  for (int i = 0; i < count; i++) place(palette->rgba[i], colours[i]);
  skips_clear = palette->transparent > 0 && palette->rgba[0][3] == 0;
  sort_neighbours();
  for (int i = 0; i < 2; i++) {
    errors[i] = take((size_t)(canvas.width + 2) * 4 * sizeof(float));
    memset(errors[i], 0, (size_t)(canvas.width + 2) * 4 * sizeof(float));
  }
  guesses = take(1 << 15);
  memset(guesses, 0, 1 << 15);
}

/* Errors of more than this are not handed on whole: they would smear an edge into what lies beside it. */
static const float most_error = 0.06f;
/* Errors of less than one step of 255 are not handed on: nobody sees them, and noise is dear to code. */
static const float least_error = 1.2f / 255;
/* How much of the error is handed on in flat parts, and in busy ones, where noise helps nobody. */
static const float flat_share = 0.8f, busy_share = 0.2f, busy_from = 0.015f, busy_at = 0.09f;

/* The upper five bits of a channel. */
static inline int fifth(const float* at, int channel) { return (int)(at[channel] / seen_by[channel] * 31); }

/* By the difference of the pixels to both sides. */
static float share_at(const u8* rgba, int x) {
  float left[4], right[4];
  place(rgba + 4 * (size_t)(x > 0 ? x - 1 : x), left);
  place(rgba + 4 * (size_t)(x < canvas.width - 1 ? x + 1 : x), right);
  const float busy = (sqrtf(squared(left, right)) - busy_from) / (busy_at - busy_from);
  return busy <= 0 ? flat_share : busy >= 1 ? busy_share : flat_share + (busy_share - flat_share) * busy;
}

void palette_row(const u8* rgba, u8* indices, int y) {
  float *here = errors[y & 1], *below = errors[~y & 1];
  const int step = y & 1 ? -1 : 1, width = canvas.width;
  memset(below, 0, (size_t)(width + 2) * 4 * sizeof(float));
  for (int i = 0, x = step > 0 ? 0 : width - 1; i < width; i++, x += step) {
    const u8* pixel = rgba + 4 * (size_t)x;
    if (pixel[3] == 0 && skips_clear) {
      indices[x] = 0;
      continue;
    }
    float at[4], error, size = 0;
    place(pixel, at);
    float* handed = here + 4 * (x + 1);
    for (int c = 0; c < 4; c++) size += handed[c] * handed[c];
    const float kept = size > most_error * most_error ? most_error / sqrtf(size) : 1;
    for (int c = 0; c < 4; c++) {
      at[c] += handed[c] * kept;
      at[c] = at[c] < 0 ? 0 : at[c] > seen_by[c] ? seen_by[c] : at[c];
    }
    u8* guess = guesses + (fifth(at, 0) << 10 | fifth(at, 1) << 5 | fifth(at, 2));
    const int found = nearest_to(at, *guess, &error);
    indices[x] = *guess = (u8)found;
    if (error < least_error * least_error) continue;
    const float share = share_at(rgba, x) / 16;
    for (int c = 0; c < 4; c++) {
      const float rest = (at[c] - colours[found][c]) * share;
      handed[4 * step + c] += 7 * rest;
      below[4 * (x + 1 - step) + c] += 3 * rest;
      below[4 * (x + 1) + c] += 5 * rest;
      below[4 * (x + 1 + step) + c] += rest;
    }
  }
}

void palette_close(void) {
  for (int i = 0; i < 2; i++) give(errors[i]);
  give(guesses);
  give(neighbours);
  give(far);
}
