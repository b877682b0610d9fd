/*
 * WebP out: lossy from planes (4:2:0, limited range) that libwebp reads in place, or anything from RGB or RGBA.
 * Animations are libwebp's own animation encoder's, which finds what changes between frames.
 */
#include <wasm_simd128.h>
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

/* Three planes as RGB side by side, for which libwebp has vector code; they are given back. */
static u8* take_rgb(int stride) {
  const int width = canvas.plane_width[0], height = canvas.plane_height[0];
  u8* rgb = take((size_t)stride * height + 48);
  for (int y = 0; y < height; y++) {
    const u8* in[3];
    for (int i = 0; i < 3; i++) in[i] = canvas.data[i] + (size_t)y * canvas.stride[i];
    u8* out = rgb + (size_t)y * stride;
    /* Sixteen pixels at a time; what is written behind the row's end is the next row's, or spare. */
    for (int x = 0; x < width; x += 16, out += 48) {
      v128_t r = wasm_v128_load(in[0] + x), g = wasm_v128_load(in[1] + x), b = wasm_v128_load(in[2] + x);
      v128_t a = wasm_i8x16_shuffle(r, g, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5);
      v128_t c = wasm_i8x16_shuffle(r, g, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26);
      v128_t d = wasm_i8x16_shuffle(r, g, 0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0);
      wasm_v128_store(out, wasm_i8x16_shuffle(a, b, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15));
      wasm_v128_store(out + 16, wasm_i8x16_shuffle(c, b, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15));
      wasm_v128_store(out + 32, wasm_i8x16_shuffle(d, b, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31));
    }
  }
  for (int i = 0; i < 3; i++) {
    give(canvas.data[i]);
    canvas.data[i] = NULL;
  }
  return rgb;
}

EXPORT("webp_encode") void webp_encode(int quality, int method, int lossless, int alpha_quality, int sharp_yuv, int low_memory,
                                       int is_rgb) {
  WebPConfig config = configure(quality, method, lossless, alpha_quality, sharp_yuv, low_memory);
  WebPPicture picture;
  WebPPictureInit(&picture);
  picture.width = canvas.width;
  picture.height = canvas.height;
  picture.writer = append;
  /* Sharper chroma is computed from ARGB alone. */
  picture.use_argb = lossless || sharp_yuv;
  if (canvas.channels == 1 && is_rgb) {
    u8* rgb = take_rgb(3 * canvas.width);
    if (!WebPPictureImportRGB(&picture, rgb, 3 * canvas.width)) fail(FAIL_MEMORY, "webp: no memory for the picture");
    give(rgb);
  } else if (canvas.channels == 1) {
    picture.use_argb = 0;
    picture.y = canvas.data[0];
    picture.u = canvas.data[1];
    picture.v = canvas.data[2];
    picture.y_stride = canvas.stride[0];
    picture.uv_stride = canvas.stride[1];
  } else {
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
