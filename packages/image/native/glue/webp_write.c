/* WebP out: lossy from planes (4:2:0, limited range) that libwebp reads in place, or anything from RGBA. */
#include "pack.h"
#include "webp/encode.h"

static int append(const uint8_t* data, size_t size, const WebPPicture* picture) {
  (void)picture;
  output_append(data, size);
  return 1;
}

EXPORT("webp_encode") void webp_encode(int quality, int method, int lossless, int alpha_quality, int sharp_yuv, int low_memory) {
  WebPConfig config;
  WebPPicture picture;
  WebPConfigInit(&config);
  config.quality = (float)quality;
  config.method = method;
  config.lossless = lossless;
  config.alpha_quality = alpha_quality;
  config.use_sharp_yuv = sharp_yuv;
  config.low_memory = low_memory;
  if (!WebPValidateConfig(&config)) fail(FAIL_ENCODER, "webp: settings out of range");
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
    if (!WebPPictureImportRGBA(&picture, canvas.data[0], canvas.stride[0])) fail(FAIL_MEMORY, "webp: no memory for the picture");
    give(canvas.data[0]);
    canvas.data[0] = NULL;
  }
  int ok = WebPEncode(&config, &picture);
  if (!ok) fail(picture.error_code <= VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY ? FAIL_MEMORY : FAIL_ENCODER, "webp: encoding failed");
  WebPPictureFree(&picture);
}
