/*
 * JPEG in, scaled by the inverse DCT, one of two ways. As raw planes: never upsampled and never colour-converted here,
 * since both are cheaper on the small picture. Or as planes of RGB, which costs more and whose rounding is that of
 * everyone who resizes in RGB. Input comes in windows; libjpeg suspends when one is used up.
 */
#include "pack.h"
#include "jpeg_rgb.h"
#include "jpeglib.h"

/* Scans that a decoder accepts, as libjpeg-turbo's own fuzzers do: a scan costs a pass over all coefficients. */
enum { max_scans = 100, marker_bytes = 65533 };

static struct jpeg_decompress_struct decoder;
static struct jpeg_error_mgr errors;
static struct jpeg_progress_mgr progress;
static struct jpeg_source_mgr source;
static int is_open, is_last;
static size_t window_size, to_skip;
static u8* window;
static int scaled_sizes[MAX_PLANES];
static JSAMPARRAY raw[MAX_PLANES];
static int raw_rows[MAX_PLANES];
static u8* rgb_row;

static void on_error(j_common_ptr common) {
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  int code = common->err->msg_code;
  int is_unsupported = code == 8 /* precision */ || strstr(text, "nsupported") || strstr(text, "precision");
  fail(strstr(text, "nsufficient memory") ? FAIL_MEMORY : is_unsupported ? FAIL_UNSUPPORTED : FAIL_DAMAGED, text);
}
static void on_message(j_common_ptr common, int level) {
  if (level < 0) header.warnings++;
  (void)common;
}
static void on_progress(j_common_ptr common) {
  if (((j_decompress_ptr)common)->input_scan_number > max_scans) fail(FAIL_DAMAGED, "more scans than any encoder writes");
}

static void nothing(j_decompress_ptr d) { (void)d; }
static boolean fill(j_decompress_ptr d) {
  if (!is_last) return FALSE;
  /* The file ends early: an end marker makes libjpeg finish the picture in grey, as browsers show it. */
  static const JOCTET end[2] = {0xff, JPEG_EOI};
  if (header.rows_read < 0) header.rows_read = (int)d->output_scanline;
  d->src->next_input_byte = end;
  d->src->bytes_in_buffer = 2;
  return TRUE;
}
static void skip(j_decompress_ptr d, long count) {
  if (count <= 0) return;
  size_t here = d->src->bytes_in_buffer < (size_t)count ? d->src->bytes_in_buffer : (size_t)count;
  d->src->next_input_byte += here;
  d->src->bytes_in_buffer -= here;
  to_skip += (size_t)count - here;
}

EXPORT("jpeg_open") void jpeg_open(int window_bytes) {
  memset(&decoder, 0, sizeof decoder);
  decoder.err = jpeg_std_error(&errors);
  errors.error_exit = on_error;
  errors.emit_message = on_message;
  jpeg_create_decompress(&decoder);
  is_open = 1;
  is_last = 0;
  to_skip = 0;
  window_size = (size_t)window_bytes;
  window = take(window_size);
  source.init_source = nothing;
  source.fill_input_buffer = fill;
  source.skip_input_data = skip;
  source.resync_to_restart = jpeg_resync_to_restart;
  source.term_source = nothing;
  source.next_input_byte = window;
  source.bytes_in_buffer = 0;
  decoder.src = &source;
  progress.progress_monitor = on_progress;
  decoder.progress = &progress;
  header.rows_read = -1;
  jpeg_save_markers(&decoder, JPEG_APP0 + 2, marker_bytes);
}

/* Where the next bytes go; what libjpeg has not consumed moves to the front. */
EXPORT("jpeg_room") u8* jpeg_room(void) {
  memmove(window, source.next_input_byte, source.bytes_in_buffer);
  source.next_input_byte = window;
  return window + source.bytes_in_buffer;
}
EXPORT("jpeg_room_size") int jpeg_room_size(void) { return (int)(window_size - source.bytes_in_buffer); }
/* Arithmetic decoding cannot suspend: for it the window has to hold the whole file. */
EXPORT("jpeg_widen") void jpeg_widen(int window_bytes) {
  u8* wider = take((size_t)window_bytes);
  memcpy(wider, source.next_input_byte, source.bytes_in_buffer);
  give(window);
  window = wider;
  window_size = (size_t)window_bytes;
  source.next_input_byte = window;
}
EXPORT("jpeg_feed") void jpeg_feed(int size, int last) {
  size_t skipped = to_skip < (size_t)size ? to_skip : (size_t)size;
  /* Bytes are only skipped when none are left over, so the new ones are all there is. */
  source.next_input_byte += skipped;
  source.bytes_in_buffer += (size_t)size - skipped;
  to_skip -= skipped;
  is_last = last;
}

/* 0: feed more. 1: `header` is filled. */
EXPORT("jpeg_header") int jpeg_header(void) {
  if (jpeg_read_header(&decoder, TRUE) == JPEG_SUSPENDED) return 0;
  if (decoder.num_components > MAX_PLANES) fail(FAIL_UNSUPPORTED, "more than four components");
  header.width = (int)decoder.image_width;
  header.height = (int)decoder.image_height;
  header.components = decoder.num_components;
  header.colour = decoder.jpeg_color_space;
  header.coding = decoder.arith_code ? 2 : jpeg_has_multiple_scans(&decoder) ? 1 : 0;
  header.adobe = decoder.saw_Adobe_marker;
  for (int i = 0; i < decoder.num_components; i++) {
    header.h[i] = decoder.comp_info[i].h_samp_factor;
    header.v[i] = decoder.comp_info[i].v_samp_factor;
  }
  JOCTET* profile;
  unsigned size;
  if (jpeg_read_icc_profile(&decoder, &profile, &size)) {
    u8* kept = take(size);
    memcpy(kept, profile, size);
    free(profile);
    header.profile = kept;
    header.profile_size = (int)size;
  }
  return 1;
}

/*
 * `scale` is the size of a luma block after the inverse DCT (8 is full size), s0..s3 that of each component, read
 * by our patch of jdmaster.c: libjpeg alone would decode subsampled chroma at the resolution of luma.
 */
EXPORT("jpeg_start") void jpeg_start(int scale, int s0, int s1, int s2, int s3) {
  scaled_sizes[0] = s0;
  scaled_sizes[1] = s1;
  scaled_sizes[2] = s2;
  scaled_sizes[3] = s3;
  decoder.client_data = scaled_sizes;
  decoder.scale_num = (unsigned)scale;
  decoder.scale_denom = 8;
  decoder.raw_data_out = TRUE;
  decoder.do_fancy_upsampling = FALSE;
  decoder.do_block_smoothing = FALSE;
  decoder.dct_method = JDCT_ISLOW;
}

/* The same, as three planes of RGB of one size. */
EXPORT("jpeg_start_rgb") void jpeg_start_rgb(int scale) {
  decoder.scale_num = (unsigned)scale;
  decoder.scale_denom = 8;
  decoder.out_color_space = JCS_EXT_RGBX;
  decoder.do_block_smoothing = FALSE;
  decoder.dct_method = JDCT_ISLOW;
}

static int pump_rgb(void) {
  const size_t stride = rgb_stride((int)decoder.output_width);
  while (decoder.output_scanline < decoder.output_height) {
    if (!jpeg_read_scanlines(&decoder, &rgb_row, 1)) return 0;
    for (int i = 0; i < 3; i++) plane_row(&planes[i], rgb_row + i * stride);
    if (planes_done()) break;
  }
  return 1;
}

static void open_raw(void) {
  for (int i = 0; i < decoder.num_components; i++) {
    jpeg_component_info* c = &decoder.comp_info[i];
    size_t stride = (size_t)(c->width_in_blocks + c->MCU_width) * (size_t)c->DCT_scaled_size + 32;
    raw_rows[i] = c->v_samp_factor * c->DCT_scaled_size;
    raw[i] = take(sizeof(JSAMPROW) * (size_t)raw_rows[i]);
    u8* rows = take(stride * (size_t)raw_rows[i]);
    for (int y = 0; y < raw_rows[i]; y++) raw[i][y] = rows + (size_t)y * stride;
  }
}

/* 0: feed more. 1: every row that the canvas needs is there. */
EXPORT("jpeg_pump") int jpeg_pump(void) {
  if (decoder.global_state < 205 /* DSTATE_SCANNING */) {
    if (!jpeg_start_decompress(&decoder)) return 0;
    if (decoder.raw_data_out) open_raw();
    else rgb_row = take(4 * rgb_stride((int)decoder.output_width));
  }
  if (!decoder.raw_data_out) return pump_rgb();
  while (decoder.output_scanline < decoder.output_height) {
    if (!jpeg_read_raw_data(&decoder, raw, (unsigned)(decoder.max_v_samp_factor * decoder.min_DCT_scaled_size))) return 0;
    for (int i = 0; i < decoder.num_components; i++) {
      if (!planes[i].used) continue;
      for (int y = 0; y < raw_rows[i]; y++) plane_row(&planes[i], raw[i][y]);
    }
    if (planes_done()) break;
  }
  return 1;
}

/* The decoder's memory, before an encoder takes its own. */
EXPORT("jpeg_close") void jpeg_release(void) {
  if (!is_open) return;
  jpeg_destroy_decompress(&decoder);
  for (int i = 0; i < MAX_PLANES; i++) {
    if (raw[i]) {
      give(raw[i][0]);
      give(raw[i]);
      raw[i] = NULL;
    }
  }
  give(rgb_row);
  rgb_row = NULL;
  give(window);
  window = NULL;
  is_open = 0;
}
