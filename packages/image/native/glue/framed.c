#include "framed.h"

static u8* line;
static int covers_width, rows;

/* The geometry is in `header`; the frame lies inside of the canvas or is clipped to it. */
void framed_open(void) {
  covers_width = header.frame_x == 0 && header.frame_width >= header.width;
  rows = 0;
  line = take((size_t)header.width * 4);
  memset(line, 0, (size_t)header.width * 4);
  for (int y = 0; y < header.frame_y && rows < header.height; y++, rows++) plane_row(&planes[0], line);
}

void framed_row(const u8* rgba) {
  if (rows++ >= header.height) return;
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
  memset(line, 0, (size_t)header.width * 4);
  for (; rows < header.height; rows++) plane_row(&planes[0], line);
  give(line);
  line = NULL;
}
