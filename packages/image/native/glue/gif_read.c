/* GIF in: one frame, the first or the one at a place. Of the whole file in `input`: the library pulls. */
#include "framed.h"
#include "gif_lib.h"

static GifFileType* gif;
static size_t position;
static int transparent;

static int pull(GifFileType* file, GifByteType* to, int count) {
  (void)file;
  size_t left = input.size - position;
  size_t size = left < (size_t)count ? left : (size_t)count;
  memcpy(to, input.data + position, size);
  position += size;
  return (int)size;
}

static void read_extension(void) {
  int code;
  GifByteType* block;
  if (DGifGetExtension(gif, &code, &block) == GIF_ERROR) fail(FAIL_TRUNCATED, "gif: the file ends before its first frame");
  while (block) {
    GraphicsControlBlock control;
    if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
      transparent = control.TransparentColor;
    if (DGifGetExtensionNext(gif, &block) == GIF_ERROR) fail(FAIL_TRUNCATED, "gif: the file ends before its first frame");
  }
}

/* Reads up to the pixels of the next frame. */
static void open_frame(void) {
  transparent = NO_TRANSPARENT_COLOR;
  for (;;) {
    GifRecordType type;
    if (DGifGetRecordType(gif, &type) == GIF_ERROR) fail(FAIL_DAMAGED, "gif: no frame in the file");
    if (type == EXTENSION_RECORD_TYPE) {
      read_extension();
    } else if (type == IMAGE_DESC_RECORD_TYPE) {
      if (DGifGetImageDesc(gif) == GIF_ERROR) fail(FAIL_DAMAGED, "gif: the frame's header is damaged");
      break;
    } else if (type == TERMINATE_RECORD_TYPE) {
      fail(FAIL_DAMAGED, "gif: no frame in the file");
    }
  }
  const GifImageDesc* image = &gif->Image;
  if (image->Width < 1 || image->Height < 1) fail(FAIL_DAMAGED, "gif: a frame without pixels");
  header.frame_x = image->Left;
  header.frame_y = image->Top;
  header.frame_width = image->Width;
  header.frame_height = image->Height;
  header.interlaced = image->Interlace;
}

/* Reads up to the pixels of the first frame. */
EXPORT("gif_header") void gif_header(void) {
  int error = 0;
  position = 0;
  gif = DGifOpen(NULL, pull, &error);
  if (!gif) fail(error == D_GIF_ERR_NOT_ENOUGH_MEM ? FAIL_MEMORY : FAIL_DAMAGED, "gif: the header is damaged");
  open_frame();
  const GifImageDesc* image = &gif->Image;
  header.width = gif->SWidth ? gif->SWidth : image->Width;
  header.height = gif->SHeight ? gif->SHeight : image->Height;
  header.has_alpha = transparent != NO_TRANSPARENT_COLOR || image->Left || image->Top || image->Width < header.width ||
                     image->Height < header.height;
}

/* The frame whose blocks begin at a place of the file, of which the header was read. */
EXPORT("gif_frame") void gif_frame(int at) {
  position = (size_t)at < input.size ? (size_t)at : input.size;
  open_frame();
}

static void expand(const GifPixelType* from, u8* to, const ColorMapObject* map) {
  for (int x = 0; x < header.frame_width; x++, to += 4) {
    const int index = from[x];
    if (index == transparent || index >= map->ColorCount) {
      memset(to, 0, 4);
    } else {
      const GifColorType* colour = &map->Colors[index];
      to[0] = colour->Red;
      to[1] = colour->Green;
      to[2] = colour->Blue;
      to[3] = 255;
    }
  }
}

EXPORT("gif_decode") void gif_decode(void) {
  static const int starts[4] = {0, 4, 2, 1}, steps[4] = {8, 8, 4, 2};
  const ColorMapObject* map = gif->Image.ColorMap ? gif->Image.ColorMap : gif->SColorMap;
  if (!map) fail(FAIL_DAMAGED, "gif: no palette");
  const int width = header.frame_width, height = header.frame_height;
  GifPixelType* line = take((size_t)width);
  u8* rgba = take((size_t)width * 4);
  int read = 0;
  framed_open();
  if (header.interlaced) {
    GifPixelType* frame = take((size_t)width * height);
    memset(frame, transparent == NO_TRANSPARENT_COLOR ? 0 : transparent, (size_t)width * height);
    for (int pass = 0, is_whole = 1; pass < 4 && is_whole; pass++)
      for (int y = starts[pass]; y < height; y += steps[pass], read++)
        if (DGifGetLine(gif, frame + (size_t)y * width, width) == GIF_ERROR) {
          is_whole = 0;
          break;
        }
    if (!read) fail(FAIL_TRUNCATED, "gif: the file ends before its first row");
    for (int y = 0; y < height; y++) {
      expand(frame + (size_t)y * width, rgba, map);
      framed_row(rgba);
    }
    give(frame);
  } else {
    for (; read < height && !framed_done(); read++) {
      if (DGifGetLine(gif, line, width) == GIF_ERROR) break;
      expand(line, rgba, map);
      framed_row(rgba);
    }
    if (!read) fail(FAIL_TRUNCATED, "gif: the file ends before its first row");
  }
  framed_close();
  give(line);
  give(rgba);
}

void gif_release(void) {
  int error;
  if (gif) DGifCloseFile(gif, &error);
  gif = NULL;
}
