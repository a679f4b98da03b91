// Block formats of GGUF files to float, each product and sum rounded on its own, as the reference library has them.
// Layouts: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md and ggml's block structures.
#include "families.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

static float half_at(const uint8_t *p) {
  uint16_t h;
  memcpy(&h, p, 2);
  return ck_half_to_float(h);
}

static void q4_0(const uint8_t *p, float *out) {
  const float d = half_at(p);
  for (int i = 0; i < 16; i++) {
    out[i] = d * (float)((p[2 + i] & 15) - 8);
    out[i + 16] = d * (float)((p[2 + i] >> 4) - 8);
  }
}

static void q4_1(const uint8_t *p, float *out) {
  const float d = half_at(p), m = half_at(p + 2);
  for (int i = 0; i < 16; i++) {
    const float low = d * (float)(p[4 + i] & 15), high = d * (float)(p[4 + i] >> 4);
    out[i] = low + m;
    out[i + 16] = high + m;
  }
}

static void q5_0(const uint8_t *p, float *out) {
  const float d = half_at(p);
  uint32_t high;
  memcpy(&high, p + 2, 4);
  for (int i = 0; i < 16; i++) {
    out[i] = d * (float)(((p[6 + i] & 15) | (int)(high >> i & 1) << 4) - 16);
    out[i + 16] = d * (float)((p[6 + i] >> 4 | (int)(high >> (i + 16) & 1) << 4) - 16);
  }
}

static void q5_1(const uint8_t *p, float *out) {
  const float d = half_at(p), m = half_at(p + 2);
  uint32_t high;
  memcpy(&high, p + 4, 4);
  for (int i = 0; i < 16; i++) {
    const float a = d * (float)((p[8 + i] & 15) | (int)(high >> i & 1) << 4);
    const float b = d * (float)(p[8 + i] >> 4 | (int)(high >> (i + 16) & 1) << 4);
    out[i] = a + m;
    out[i + 16] = b + m;
  }
}

static void q8_0(const uint8_t *p, float *out) {
  const float d = half_at(p);
  for (int i = 0; i < 32; i++) out[i] = (float)(int8_t)p[2 + i] * d;
}

// six-bit scales and minima of the eight parts of a super-block, packed into twelve bytes
static void scales_and_minima(const uint8_t *p, int part, float *scale, float *minimum) {
  if (part < 4) {
    *scale = (float)(p[part] & 63);
    *minimum = (float)(p[part + 4] & 63);
  } else {
    *scale = (float)((p[part + 4] & 15) | (p[part - 4] >> 2 & 48));
    *minimum = (float)(p[part + 4] >> 4 | (p[part] >> 2 & 48));
  }
}

static void q4_k(const uint8_t *p, float *out) {
  const float d = half_at(p), dmin = half_at(p + 2);
  for (int part = 0; part < 8; part++) {
    float scale, minimum;
    scales_and_minima(p + 4, part, &scale, &minimum);
    const float step = d * scale, offset = dmin * minimum;
    const uint8_t *q = p + 16 + part / 2 * 32;
    for (int i = 0; i < 32; i++) {
      const float value = step * (float)(part % 2 ? q[i] >> 4 : q[i] & 15);
      out[part * 32 + i] = value - offset;
    }
  }
}

static void q5_k(const uint8_t *p, float *out) {
  const float d = half_at(p), dmin = half_at(p + 2);
  for (int part = 0; part < 8; part++) {
    float scale, minimum;
    scales_and_minima(p + 4, part, &scale, &minimum);
    const float step = d * scale, offset = dmin * minimum;
    const uint8_t *high = p + 16, *q = p + 48 + part / 2 * 32;
    for (int i = 0; i < 32; i++) {
      const int low = part % 2 ? q[i] >> 4 : q[i] & 15;
      const float value = step * (float)(low | (high[i] >> part & 1) << 4);
      out[part * 32 + i] = value - offset;
    }
  }
}

static void q6_k(const uint8_t *p, float *out) {
  const float d = half_at(p + 208);
  for (int i = 0; i < 256; i++) {
    // two halves of 128, each four runs of 32: the low bits share 64 bytes, the high bits 32
    const int half = i / 128, run = i / 32 % 4, at = i % 32;
    const uint8_t low = p[half * 64 + run % 2 * 32 + at], high = p[128 + half * 32 + at];
    const int q = ((run < 2 ? low & 15 : low >> 4) | (high >> run * 2 & 3) << 4) - 32;
    const float step = d * (float)(int8_t)p[192 + i / 16];
    out[i] = step * (float)q;
  }
}

void ck_dequantize(ck_block block, const void *source, size_t n, float *out) {
  static void (*const functions[])(const uint8_t *, float *) = {q4_0, q4_1, q5_0, q5_1, q8_0, q4_k, q5_k, q6_k};
  const uint8_t *p = source;
  const size_t size = ck_block_elements(block), bytes = ck_block_bytes(block);
  for (size_t i = 0; i + size <= n; i += size, p += bytes) functions[block](p, out + i);
}

size_t ck_block_elements(ck_block block) { return block >= CK_Q4_K ? 256 : 32; }

size_t ck_block_bytes(ck_block block) {
  static const uint8_t bytes[] = {18, 20, 22, 24, 34, 144, 176, 210};
  return bytes[block];
}
