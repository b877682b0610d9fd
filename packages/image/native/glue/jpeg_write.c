/* JPEG out: from planes as they are (4:2:0, 4:4:4 or grey), or from RGBA, whose alpha is ignored. */
#include "pack.h"
#include "jpeglib.h"

typedef struct { struct jpeg_destination_mgr base; } sink_t;

static void on_error(j_common_ptr common) {
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  fail(strstr(text, "nsufficient memory") ? FAIL_MEMORY : FAIL_ENCODER, text);
}
static void on_message(j_common_ptr common, int level) { (void)common; (void)level; }

static void sink_open(j_compress_ptr c) {
  c->dest->next_output_byte = output.data;
  c->dest->free_in_buffer = output.capacity;
}
/* libjpeg only says that the buffer is full: all of it counts. */
static boolean sink_grow(j_compress_ptr c) {
  output.size = output.capacity;
  output_reserve(output.capacity * 3 / 2);
  c->dest->next_output_byte = output.data + output.size;
  c->dest->free_in_buffer = output.capacity - output.size;
  return TRUE;
}
static void sink_close(j_compress_ptr c) { output.size = output.capacity - c->dest->free_in_buffer; }

static void write_planes(j_compress_ptr c) {
  JSAMPROW rows[3][16];
  JSAMPARRAY data[3] = {rows[0], rows[1], rows[2]};
  for (int i = 0; i < canvas.count; i++) {
    /* The columns behind the right edge are coded too: repeating the last keeps ringing out of the picture. */
    int width = canvas.plane_width[i], padded = (width + 15) & ~15;
    for (int y = 0; y < canvas.plane_height[i]; y++) {
      u8* row = canvas.data[i] + (size_t)y * canvas.stride[i];
      memset(row + width, row[width - 1], (size_t)(padded - width));
    }
  }
  const int lines = c->max_v_samp_factor * DCTSIZE;
  while (c->next_scanline < c->image_height) {
    for (int i = 0; i < canvas.count; i++) {
      int high = c->comp_info[i].v_samp_factor * DCTSIZE;
      int top = (int)c->next_scanline * c->comp_info[i].v_samp_factor / c->max_v_samp_factor;
      for (int y = 0; y < high; y++) {
        int at = top + y < canvas.plane_height[i] ? top + y : canvas.plane_height[i] - 1;
        rows[i][y] = canvas.data[i] + (size_t)at * canvas.stride[i];
      }
    }
    jpeg_write_raw_data(c, data, (unsigned)lines);
  }
}

EXPORT("jpeg_encode") void jpeg_encode(int quality, int progressive, int optimise, int subsampled) {
  struct jpeg_compress_struct c;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr sink = {.init_destination = sink_open, .empty_output_buffer = sink_grow, .term_destination = sink_close};
  memset(&c, 0, sizeof c);
  c.err = jpeg_std_error(&errors);
  errors.error_exit = on_error;
  errors.emit_message = on_message;
  jpeg_create_compress(&c);
  output_reserve((size_t)canvas.width * canvas.height / 4 + 16384);
  c.dest = &sink;
  c.image_width = (unsigned)canvas.width;
  c.image_height = (unsigned)canvas.height;
  const int is_planar = canvas.channels == 1;
  c.input_components = is_planar ? canvas.count : 4;
  c.in_color_space = is_planar ? (canvas.count == 1 ? JCS_GRAYSCALE : JCS_YCbCr) : JCS_EXT_RGBX;
  jpeg_set_defaults(&c);
  jpeg_set_quality(&c, quality, TRUE);
  c.raw_data_in = is_planar;
  c.comp_info[0].h_samp_factor = c.comp_info[0].v_samp_factor = subsampled ? 2 : 1;
  if (c.num_components == 1) c.comp_info[0].h_samp_factor = c.comp_info[0].v_samp_factor = 1;
  c.optimize_coding = optimise;
  if (progressive) jpeg_simple_progression(&c);
  jpeg_start_compress(&c, TRUE);
  if (is_planar) {
    write_planes(&c);
  } else {
    while (c.next_scanline < c.image_height) {
      JSAMPROW row = canvas.data[0] + (size_t)c.next_scanline * canvas.stride[0];
      jpeg_write_scanlines(&c, &row, 1);
    }
  }
  jpeg_finish_compress(&c);
  jpeg_destroy_compress(&c);
}
