// Inner products of one block by AVX-512 VNNI, for the paths that have it.

#define STEP static inline __attribute__((always_inline)) TARGET

typedef float NAME(lanes) __attribute__((vector_size(64)));
typedef int32_t NAME(counts) __attribute__((vector_size(64)));

STEP void NAME(widen_scales)(const uint8_t *p, NAME(lanes) *out) {
  *out = (NAME(lanes))_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)p));
}

STEP __m512i NAME(four)(const int8_t *q) {
  int32_t four;
  memcpy(&four, q, 4);
  return _mm512_set1_epi32(four);
}

// Weights move up by 128 to be unsigned; 128 times the activations' sum is taken off first.
STEP void NAME(block_q8)(const uint8_t *weights, const int8_t *q, const int32_t *offsets, size_t rows,
                         NAME(counts) *products) {
  const __m512i bias = _mm512_set1_epi8((char)0x80);
  __m512i totals[ROWS];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) totals[r] = _mm512_set1_epi32(offsets[r]);
#pragma clang loop unroll(full)
  for (size_t group = 0; group < 8; group++) {
    const __m512i w = _mm512_xor_si512(_mm512_loadu_si512(weights + group * 64), bias);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) totals[r] = _mm512_dpbusd_epi32(totals[r], w, NAME(four)(q + r * 32 + group * 4));
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) products[r] = (NAME(counts))totals[r];
}

// Nibbles are unsigned; eight times the activations' sum is taken off first.
STEP void NAME(block_q4)(const uint8_t *weights, const int8_t *q, const int32_t *offsets, size_t rows,
                         NAME(counts) *products) {
  const __m512i mask = _mm512_set1_epi8(15);
  __m512i totals[ROWS];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) totals[r] = _mm512_set1_epi32(offsets[r]);
#pragma clang loop unroll(full)
  for (size_t group = 0; group < 4; group++) {
    const __m512i pairs = _mm512_loadu_si512(weights + group * 64);
    const __m512i a = _mm512_and_si512(pairs, mask), b = _mm512_and_si512(_mm512_srli_epi16(pairs, 4), mask);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
      totals[r] = _mm512_dpbusd_epi32(totals[r], a, NAME(four)(q + r * 32 + group * 4));
      totals[r] = _mm512_dpbusd_epi32(totals[r], b, NAME(four)(q + r * 32 + 16 + group * 4));
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) products[r] = (NAME(counts))totals[r];
}
