/* How far apart the planes of a row lie that the JPEG decoder has converted to RGB. */
#pragma once
#include <stddef.h>
size_t rgb_stride(int width);
