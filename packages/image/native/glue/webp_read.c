/*
 * WebP in: through the hooks behind libwebp's decoder, which hand over rows as they are made, so that no buffer of
 * the whole picture is filled (alpha and lossless pictures keep one inside of the decoder all the same).
 */
#include "framed.h"
#include "src/dec/vp8_dec.h"
#include "src/dec/vp8i_dec.h"
#include "src/dec/vp8li_dec.h"
#include "src/dec/webpi_dec.h"
#include "src/dsp/dsp.h"
#include "webp/decode.h"
#include "webp/demux.h"

static const u8* frame;
static size_t frame_size;
static u8 *saved_y, *saved_u, *saved_v, *lines[2];
static WebPUpsampleLinePairFunc upsample;

static void fail_with(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_OUT_OF_MEMORY: fail(FAIL_MEMORY, "webp: out of memory");
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED: fail(FAIL_TRUNCATED, "webp: the file ends before the picture does");
    case VP8_STATUS_UNSUPPORTED_FEATURE: fail(FAIL_UNSUPPORTED, "webp: a feature that the decoder does not have");
    default: fail(FAIL_DAMAGED, "webp: the picture is damaged");
  }
}

/* Of the whole file in `input`. The first frame of an animation is the picture. */
EXPORT("webp_header") void webp_header(void) {
  WebPBitstreamFeatures features;
  VP8StatusCode status = WebPGetFeatures(input.data, input.size, &features);
  if (status != VP8_STATUS_OK) fail_with(status);
  WebPData data = {input.data, input.size};
  WebPDemuxState state;
  WebPDemuxer* demuxer = WebPDemuxPartial(&data, &state);
  frame = input.data;
  frame_size = input.size;
  header.width = header.frame_width = features.width;
  header.height = header.frame_height = features.height;
  header.has_alpha = features.has_alpha;
  if (demuxer) {
    WebPIterator iterator;
    WebPChunkIterator chunk;
    if (features.has_animation) {
      if (!WebPDemuxGetFrame(demuxer, 1, &iterator)) fail(FAIL_TRUNCATED, "webp: no frame in the animation");
      frame = iterator.fragment.bytes;
      frame_size = iterator.fragment.size;
      header.frame_x = iterator.x_offset;
      header.frame_y = iterator.y_offset;
      header.frame_width = iterator.width;
      header.frame_height = iterator.height;
      header.has_alpha = iterator.has_alpha || iterator.width != header.width || iterator.height != header.height;
      WebPDemuxReleaseIterator(&iterator);
    }
    if (WebPDemuxGetChunk(demuxer, "ICCP", 1, &chunk)) {
      header.profile = chunk.chunk.bytes;
      header.profile_size = (int)chunk.chunk.size;
      WebPDemuxReleaseChunkIterator(&chunk);
    }
    WebPDemuxDelete(demuxer);
  } else if (features.has_animation) {
    fail(FAIL_DAMAGED, "webp: the animation is damaged");
  }
  WebPBitstreamFeatures inner;
  if (WebPGetFeatures(frame, frame_size, &inner) != VP8_STATUS_OK) fail(FAIL_DAMAGED, "webp: the frame is damaged");
  header.coding = inner.format == 2; /* 1: lossless */
  if (!features.has_animation) header.has_alpha = inner.has_alpha;
}

/* The frame of an animation whose chunks lie at a place of the file, of which the header was read. */
EXPORT("webp_frame") void webp_frame(int at, int size, int x, int y, int width, int height) {
  if (at < 0 || size < 0 || (size_t)at + (size_t)size > input.size) fail(FAIL_TRUNCATED, "webp: the file ends before the frame does");
  frame = input.data + at;
  frame_size = (size_t)size;
  WebPBitstreamFeatures inner;
  if (WebPGetFeatures(frame, frame_size, &inner) != VP8_STATUS_OK) fail(FAIL_DAMAGED, "webp: the frame is damaged");
  if (inner.width != width || inner.height != height) fail(FAIL_DAMAGED, "webp: the frame has another size than it says");
  header.frame_x = x;
  header.frame_y = y;
  header.frame_width = width;
  header.frame_height = height;
  header.has_alpha = inner.has_alpha;
}

static int setup(VP8Io* io) {
  io->fancy_upsampling = 1; /* only tells the decoder that rows come in pairs */
  return 1;
}
static void teardown(const VP8Io* io) { (void)io; }

static int put_planes(const VP8Io* io) {
  for (int y = 0; y < io->mb_h; y++) plane_row(&planes[0], io->y + (size_t)y * io->y_stride);
  for (int y = 0; y < (io->mb_h + 1) / 2; y++) {
    plane_row(&planes[1], io->u + (size_t)y * io->uv_stride);
    plane_row(&planes[2], io->v + (size_t)y * io->uv_stride);
  }
  return !planes_done();
}

static void emit(u8* rgba, const u8* alpha, int width) {
  if (alpha)
    for (int x = 0; x < width; x++) rgba[4 * x + 3] = alpha[x];
  framed_row(rgba);
}

/* As EmitFancyRGB() of libwebp: chroma between two rows, so that the last row of each call waits for the next. */
static int put_rgba(const VP8Io* io) {
  const int width = io->mb_w, half = (width + 1) / 2, end = io->mb_y + io->mb_h;
  const u8 *y = io->y, *u = io->u, *v = io->v, *top_u = saved_u, *top_v = saved_v;
  const u8* alpha = io->a;
  int row = io->mb_y;
  if (row == 0) {
    upsample(y, NULL, u, v, u, v, lines[0], NULL, width);
    emit(lines[0], alpha, width);
  } else {
    upsample(saved_y, y, top_u, top_v, u, v, lines[0], lines[1], width);
    emit(lines[0], alpha ? alpha - io->width : NULL, width);
    emit(lines[1], alpha, width);
  }
  for (; row + 2 < end; row += 2) {
    top_u = u;
    top_v = v;
    u += io->uv_stride;
    v += io->uv_stride;
    y += 2 * io->y_stride;
    if (alpha) alpha += 2 * io->width;
    upsample(y - io->y_stride, y, top_u, top_v, u, v, lines[0], lines[1], width);
    emit(lines[0], alpha ? alpha - io->width : NULL, width);
    emit(lines[1], alpha, width);
  }
  y += io->y_stride;
  if (io->crop_top + end < io->crop_bottom) {
    memcpy(saved_y, y, (size_t)width);
    memcpy(saved_u, u, (size_t)half);
    memcpy(saved_v, v, (size_t)half);
  } else if (!(end & 1)) {
    upsample(y, NULL, u, v, u, v, lines[0], NULL, width);
    emit(lines[0], alpha ? alpha + io->width : NULL, width);
  }
  return !framed_done();
}

/* Rows of BGRA, from our patch of vp8l_dec.c. */
static int put_lossless(const VP8Io* io) {
  for (int y = 0; y < io->mb_h; y++) {
    const u8* in = io->y + (size_t)y * io->y_stride;
    for (int x = 0; x < io->mb_w; x++) {
      lines[0][4 * x] = in[4 * x + 2];
      lines[0][4 * x + 1] = in[4 * x + 1];
      lines[0][4 * x + 2] = in[4 * x];
      lines[0][4 * x + 3] = header.has_alpha ? in[4 * x + 3] : 255;
    }
    framed_row(lines[0]);
  }
  return 1;
}

static void decode_lossy(VP8Io* io, const WebPHeaderStructure* headers, int planar) {
  io->put = planar ? put_planes : put_rgba;
  io->setup = setup;
  io->teardown = teardown;
  VP8Decoder* decoder = VP8New();
  if (!decoder) fail(FAIL_MEMORY, "webp: out of memory");
  decoder->alpha_data_ = headers->alpha_data;
  decoder->alpha_data_size_ = headers->alpha_data_size;
  if (!VP8GetHeaders(decoder, io) || (!VP8Decode(decoder, io) && !framed_done())) fail_with(decoder->status_);
  VP8Delete(decoder);
}

static void decode_lossless(VP8Io* io) {
  WebPDecBuffer buffer;
  WebPDecParams params;
  memset(&params, 0, sizeof params);
  memset(&buffer, 0, sizeof buffer);
  buffer.colorspace = MODE_RGBA;
  buffer.width = header.frame_width;
  buffer.height = header.frame_height;
  params.output = &buffer;
  io->opaque = &params;
  io->put = put_lossless;
  VP8LDecoder* decoder = VP8LNew();
  if (!decoder) fail(FAIL_MEMORY, "webp: out of memory");
  if (!VP8LDecodeHeader(decoder, io) || !VP8LDecodeImage(decoder)) fail_with(decoder->status_);
  VP8LDelete(decoder);
}

/* `planar` only for lossy pictures without alpha that fill their canvas. */
EXPORT("webp_decode") void webp_decode(int planar) {
  WebPHeaderStructure headers;
  memset(&headers, 0, sizeof headers);
  headers.data = frame;
  headers.data_size = frame_size;
  headers.have_all_data = 1;
  VP8StatusCode status = WebPParseHeaders(&headers);
  if (status != VP8_STATUS_OK) fail_with(status);
  VP8Io io;
  VP8InitIo(&io);
  io.data = headers.data + headers.offset;
  io.data_size = headers.data_size - headers.offset;
  if (!planar) {
    WebPInitUpsamplers();
    upsample = WebPUpsamplers[MODE_RGBA];
    const size_t width = (size_t)header.frame_width + 64;
    for (int i = 0; i < 2; i++) lines[i] = take(4 * width);
    saved_y = take(width);
    saved_u = take(width);
    saved_v = take(width);
    framed_open();
  }
  if (headers.is_lossless) decode_lossless(&io);
  else decode_lossy(&io, &headers, planar);
  if (!planar) {
    framed_close();
    give(lines[0]);
    give(lines[1]);
    give(saved_y);
    give(saved_u);
    give(saved_v);
  }
}

void webp_release(void) { frame = NULL; }
