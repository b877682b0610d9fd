/*
 * Rows of a frame that may cover only a part of its canvas. RGBA only. Of a still picture they go to plane 0, and what
 * the frame leaves is transparent; of an animation they are laid onto the canvas that compose_open() made.
 */
#pragma once
#include "pack.h"

void framed_open(void);
void framed_row(const u8* rgba);
void framed_close(void);
/* Whether no row that may come would be seen. */
int framed_done(void);
