/* Up to 256 colours for the canvas, and its pixels as numbers of them. */
#pragma once
#include "pack.h"

#define MAX_COLOURS 256

typedef struct {
  int count;
  u8 rgba[MAX_COLOURS][4]; /* not premultiplied; what is not opaque stands first */
  int transparent;         /* how many are not opaque */
} palette_t;

/* `quality` 1..100 is the error that may stay, and by it the number of colours. */
void palette_make(palette_t* palette, int quality);
/* Rows from the top, each once: the error of a row goes into the next. */
void palette_open(const palette_t* palette);
void palette_row(const u8* rgba, u8* indices, int y);
void palette_close(void);
