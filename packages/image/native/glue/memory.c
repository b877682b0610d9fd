/* Memory, failure, and the buffers that cross to the driver. */
#include "pack.h"

static char message[256];
static int failure_kind;
header_t header;
input_t input;
output_t output;

/* Every block of ours hangs in one ring, so that giving up a picture needs no knowledge of who took what. */
typedef struct block { struct block *next, *previous; size_t padding[2]; } block_t;
static block_t blocks = {&blocks, &blocks, {0, 0}};

_Noreturn void fail(int kind, const char* text) {
  failure_kind = kind;
  strncpy(message, text, sizeof message - 1);
  __builtin_trap();
}

void* take(size_t bytes) {
  if (bytes > 0x7fffff00) fail(FAIL_MEMORY, "a buffer larger than the address space");
  block_t* block = aligned_alloc(16, (sizeof(block_t) + bytes + 15) & ~(size_t)15);
  if (!block) fail(FAIL_MEMORY, "out of memory");
  block->next = &blocks;
  block->previous = blocks.previous;
  blocks.previous->next = block;
  blocks.previous = block;
  return block + 1;
}

void give(void* memory) {
  if (!memory) return;
  block_t* block = (block_t*)memory - 1;
  block->previous->next = block->next;
  block->next->previous = block->previous;
  free(block);
}

void output_reserve(size_t capacity) {
  if (capacity <= output.capacity) return;
  /* Not taken from the ring: realloc can grow the last block where it lies, and a file is mostly the last. */
  u8* grown = realloc(output.data, capacity);
  if (!grown) fail(FAIL_MEMORY, "out of memory");
  output.data = grown;
  output.capacity = capacity;
}

void output_append(const void* bytes, size_t size) {
  if (output.size + size > output.capacity) output_reserve((output.size + size) * 3 / 2 + 4096);
  memcpy(output.data + output.size, bytes, size);
  output.size += size;
}

void jpeg_release(void);
void webp_release(void);
void png_release(void);
void gif_release(void);
void colour_release(void);
void framed_release(void);
void anim_release(void);

/* Gives back everything of the present picture. */
EXPORT("release") void release_all(void) {
  jpeg_release();
  webp_release();
  png_release();
  gif_release();
  colour_release();
  framed_release();
  anim_release();
  while (blocks.next != &blocks) give(blocks.next + 1);
  free(output.data);
  memset(&input, 0, sizeof input);
  memset(&output, 0, sizeof output);
  memset(&canvas, 0, sizeof canvas);
  memset(&header, 0, sizeof header);
  memset(planes, 0, sizeof planes);
}

EXPORT("message") const char* failure_message(void) { return message; }
EXPORT("failure") int failure(void) { return failure_kind; }
EXPORT("alloc") void* alloc(int bytes) { return take((size_t)bytes); }
EXPORT("header") header_t* header_at(void) { return &header; }
EXPORT("output") u8* output_at(void) { return output.data; }
EXPORT("output_size") int output_size(void) { return (int)output.size; }

/* The whole file, for decoders that need it: WebP's partitions lie apart, GIF's library pulls. */
EXPORT("input") u8* input_open(int size) {
  input.data = take((size_t)size + 16);
  input.size = (size_t)size;
  return input.data;
}
EXPORT("input_grow") u8* input_grow(int size) {
  u8* grown = take((size_t)size + 16);
  memcpy(grown, input.data, input.size);
  give(input.data);
  input.data = grown;
  input.size = (size_t)size;
  return grown;
}
EXPORT("input_end") void input_end(int size) { input.size = (size_t)size; }
EXPORT("input_close") void input_close(void) {
  give(input.data);
  input.data = NULL;
  input.size = 0;
}
