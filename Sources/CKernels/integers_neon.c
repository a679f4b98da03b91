// NEON with the dot product: a panel's sixteen lanes are four registers, four products of each are added at once.
#include "families.h"

#if defined(__aarch64__)
#include <arm_neon.h>
#if defined(__linux__)
#include <sys/auxv.h>
#endif

#define NAME(x) ck_neon_##x
#define TARGET __attribute__((target("dotprod")))
#define INSTRUCTIONS "neon-dotprod"
#define ROWS 4
#define STEP static inline __attribute__((always_inline)) TARGET

typedef float ck_neon_lanes __attribute__((vector_size(64)));
typedef int32_t ck_neon_counts __attribute__((vector_size(64)));

STEP void ck_neon_widen_scales(const uint8_t *p, ck_neon_lanes *out) {
  for (int i = 0; i < 4; i++) {
    const float32x4_t wide = vcvt_f32_f16(vreinterpret_f16_u8(vld1_u8(p + i * 8)));
    memcpy((float *)out + i * 4, &wide, 16);
  }
}

STEP int8x16_t ck_neon_four(const int8_t *q) {
  int32_t four;
  memcpy(&four, q, 4);
  return vreinterpretq_s8_s32(vdupq_n_s32(four));
}

STEP void ck_neon_block_q8(const uint8_t *weights, const int8_t *q, const int32_t *offsets, size_t rows,
                           ck_neon_counts *products) {
  (void)offsets;
  int32x4_t totals[4][4];
  for (size_t r = 0; r < rows; r++) {
    for (int i = 0; i < 4; i++) totals[r][i] = vdupq_n_s32(0);
  }
  for (size_t group = 0; group < 8; group++) {
    int8x16_t w[4];
    for (int i = 0; i < 4; i++) w[i] = vreinterpretq_s8_u8(vld1q_u8(weights + group * 64 + i * 16));
    for (size_t r = 0; r < rows; r++) {
      const int8x16_t x = ck_neon_four(q + r * 32 + group * 4);
      for (int i = 0; i < 4; i++) totals[r][i] = vdotq_s32(totals[r][i], w[i], x);
    }
  }
  for (size_t r = 0; r < rows; r++) memcpy(&products[r], totals[r], 64);
}

STEP void ck_neon_block_q4(const uint8_t *weights, const int8_t *q, const int32_t *offsets, size_t rows,
                           ck_neon_counts *products) {
  (void)offsets;
  const uint8x16_t mask = vdupq_n_u8(15);
  const int8x16_t eight = vdupq_n_s8(8);
  int32x4_t totals[4][4];
  for (size_t r = 0; r < rows; r++) {
    for (int i = 0; i < 4; i++) totals[r][i] = vdupq_n_s32(0);
  }
  for (size_t group = 0; group < 4; group++) {
    int8x16_t low[4], high[4];
    for (int i = 0; i < 4; i++) {
      const uint8x16_t pairs = vld1q_u8(weights + group * 64 + i * 16);
      low[i] = vsubq_s8(vreinterpretq_s8_u8(vandq_u8(pairs, mask)), eight);
      high[i] = vsubq_s8(vreinterpretq_s8_u8(vshrq_n_u8(pairs, 4)), eight);
    }
    for (size_t r = 0; r < rows; r++) {
      const int8x16_t x = ck_neon_four(q + r * 32 + group * 4), z = ck_neon_four(q + r * 32 + 16 + group * 4);
      for (int i = 0; i < 4; i++) totals[r][i] = vdotq_s32(vdotq_s32(totals[r][i], low[i], x), high[i], z);
    }
  }
  for (size_t r = 0; r < rows; r++) memcpy(&products[r], totals[r], 64);
}

#include "integers_body.h"
#include "integers_walk.h"

const ck_integer_kernels *ck_neon_integers_table(void) {
#if defined(__linux__)
  const unsigned long dot_product = 1UL << 20;
  if (!(getauxval(AT_HWCAP) & dot_product)) return 0;
#endif
  return &ck_neon_integer_table;
}
#else
const ck_integer_kernels *ck_neon_integers_table(void) { return 0; }
#endif
