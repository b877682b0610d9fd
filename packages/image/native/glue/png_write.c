/* PNG out, from RGBA; without its alpha where the picture is opaque. */
#include "pack.h"
#include "png.h"

static void on_error(png_structp p, png_const_charp text) {
  (void)p;
  fail(strstr(text, "emory") ? FAIL_MEMORY : FAIL_ENCODER, text);
}
static void on_warning(png_structp p, png_const_charp text) {
  (void)p;
  (void)text;
}
static void append(png_structp p, png_bytep bytes, size_t size) {
  (void)p;
  output_append(bytes, size);
}
static void flush(png_structp p) { (void)p; }

EXPORT("png_encode") void png_encode(int level, int is_opaque) {
  png_structp writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
  png_infop info = writer ? png_create_info_struct(writer) : NULL;
  if (!info) fail(FAIL_MEMORY, "png: out of memory");
  png_set_write_fn(writer, NULL, append, flush);
  png_set_compression_level(writer, level);
  png_set_filter(writer, 0, PNG_ALL_FILTERS);
  png_set_IHDR(writer, info, (png_uint_32)canvas.width, (png_uint_32)canvas.height, 8,
               is_opaque ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_RGB_ALPHA, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(writer, info);
  if (is_opaque) png_set_filler(writer, 0, PNG_FILLER_AFTER);
  for (int y = 0; y < canvas.height; y++) png_write_row(writer, canvas.data[0] + (size_t)y * canvas.stride[0]);
  png_write_end(writer, info);
  png_destroy_write_struct(&writer, &info);
}
