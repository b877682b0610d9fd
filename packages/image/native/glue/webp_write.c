/*
 * WebP out: lossy from planes (4:2:0, limited range) that libwebp reads in place, or anything from RGBA. Animations are
 * libwebp's own animation encoder's, which finds what changes between frames.
 */
#include "pack.h"
#include "webp/encode.h"
#include "webp/mux.h"

static WebPAnimEncoder* animation;

static int append(const uint8_t* data, size_t size, const WebPPicture* picture) {
  (void)picture;
  output_append(data, size);
  return 1;
}

static WebPConfig configure(int quality, int method, int lossless, int alpha_quality, int sharp_yuv, int low_memory) {
  WebPConfig config;
  WebPConfigInit(&config);
  config.quality = (float)quality;
  config.method = method;
  config.lossless = lossless;
  config.alpha_quality = alpha_quality;
  config.use_sharp_yuv = sharp_yuv;
  config.low_memory = low_memory;
  if (!WebPValidateConfig(&config)) fail(FAIL_ENCODER, "webp: settings out of range");
  return config;
}

static void import_canvas(WebPPicture* picture) {
  if (!WebPPictureImportRGBA(picture, canvas.data[0], canvas.stride[0])) fail(FAIL_MEMORY, "webp: no memory for the picture");
  give(canvas.data[0]);
  canvas.data[0] = NULL;
}

static int kind_of(const WebPPicture* picture) {
  return picture->error_code <= VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY ? FAIL_MEMORY : FAIL_ENCODER;
}

EXPORT("webp_encode") void webp_encode(int quality, int method, int lossless, int alpha_quality, int sharp_yuv, int low_memory) {
  WebPConfig config = configure(quality, method, lossless, alpha_quality, sharp_yuv, low_memory);
  WebPPicture picture;
  WebPPictureInit(&picture);
  picture.width = canvas.width;
  picture.height = canvas.height;
  picture.writer = append;
  if (canvas.channels == 1) {
    picture.use_argb = 0;
    picture.y = canvas.data[0];
    picture.u = canvas.data[1];
    picture.v = canvas.data[2];
    picture.y_stride = canvas.stride[0];
    picture.uv_stride = canvas.stride[1];
  } else {
    picture.use_argb = lossless;
    import_canvas(&picture);
  }
  int ok = WebPEncode(&config, &picture);
  if (!ok) fail(kind_of(&picture), "webp: encoding failed");
  WebPPictureFree(&picture);
}

/* `loops` 0 is for ever. */
EXPORT("anim_open") void anim_open(int width, int height, int loops) {
  WebPAnimEncoderOptions options;
  WebPAnimEncoderOptionsInit(&options);
  options.anim_params.loop_count = loops;
  options.anim_params.bgcolor = 0;
  animation = WebPAnimEncoderNew(width, height, &options);
  if (!animation) fail(FAIL_MEMORY, "webp: no memory for the animation");
}

/* The canvas as the frame that is shown from `timestamp` on, in milliseconds; it is given back. */
EXPORT("anim_add") void anim_add(int timestamp, int quality, int method, int lossless, int alpha_quality, int sharp_yuv) {
  WebPConfig config = configure(quality, method, lossless, alpha_quality, sharp_yuv, 0);
  WebPPicture picture;
  WebPPictureInit(&picture);
  picture.width = canvas.width;
  picture.height = canvas.height;
  picture.use_argb = 1;
  import_canvas(&picture);
  if (!WebPAnimEncoderAdd(animation, &picture, timestamp, &config)) fail(kind_of(&picture), "webp: encoding a frame failed");
  WebPPictureFree(&picture);
}

/* The file goes to `output`; `timestamp` is when the last frame ends. */
EXPORT("anim_close") void anim_close(int timestamp) {
  WebPData file;
  WebPDataInit(&file);
  if (!WebPAnimEncoderAdd(animation, NULL, timestamp, NULL) || !WebPAnimEncoderAssemble(animation, &file))
    fail(FAIL_ENCODER, "webp: putting the animation together failed");
  output.data = (u8*)file.bytes;
  output.size = output.capacity = file.size;
}

void anim_release(void) {
  WebPAnimEncoderDelete(animation);
  animation = NULL;
}
