// AVX2: a panel's sixteen lanes are two registers of eight; four activations at a time are broadcast to all lanes.
#include "families.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define NAME(x) ck_avx2_##x
#define TARGET __attribute__((target("avx2,fma,f16c")))
#define INSTRUCTIONS "avx2"
#define ROWS 4
#define STEP static inline __attribute__((always_inline)) TARGET

typedef float ck_avx2_lanes __attribute__((vector_size(64)));
typedef int32_t ck_avx2_counts __attribute__((vector_size(64)));

STEP void ck_avx2_widen_scales(const uint8_t *p, ck_avx2_lanes *out) {
  _mm256_storeu_ps((float *)out, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)p)));
  _mm256_storeu_ps((float *)out + 8, _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(p + 16))));
}

STEP __m256i ck_avx2_four(const int8_t *q) {
  int32_t four;
  memcpy(&four, q, 4);
  return _mm256_set1_epi32(four);
}

// The instruction wants one side unsigned: weights give theirs up to the activations. |w| is at most 128 and |x| at
// most 127, so no pair of products leaves sixteen bits.
STEP void ck_avx2_block_q8(const uint8_t *weights, const int8_t *q, const int32_t *offsets, size_t rows,
                           ck_avx2_counts *products) {
  (void)offsets;
  const __m256i ones = _mm256_set1_epi16(1);
  __m256i low[4], high[4];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) low[r] = high[r] = _mm256_setzero_si256();
#pragma clang loop unroll(full)
  for (size_t group = 0; group < 8; group++) {
    const __m256i w0 = _mm256_loadu_si256((const __m256i *)(weights + group * 64));
    const __m256i w1 = _mm256_loadu_si256((const __m256i *)(weights + group * 64 + 32));
    const __m256i size0 = _mm256_abs_epi8(w0), size1 = _mm256_abs_epi8(w1);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      const __m256i x = ck_avx2_four(q + r * 32 + group * 4);
      const __m256i a = _mm256_maddubs_epi16(size0, _mm256_sign_epi8(x, w0));
      const __m256i b = _mm256_maddubs_epi16(size1, _mm256_sign_epi8(x, w1));
      low[r] = _mm256_add_epi32(low[r], _mm256_madd_epi16(a, ones));
      high[r] = _mm256_add_epi32(high[r], _mm256_madd_epi16(b, ones));
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    _mm256_storeu_si256((__m256i *)&products[r], low[r]);
    _mm256_storeu_si256((__m256i *)&products[r] + 1, high[r]);
  }
}

// Eight pairs of products of at most 2 * 15 * 127 each fit sixteen bits: one widening for a whole block. Nibbles are
// unsigned; eight times the activations' sum is taken off first.
STEP void ck_avx2_block_q4(const uint8_t *weights, const int8_t *q, const int32_t *offsets, size_t rows,
                           ck_avx2_counts *products) {
  const __m256i ones = _mm256_set1_epi16(1), mask = _mm256_set1_epi8(15);
  __m256i low[4], high[4];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) low[r] = high[r] = _mm256_setzero_si256();
#pragma clang loop unroll(full)
  for (size_t group = 0; group < 4; group++) {
    const __m256i p0 = _mm256_loadu_si256((const __m256i *)(weights + group * 64));
    const __m256i p1 = _mm256_loadu_si256((const __m256i *)(weights + group * 64 + 32));
    const __m256i a0 = _mm256_and_si256(p0, mask), a1 = _mm256_and_si256(p1, mask);
    const __m256i b0 = _mm256_and_si256(_mm256_srli_epi16(p0, 4), mask);
    const __m256i b1 = _mm256_and_si256(_mm256_srli_epi16(p1, 4), mask);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      const __m256i x = ck_avx2_four(q + r * 32 + group * 4), z = ck_avx2_four(q + r * 32 + 16 + group * 4);
      low[r] = _mm256_add_epi16(low[r], _mm256_add_epi16(_mm256_maddubs_epi16(a0, x), _mm256_maddubs_epi16(b0, z)));
      high[r] = _mm256_add_epi16(high[r], _mm256_add_epi16(_mm256_maddubs_epi16(a1, x), _mm256_maddubs_epi16(b1, z)));
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) {
    const __m256i start = _mm256_set1_epi32(offsets[r]);
    _mm256_storeu_si256((__m256i *)&products[r], _mm256_add_epi32(start, _mm256_madd_epi16(low[r], ones)));
    _mm256_storeu_si256((__m256i *)&products[r] + 1, _mm256_add_epi32(start, _mm256_madd_epi16(high[r], ones)));
  }
}

#include "integers_body.h"
#include "integers_walk.h"

const ck_integer_kernels *ck_avx2_integers_table(void) { return &ck_avx2_integer_table; }
#else
const ck_integer_kernels *ck_avx2_integers_table(void) { return 0; }
#endif
