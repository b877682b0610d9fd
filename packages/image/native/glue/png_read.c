/*
 * PNG in, by libpng's progressive reader: bytes go in as they come, rows come out as RGBA. An interlaced picture is
 * the exception to the rule that the full-size bitmap never exists.
 */
#include "pack.h"
#include "png.h"

/* No colour profile or text is larger than this in earnest; libpng's own limit, which it checks before allocating. */
enum { max_chunk_bytes = 4 << 20 };

static png_structp reader;
static png_infop info;
static int has_header, has_ended;
static size_t unread;
static u8* image;

static void on_error(png_structp p, png_const_charp text) {
  (void)p;
  fail(strstr(text, "emory") ? FAIL_MEMORY : FAIL_DAMAGED, text);
}
static void on_warning(png_structp p, png_const_charp text) {
  (void)p;
  (void)text;
  header.warnings++;
}

static void on_info(png_structp p, png_infop i) {
  header.width = header.frame_width = (int)png_get_image_width(p, i);
  header.height = header.frame_height = (int)png_get_image_height(p, i);
  const int type = png_get_color_type(p, i);
  header.components = type & PNG_COLOR_MASK_COLOR ? 3 : 1;
  header.has_alpha = (type & PNG_COLOR_MASK_ALPHA) || png_get_valid(p, i, PNG_INFO_tRNS);
  header.interlaced = png_get_interlace_type(p, i) != PNG_INTERLACE_NONE;
  png_charp name;
  int method;
  png_bytep profile;
  png_uint_32 size;
  if (png_get_iCCP(p, i, &name, &method, &profile, &size)) {
    header.profile = profile;
    header.profile_size = (int)size;
  }
  png_set_expand(p);
  png_set_scale_16(p);
  png_set_gray_to_rgb(p);
  png_set_add_alpha(p, 255, PNG_FILLER_AFTER);
  png_set_interlace_handling(p);
  png_read_update_info(p, i);
  has_header = 1;
  unread = png_process_data_pause(p, 0);
}

static void on_row(png_structp p, png_bytep row, png_uint_32 y, int pass) {
  (void)pass;
  if (image) {
    if (row) png_progressive_combine_row(p, image + (size_t)y * header.width * 4, row);
    header.rows_read = header.height;
  } else {
    plane_row(&planes[0], row);
    header.rows_read = (int)y + 1;
  }
}

static void on_end(png_structp p, png_infop i) {
  (void)p;
  (void)i;
  has_ended = 1;
}

EXPORT("png_open") void png_open(void) {
  has_header = has_ended = 0;
  image = NULL;
  reader = png_create_read_struct(PNG_LIBPNG_VER_STRING, NULL, on_error, on_warning);
  if (!reader || !(info = png_create_info_struct(reader))) fail(FAIL_MEMORY, "png: out of memory");
  png_set_chunk_malloc_max(reader, max_chunk_bytes);
  png_set_keep_unknown_chunks(reader, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
  png_set_progressive_read_fn(reader, NULL, on_info, on_row, on_end);
}

/* What a file that ends early leaves: transparent, or black where there is no transparency. */
static void blank(u8* rgba, size_t pixels) {
  static const u8 black[4] = {0, 0, 0, 255}, clear[4] = {0, 0, 0, 0};
  for (size_t i = 0; i < pixels; i++) memcpy(rgba + 4 * i, header.has_alpha ? clear : black, 4);
}

/* How many of the bytes were used: fewer than given only once, behind the header. */
EXPORT("png_feed") int png_feed(u8* bytes, int size) {
  const int had_header = has_header;
  if (had_header && header.interlaced && !image) {
    const size_t area = (size_t)header.width * (size_t)header.height * 4;
    image = take(area);
    blank(image, area / 4);
  }
  png_process_data(reader, info, bytes, (size_t)size);
  return has_header != had_header ? size - (int)unread : size;
}

/* 0: feed more. 1: the header is known. 2: all rows came. */
EXPORT("png_state") int png_state(void) { return has_ended || (has_header && planes_done() && planes[0].used) ? 2 : has_header; }

/* Makes rows of what the file did not hold. */
EXPORT("png_finish") void png_finish(void) {
  if (!has_header || header.rows_read == 0) fail(FAIL_TRUNCATED, "png: the file ends before its first row");
  if (image) {
    for (int y = 0; y < header.height; y++) plane_row(&planes[0], image + (size_t)y * header.width * 4);
  } else if (!planes_done()) {
    u8* row = take((size_t)header.width * 4);
    blank(row, (size_t)header.width);
    for (int y = header.rows_read; y < header.height; y++) plane_row(&planes[0], row);
    give(row);
  }
}

EXPORT("png_close") void png_release(void) {
  if (reader) png_destroy_read_struct(&reader, &info, NULL);
  reader = NULL;
  info = NULL;
  give(image);
  image = NULL;
}
