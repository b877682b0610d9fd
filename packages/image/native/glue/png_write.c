/* PNG out, from RGBA: without its alpha where the picture is opaque, or by a palette. */
#include "palette.h"
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

static png_structp writer;
static png_infop info;

static void open_writer(int level, int filters, int colour_type) {
  writer = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
  info = writer ? png_create_info_struct(writer) : NULL;
  if (!info) fail(FAIL_MEMORY, "png: out of memory");
  png_set_write_fn(writer, NULL, append, flush);
  png_set_compression_level(writer, level);
  png_set_filter(writer, 0, filters);
  png_set_IHDR(writer, info, (png_uint_32)canvas.width, (png_uint_32)canvas.height, 8, colour_type, PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
}

static void close_writer(void) {
  png_write_end(writer, info);
  png_destroy_write_struct(&writer, &info);
}

/* `filters` are PNG_FILTER_ flags, of which libpng takes the likeliest for each row; `strategy` is zlib's. */
EXPORT("png_encode") void png_encode(int level, int filters, int strategy, int is_opaque) {
  open_writer(level, filters, is_opaque ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_RGB_ALPHA);
  png_set_compression_strategy(writer, strategy);
  png_write_info(writer, info);
  if (is_opaque) png_set_filler(writer, 0, PNG_FILLER_AFTER);
  for (int y = 0; y < canvas.height; y++) png_write_row(writer, canvas.data[0] + (size_t)y * canvas.stride[0]);
  close_writer();
}

/* One byte a pixel, of up to 256 colours; numbers of colours are not worth filtering. */
EXPORT("png_encode_palette") void png_encode_palette(int level, int quality) {
  palette_t palette;
  palette_make(&palette, quality);
  open_writer(level, PNG_FILTER_NONE, PNG_COLOR_TYPE_PALETTE);
  png_color colours[MAX_COLOURS];
  png_byte alphas[MAX_COLOURS];
  for (int i = 0; i < palette.count; i++) {
    const u8* rgba = palette.rgba[i];
    colours[i] = (png_color){rgba[0], rgba[1], rgba[2]};
    alphas[i] = rgba[3];
  }
  png_set_PLTE(writer, info, colours, palette.count);
  if (palette.transparent) png_set_tRNS(writer, info, alphas, palette.transparent, NULL);
  png_write_info(writer, info);
  palette_open(&palette);
  u8* indices = take((size_t)canvas.width);
  for (int y = 0; y < canvas.height; y++) {
    palette_row(canvas.data[0] + (size_t)y * canvas.stride[0], indices, y);
    png_write_row(writer, indices);
  }
  give(indices);
  palette_close();
  close_writer();
}
