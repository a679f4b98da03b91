// Floats to the blocks Q8_0 and Q4_0, bit for bit as the reference library makes them, and blocks to panels.
#include "families.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

// halves away from zero, by the reference's own arithmetic
static float rounded(float x) {
  const float a = fabsf(x), low = floorf(a);
  const float b = low + floorf(2 * (a - low));
  return x < 0 ? -b : b;
}

static int clamped(float x, int low, int high) {
  return x > (float)low ? x < (float)high ? (int)x : high : low;
}

static void to_q8_0(const float *x, uint8_t *out) {
  float most = 0;
  for (int i = 0; i < 32; i++) most = fabsf(x[i]) > most ? fabsf(x[i]) : most;
  const float d = most / 127;
  const float inverse = d == 0 ? 0 : 1 / d;
  const uint16_t half = ck_float_to_half(d);
  memcpy(out, &half, 2);
  for (int i = 0; i < 32; i++) out[2 + i] = (uint8_t)(int8_t)clamped(rounded(x[i] * inverse), -127, 127);
}

static void to_q4_0(const float *x, uint8_t *out) {
  float most = 0;
  for (int i = 0; i < 32; i++) most = fabsf(x[i]) > fabsf(most) ? x[i] : most;
  const float d = most / -8;
  const float inverse = d == 0 ? 0 : 1 / d;
  const uint16_t half = ck_float_to_half(d);
  memcpy(out, &half, 2);
  int q[32];
  for (int i = 0; i < 32; i++) {
    const float scaled = x[i] * inverse;
    q[i] = clamped(truncf(scaled + 8.5f), 0, 15);
  }
  for (int i = 0; i < 16; i++) out[2 + i] = (uint8_t)(q[i] | q[i + 16] << 4);
}

uint16_t ck_float_to_half(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  const uint32_t sign = bits >> 16 & 0x8000, rest = bits & 0x7fffffff;
  if (rest > 0x7f800000) return (uint16_t)(sign | 0x7e00);
  if (rest >= 0x47800000) return (uint16_t)(sign | 0x7c00);
  uint32_t half, dropped, middle;
  if (rest >= 0x38800000) {
    half = (rest - 0x38000000) >> 13;
    dropped = rest & 0x1fff;
    middle = 0x1000;
  } else {
    const uint32_t shift = 126 - (rest >> 23);
    if (shift > 24) return (uint16_t)sign;
    const uint32_t fraction = (rest & 0x7fffff) | 0x800000;
    half = fraction >> shift;
    dropped = fraction & ((1u << shift) - 1);
    middle = 1u << (shift - 1);
  }
  if (dropped > middle || (dropped == middle && (half & 1))) half++;
  return (uint16_t)(sign | half);
}

void ck_quantize(ck_block block, const float *x, size_t n, void *out) {
  uint8_t *p = out;
  for (size_t i = 0; i + 32 <= n; i += 32) {
    if (block == CK_Q4_0) {
      to_q4_0(x + i, p);
      p += 18;
    } else {
      to_q8_0(x + i, p);
      p += 34;
    }
  }
}

size_t ck_panel_bytes(ck_block block, size_t k) { return k / 32 * (block == CK_Q4_0 ? 288 : 544); }

void ck_pack_blocks(ck_block block, const void *source, size_t k, size_t row, void *panels) {
  const size_t lane = row % CK_LANES, size = block == CK_Q4_0 ? 16 : 32, blocks = k / 32;
  const uint8_t *in = source;
  uint8_t *weights = (uint8_t *)panels + row / CK_LANES * ck_panel_bytes(block, k);
  uint8_t *scales = weights + blocks * size * CK_LANES;
  for (size_t b = 0; b < blocks; b++, in += size + 2, weights += size * CK_LANES, scales += 32) {
    for (size_t group = 0; group < size / 4; group++) memcpy(weights + (group * 16 + lane) * 4, in + 2 + group * 4, 4);
    memcpy(scales + lane * 2, in, 2);
  }
}

size_t ck_padded_rows(size_t rows) {
  const size_t rest = rows % 16;
  return rest > 4 ? rows - rest + 16 : rows;
}
