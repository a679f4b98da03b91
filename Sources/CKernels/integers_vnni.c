// AVX-512 VNNI: sixteen lanes are one register, four products of each are added in one instruction.
#include "families.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define NAME(x) ck_vnni_##x
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c")))
#define INSTRUCTIONS "avx512-vnni"
#define STEP static inline __attribute__((always_inline)) TARGET

typedef float ck_vnni_lanes __attribute__((vector_size(64)));
typedef int32_t ck_vnni_counts __attribute__((vector_size(64)));

STEP void ck_vnni_widen_scales(const uint8_t *p, ck_vnni_lanes *out) {
  *out = (ck_vnni_lanes)_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p));
}

STEP __m512i ck_vnni_four(const int8_t *q) {
  int32_t four;
  memcpy(&four, q, 4);
  return _mm512_set1_epi32(four);
}

// Weights move up by 128 to be unsigned; 128 times the activations' sum is taken off again.
STEP void ck_vnni_block_q8(const uint8_t *panel, const int8_t *q, const int32_t *sums, size_t blocks, size_t k,
                           size_t rows, ck_vnni_counts *products) {
  const __m512i bias = _mm512_set1_epi8((char)0x80);
  __m512i totals[4];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) totals[r] = _mm512_set1_epi32(sums[r * blocks] * -128);
#pragma clang loop unroll(full)
  for (size_t group = 0; group < 8; group++) {
    const __m512i w = _mm512_xor_si512(_mm512_loadu_si512(panel + group * 64), bias);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) totals[r] = _mm512_dpbusd_epi32(totals[r], w, ck_vnni_four(q + r * k + group * 4));
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) products[r] = (ck_vnni_counts)totals[r];
}

STEP void ck_vnni_block_q4(const uint8_t *panel, const int8_t *q, size_t k, size_t rows, ck_vnni_counts *products) {
  const __m512i mask = _mm512_set1_epi8(15);
  __m512i totals[4];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) totals[r] = _mm512_setzero_si512();
#pragma clang loop unroll(full)
  for (size_t group = 0; group < 4; group++) {
    const __m512i pairs = _mm512_loadu_si512(panel + group * 64);
    const __m512i a = _mm512_and_si512(pairs, mask), b = _mm512_and_si512(_mm512_srli_epi16(pairs, 4), mask);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      totals[r] = _mm512_dpbusd_epi32(totals[r], a, ck_vnni_four(q + r * k + group * 4));
      totals[r] = _mm512_dpbusd_epi32(totals[r], b, ck_vnni_four(q + r * k + 16 + group * 4));
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) products[r] = (ck_vnni_counts)totals[r];
}

#include "integers_body.h"

const ck_integer_kernels *ck_vnni_integers_table(void) { return &ck_vnni_integers; }
#else
const ck_integer_kernels *ck_vnni_integers_table(void) { return 0; }
#endif
