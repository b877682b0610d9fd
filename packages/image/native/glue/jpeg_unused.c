/*
 * The parts of libjpeg's decoder that neither raw planes nor RGB with libjpeg's full upsampling reach (merged
 * upsampling, palettes), so that they need not be compiled, shipped or patched.
 */
#include "pack.h"
#include "jpeglib.h"

#define NEVER(name)                                 \
  void name(j_decompress_ptr d) {                   \
    (void)d;                                        \
    fail(FAIL_UNSUPPORTED, #name " is not part of this decoder"); \
  }
NEVER(jinit_merged_upsampler)
NEVER(jinit_1pass_quantizer)
NEVER(jinit_2pass_quantizer)
