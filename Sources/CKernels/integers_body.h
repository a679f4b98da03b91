// What all paths of the integer kernels share: activations to int8, and the order of the products. Each including file
// defines NAME(x), TARGET, INSTRUCTIONS, ROWS (how many rows keep their sums in registers) and the inner products of
// one block: NAME(block_q8), NAME(block_q4) (see integers_portable.c), NAME(widen_scales).
//
// A product is a sum of whole numbers in each block of 32 inputs, exact in any order, then one fused multiply-add for
// each block in ascending order: the bits depend on neither the path nor the rows that share a call. What is left to a
// path is in which order it walks through weights, rows and blocks.

#pragma STDC FP_CONTRACT OFF

typedef float NAME(v16) __attribute__((vector_size(64)));
typedef float NAME(u16) __attribute__((vector_size(64), aligned(1)));
typedef int32_t NAME(i16) __attribute__((vector_size(64)));
typedef int8_t NAME(b16) __attribute__((vector_size(16)));

#define INLINE static inline __attribute__((always_inline)) TARGET

/// Blocks that are walked through for all rows before the next ones: their weights and a group's activations stay in
/// the first cache.
#define CHUNK 32

/// Bytes of weights that are asked for ahead of their use, where they are read in one place and in several.
#define AHEAD 4096
#define STREAM_AHEAD 1024

INLINE void NAME(prefetch)(const uint8_t *p, size_t lines) {
#pragma clang loop unroll(full)
  for (size_t i = 0; i < lines; i++) __builtin_prefetch(p + i * 64);
}

// rows that one group of activations holds in memory
INLINE size_t NAME(height)(const ck_activations *x, size_t first) {
  const size_t rest = x->rows - first;
  return rest > 4 ? 16 : rest;
}

INLINE void NAME(quantize_block)(const float *x, int32_t factor, int8_t *q, float *scale, int32_t *offset) {
  const NAME(v16) low = (NAME(v16)) *(const NAME(u16) *)x, high = (NAME(v16)) *(const NAME(u16) *)(x + 16);
  const NAME(v16) zero = {};
  // bits without the sign are in the order of the sizes, with what is not a number above all: it spoils the scale
  const int32_t size = __builtin_reduce_max(
      __builtin_elementwise_max((NAME(i16))low & 0x7fffffff, (NAME(i16))high & 0x7fffffff));
  float top;
  memcpy(&top, &size, 4);
  const float inverse = top > 0 ? 127.0f / top : 0.0f;
  // adding and taking away 1.5 * 2^23 rounds to the nearest whole number, even among halves
  const NAME(v16) magic = zero + 12582912.0f;
  const NAME(i16) a = (NAME(i16))(low * inverse + magic) - (NAME(i16))magic;
  const NAME(i16) c = (NAME(i16))(high * inverse + magic) - (NAME(i16))magic;
  const NAME(b16) first = __builtin_convertvector(a, NAME(b16)), second = __builtin_convertvector(c, NAME(b16));
  memcpy(q, &first, 16);
  memcpy(q + 16, &second, 16);
  *scale = top / 127.0f;
  *offset = factor * __builtin_reduce_add(a + c);
}

static TARGET void NAME(quantize)(ck_block block, const float *x, size_t first, size_t count,
                                  const ck_activations *to) {
  const size_t k = to->inputs, blocks = k / 32;
  const int32_t factor = block == CK_Q4_0 ? -8 : -128;
  for (size_t row = first; row < first + count; row++) {
    const size_t group = row / 16 * 16, lane = row % 16, height = NAME(height)(to, group);
    int8_t *q = to->quants + group * k;
    float *scales = to->scales + group * blocks;
    int32_t *offsets = to->offsets + group * blocks;
    for (size_t b = 0; b < blocks; b++) {
      const size_t at = b * height + lane;
      NAME(quantize_block)(x + row * k + b * 32, factor, q + at * 32, scales + at, offsets + at);
    }
    if (row + 1 < to->rows) continue;
    for (size_t b = 0; b < blocks; b++) {
      const size_t at = b * height + lane + 1, rest = height - lane - 1;
      memset(q + at * 32, 0, rest * 32);
      memset(scales + at, 0, rest * 4);
      memset(offsets + at, 0, rest * 4);
    }
  }
}

// `rows` rows against blocks of one panel, onto `start`, or the sums in y where that is null; rows is a constant at
// each call
INLINE void NAME(integer_rows)(ck_block block, const int8_t *q, const float *scales, const int32_t *offsets,
                               size_t height, size_t rows, const uint8_t *weights, const uint8_t *steps, size_t blocks,
                               const float *start, float *y, size_t ldy) {
  NAME(v16) totals[ROWS];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) totals[r] = (NAME(v16)) *(const NAME(u16) *)(start ? start : y + r * ldy);
  for (size_t b = 0; b < blocks; b++, q += height * 32, scales += height, offsets += height, steps += 32) {
    NAME(i16) products[ROWS];
    NAME(v16) step;
    // few rows wait for memory: what comes next is asked for beyond the page that the processor looks ahead in
    if (rows <= 4) NAME(prefetch)(weights + AHEAD, block == CK_Q4_0 ? 4 : 8);
    if (block == CK_Q4_0) {
      NAME(block_q4)(weights, q, offsets, rows, products);
      weights += 256;
    } else {
      NAME(block_q8)(weights, q, offsets, rows, products);
      weights += 512;
    }
    NAME(widen_scales)(steps, &step);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      totals[r] =
          __builtin_elementwise_fma(__builtin_convertvector(products[r], NAME(v16)), step * scales[r], totals[r]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) *(NAME(u16) *)(y + r * ldy) = (NAME(u16))totals[r];
}

/// Panels that one row is multiplied with at once: memory gives more when it is read in several places.
#define STREAMS 4

// one row against STREAMS neighbouring panels, `step` bytes from one to the next
INLINE void NAME(integer_row)(ck_block block, const ck_activations *x, const uint8_t *panel, size_t step,
                              const float *bias, float *y) {
  const size_t blocks = x->inputs / 32, size = block == CK_Q4_0 ? 256 : 512;
  NAME(v16) totals[STREAMS];
#pragma clang loop unroll(full)
  for (size_t p = 0; p < STREAMS; p++)
    totals[p] = bias ? (NAME(v16)) *(const NAME(u16) *)(bias + p * 16) : (NAME(v16)){};
  for (size_t b = 0; b < blocks; b++) {
    const int8_t *q = x->quants + b * 32;
#pragma clang loop unroll(full)
    for (size_t p = 0; p < STREAMS; p++) {
      const uint8_t *weights = panel + p * step + b * size;
      NAME(i16) product;
      NAME(v16) wide;
      NAME(prefetch)(weights + STREAM_AHEAD, size / 64);
      if (block == CK_Q4_0) {
        NAME(block_q4)(weights, q, x->offsets + b, 1, &product);
      } else {
        NAME(block_q8)(weights, q, x->offsets + b, 1, &product);
      }
      NAME(widen_scales)(panel + p * step + blocks * size + b * 32, &wide);
      totals[p] =
          __builtin_elementwise_fma(__builtin_convertvector(product, NAME(v16)), wide * x->scales[b], totals[p]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t p = 0; p < STREAMS; p++) *(NAME(u16) *)(y + p * 16) = (NAME(u16))totals[p];
}

// rows first ..< first + count of one group against blocks of one panel
INLINE void NAME(integer_group)(ck_block block, const int8_t *q, const float *scales, const int32_t *offsets,
                                size_t height, size_t count, const uint8_t *weights, const uint8_t *steps,
                                size_t blocks, const float *start, float *y, size_t ldy) {
  size_t r = 0;
  for (; r + ROWS <= count; r += ROWS)
    NAME(integer_rows)(block, q + r * 32, scales + r, offsets + r, height, ROWS, weights, steps, blocks, start,
                       y + r * ldy, ldy);
#if ROWS > 4
  for (; r + 4 <= count; r += 4)
    NAME(integer_rows)(block, q + r * 32, scales + r, offsets + r, height, 4, weights, steps, blocks, start,
                       y + r * ldy, ldy);
#endif
  for (; r < count; r++)
    NAME(integer_rows)(block, q + r * 32, scales + r, offsets + r, height, 1, weights, steps, blocks, start,
                       y + r * ldy, ldy);
}

// all rows against blocks first ..< first + count of one panel whose sums go to y, sixteen lanes wide; the first blocks
// begin at `start`
INLINE void NAME(integer_panel)(ck_block block, const ck_activations *x, const uint8_t *panel, size_t first,
                                size_t count, const float *start, float *y, size_t ldy) {
  const size_t blocks = x->inputs / 32, size = block == CK_Q4_0 ? 256 : 512;
  const uint8_t *weights = panel + first * size, *steps = panel + blocks * size + first * 32;
  for (size_t row = 0; row < x->rows; row += 16) {
    const size_t height = NAME(height)(x, row), rest = x->rows - row, at = row * blocks + first * height;
    NAME(integer_group)(block, x->quants + at * 32, x->scales + at, x->offsets + at, height, rest < 16 ? rest : 16,
                        weights, steps, count, first ? 0 : start, y + row * ldy, ldy);
  }
}
