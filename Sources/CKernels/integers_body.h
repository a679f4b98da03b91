// What all families of the integer kernels share: activations to int8, and the loop over panels. Each including file
// defines NAME(x), TARGET, and the inner products of one block: BLOCK_Q8 and BLOCK_Q4 (see integers_portable.c).
//
// A product is a sum of whole numbers in each block of 32 inputs, exact in any order, then one fused multiply-add for
// each block in ascending order: the bits depend on neither the family nor the rows that share a call.

#pragma STDC FP_CONTRACT OFF

typedef float NAME(v16) __attribute__((vector_size(64)));
typedef float NAME(u16) __attribute__((vector_size(64), aligned(1)));
typedef int32_t NAME(i16) __attribute__((vector_size(64)));

#define INLINE static inline __attribute__((always_inline)) TARGET

static TARGET void NAME(quantize)(const float *x, size_t k, int8_t *q, float *scales, int32_t *sums) {
  for (size_t b = 0; b < k / 32; b++, x += 32, q += 32) {
    const NAME(v16) low = (NAME(v16)) *(const NAME(u16) *)x, high = (NAME(v16)) *(const NAME(u16) *)(x + 16);
    const NAME(v16) zero = {};
    const NAME(v16) most = __builtin_elementwise_max(__builtin_elementwise_max(low, zero - low),
                                                     __builtin_elementwise_max(high, zero - high));
    float top = 0;
    for (int i = 0; i < 16; i++) top = most[i] > top ? most[i] : top;
    const float inverse = top > 0 ? 127.0f / top : 0.0f;
    // adding and taking away 1.5 * 2^23 rounds to the nearest whole number, even among halves
    const NAME(v16) magic = zero + 12582912.0f;
    const NAME(i16) a = (NAME(i16))(low * inverse + magic) - (NAME(i16))magic;
    const NAME(i16) c = (NAME(i16))(high * inverse + magic) - (NAME(i16))magic;
    int32_t sum = 0;
    for (int i = 0; i < 16; i++) {
      q[i] = (int8_t)a[i];
      q[i + 16] = (int8_t)c[i];
      sum += q[i] + q[i + 16];
    }
    scales[b] = top / 127.0f;
    sums[b] = sum;
  }
}

// `rows` rows against one panel; rows is a constant at each call
INLINE void NAME(integer_panel)(ck_block block, const int8_t *q, const float *scales, const int32_t *sums, size_t rows,
                                size_t k, const uint8_t *panel, const float *start, float *y, size_t ldy,
                                size_t lanes) {
  const size_t blocks = k / 32;
  NAME(v16) totals[4];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) totals[r] = (NAME(v16)) *(const NAME(u16) *)start;
  for (size_t b = 0; b < blocks; b++) {
    NAME(i16) products[4];
    NAME(v16) steps;
    if (block == CK_Q4_0) {
      NAME(block_q4)(panel, q + b * 32, k, rows, products);
      NAME(widen_scales)(panel + 256, &steps);
      panel += 288;
    } else {
      NAME(block_q8)(panel, q + b * 32, sums + b, blocks, k, rows, products);
      NAME(widen_scales)(panel + 512, &steps);
      panel += 544;
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      NAME(i16) whole = products[r];
      if (block == CK_Q4_0) whole = whole - sums[r * blocks + b] * 8;
      const NAME(v16) scale = steps * scales[r * blocks + b];
      totals[r] = __builtin_elementwise_fma(__builtin_convertvector(whole, NAME(v16)), scale, totals[r]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) memcpy(y + r * ldy, &totals[r], (lanes < 16 ? lanes : 16) * 4);
}

INLINE void NAME(integer_linear)(ck_block block, const int8_t *q, const float *scales, const int32_t *sums, size_t m,
                                 size_t k, const void *panels, size_t n, const float *bias, float *y, size_t ldy) {
  const size_t blocks = k / 32, step = blocks * (block == CK_Q4_0 ? 288 : 544);
  for (size_t at = 0; at < n; at += 16) {
    const uint8_t *panel = (const uint8_t *)panels + at / 16 * step;
    const size_t lanes = n - at;
    float start[16] = {0};
    if (bias) memcpy(start, bias + at, (lanes < 16 ? lanes : 16) * 4);
    size_t r = 0;
    for (; r + 4 <= m; r += 4)
      NAME(integer_panel)(block, q + r * k, scales + r * blocks, sums + r * blocks, 4, k, panel, start,
                          y + r * ldy + at, ldy, lanes);
    for (; r < m; r++)
      NAME(integer_panel)(block, q + r * k, scales + r * blocks, sums + r * blocks, 1, k, panel, start,
                          y + r * ldy + at, ldy, lanes);
  }
}

static TARGET void NAME(linear_q8)(const int8_t *q, const float *scales, const int32_t *sums, size_t m, size_t k,
                                   const void *panels, size_t n, const float *bias, float *y, size_t ldy) {
  NAME(integer_linear)(CK_Q8_0, q, scales, sums, m, k, panels, n, bias, y, ldy);
}

static TARGET void NAME(linear_q4)(const int8_t *q, const float *scales, const int32_t *sums, size_t m, size_t k,
                                   const void *panels, size_t n, const float *bias, float *y, size_t ldy) {
  NAME(integer_linear)(CK_Q4_0, q, scales, sums, m, k, panels, n, bias, y, ldy);
}

static const ck_integer_kernels NAME(integers) = {NAME(quantize), NAME(linear_q8), NAME(linear_q4), INSTRUCTIONS};
