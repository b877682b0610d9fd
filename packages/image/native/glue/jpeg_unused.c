/*
 * The half of libjpeg's decoder that raw planes never reach (upsampling, colour conversion, palettes), so that it
 * need not be compiled, shipped or patched.
 */
#include "pack.h"
#include "jpeglib.h"

#define NEVER(name)                                 \
  void name(j_decompress_ptr d) {                   \
    (void)d;                                        \
    fail(FAIL_UNSUPPORTED, #name " is not part of this decoder"); \
  }
NEVER(jinit_color_deconverter)
NEVER(jinit_upsampler)
NEVER(jinit_merged_upsampler)
NEVER(jinit_1pass_quantizer)
NEVER(jinit_2pass_quantizer)
void jinit_d_post_controller(j_decompress_ptr d, boolean full) {
  (void)d;
  (void)full;
  fail(FAIL_UNSUPPORTED, "post-processing is not part of this decoder");
}
