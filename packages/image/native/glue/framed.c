#include "framed.h"

static u8* line;
static int covers_width, rows;

/* The canvas of an animation, header.width by header.height, as the frames so far have left it. */
static u8* composed;
static int blends;

EXPORT("compose_open") u8* compose_open(int width, int height) {
  composed = take((size_t)width * height * 4);
  memset(composed, 0, (size_t)width * height * 4);
  return composed;
}
/* Whether the next frame lies over what is there or takes its place. */
EXPORT("compose_blend") void compose_blend(int over) { blends = over; }
void framed_release(void) { composed = NULL; }

/* Porter and Duff's "over", not premultiplied; `from` is not transparent. */
static void blend(const u8* from, u8* to) {
  const int below = (to[3] * (255 - from[3]) + 127) / 255, alpha = from[3] + below;
  for (int c = 0; c < 3; c++) to[c] = (u8)((from[c] * from[3] + to[c] * below + alpha / 2) / alpha);
  to[3] = (u8)alpha;
}

static void compose_row(const u8* rgba, int y) {
  const int room = header.width - header.frame_x;
  const int width = header.frame_width < room ? header.frame_width : room;
  if (width <= 0) return;
  u8* to = composed + 4 * ((size_t)y * header.width + header.frame_x);
  if (!blends) {
    memcpy(to, rgba, 4 * (size_t)width);
    return;
  }
  for (int x = 0; x < width; x++, rgba += 4, to += 4) {
    if (rgba[3] == 255) memcpy(to, rgba, 4);
    else if (rgba[3]) blend(rgba, to);
  }
}

int framed_done(void) { return composed ? rows >= header.height : planes_done(); }

/* The geometry is in `header`; the frame lies inside of the canvas or is clipped to it. */
void framed_open(void) {
  if (composed) {
    rows = header.frame_y;
    return;
  }
  covers_width = header.frame_x == 0 && header.frame_width >= header.width;
  rows = 0;
  line = take((size_t)header.width * 4);
  memset(line, 0, (size_t)header.width * 4);
  for (int y = 0; y < header.frame_y && rows < header.height; y++, rows++) plane_row(&planes[0], line);
}

void framed_row(const u8* rgba) {
  if (rows++ >= header.height) return;
  if (composed) {
    compose_row(rgba, rows - 1);
    return;
  }
  if (covers_width) {
    plane_row(&planes[0], rgba);
    return;
  }
  int room = header.width - header.frame_x;
  int width = header.frame_width < room ? header.frame_width : room;
  if (width > 0) memcpy(line + 4 * (size_t)header.frame_x, rgba, 4 * (size_t)width);
  plane_row(&planes[0], line);
}

/* Also what a file that ends early did not hold. */
void framed_close(void) {
  if (composed) return;
  memset(line, 0, (size_t)header.width * 4);
  for (; rows < header.height; rows++) plane_row(&planes[0], line);
  give(line);
  line = NULL;
}
