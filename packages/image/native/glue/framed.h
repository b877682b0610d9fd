/* Rows of a frame that may cover only a part of its canvas; what it leaves is transparent. RGBA only. */
#pragma once
#include "pack.h"

void framed_open(void);
void framed_row(const u8* rgba);
void framed_close(void);
