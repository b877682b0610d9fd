/* Colours to sRGB, on the small picture: a conversion is a function of one pixel, and there are few left. */
#include "lcms2.h"
#include "pack.h"
#include "cmyk_table.h"

/* The same numbers as in src/pack/header.ts. */
enum { SPACE_GREY = 1, SPACE_RGB = 2, SPACE_CMYK = 4 };

void colour_release(void) {}

static cmsUInt32Number format_of(cmsColorSpaceSignature signature, int space) {
  if (signature == cmsSigGrayData && space != SPACE_CMYK) return TYPE_GRAY_8;
  if (signature == cmsSigRgbData && space == SPACE_RGB) return TYPE_RGBA_8;
  if (signature == cmsSigCmykData && space == SPACE_CMYK) return TYPE_CMYK_8;
  return 0;
}

/* 1 if the canvas is sRGB now, 0 if the profile does not fit the picture or is damaged, and nothing was done. */
EXPORT("colour_convert") int colour_convert(const u8* bytes, int size, int space, int intent) {
  cmsHPROFILE from = cmsOpenProfileFromMem(bytes, (cmsUInt32Number)size);
  if (!from) return 0;
  const cmsUInt32Number format = format_of(cmsGetColorSpace(from), space);
  cmsHPROFILE to = cmsCreate_sRGBProfile();
  cmsHTRANSFORM transform = format && to ? cmsCreateTransform(from, format, to, TYPE_RGBA_8, (cmsUInt32Number)intent, 0) : NULL;
  if (transform) {
    u8* line = take((size_t)canvas.width * 4);
    for (int y = 0; y < canvas.height; y++) {
      u8* row = canvas.data[0] + (size_t)y * canvas.stride[0];
      if (format == TYPE_GRAY_8)
        for (int x = 0; x < canvas.width; x++) line[x] = row[4 * x];
      else
        memcpy(line, row, (size_t)canvas.width * 4);
      /* The fourth byte of the result is not written: alpha stays, ink is overwritten below. */
      cmsDoTransform(transform, line, row, (cmsUInt32Number)canvas.width);
      if (space == SPACE_CMYK)
        for (int x = 0; x < canvas.width; x++) row[4 * x + 3] = 255;
    }
    give(line);
    cmsDeleteTransform(transform);
  }
  if (to) cmsCloseProfile(to);
  cmsCloseProfile(from);
  return transform != NULL;
}

/* CMYK that does not say what its inks are: a press as libvips assumes it, interpolated between six steps an ink. */
EXPORT("colour_cmyk") void colour_cmyk(void) {
  for (int y = 0; y < canvas.height; y++) {
    u8* row = canvas.data[0] + (size_t)y * canvas.stride[0];
    for (int x = 0; x < canvas.width; x++, row += 4) {
      int base = 0, fraction[4];
      for (int ink = 0; ink < 4; ink++) {
        int step = row[ink] / 51 < 5 ? row[ink] / 51 : 4;
        fraction[ink] = row[ink] - 51 * step;
        base = base * 6 + step;
      }
      int sum[3] = {0, 0, 0};
      for (int corner = 0; corner < 16; corner++) {
        static const int stride[4] = {216, 36, 6, 1};
        int weight = 1, at = base;
        for (int ink = 0; ink < 4; ink++) {
          int is_next = corner >> ink & 1;
          weight *= is_next ? fraction[ink] : 51 - fraction[ink];
          at += is_next ? stride[ink] : 0;
        }
        for (int c = 0; c < 3; c++) sum[c] += weight / 16 * cmyk_table[3 * at + c];
      }
      for (int c = 0; c < 3; c++) row[c] = (u8)(sum[c] / (51 * 51 * 51 * 51 / 16));
      row[3] = 255;
    }
  }
}
