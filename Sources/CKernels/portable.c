// The scalar reference, and the path of processors that have nothing better: what it computes, every family computes.
#include "families.h"

static inline float half_to_float(uint16_t h) {
  const uint32_t sign = (uint32_t)(h & 0x8000) << 16;
  uint32_t exponent = (h >> 10) & 31, fraction = h & 1023, bits;
  if (exponent == 31) {
    bits = sign | 0x7f800000 | fraction << 13;
  } else if (exponent) {
    bits = sign | (exponent + 112) << 23 | fraction << 13;
  } else if (fraction) {
    exponent = 113;
    while (!(fraction & 1024)) {
      fraction <<= 1;
      exponent--;
    }
    bits = sign | exponent << 23 | (fraction & 1023) << 13;
  } else {
    bits = sign;
  }
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

#define NAME(x) ck_portable_##x
#define TARGET
#define ROWS 3
#define FAMILY CK_PORTABLE

typedef float half_lanes __attribute__((vector_size(64)));

static inline void widen_half(const char *p, half_lanes *out) {
  for (int i = 0; i < 16; i++) {
    uint16_t h;
    memcpy(&h, p + i * 2, 2);
    (*out)[i] = half_to_float(h);
  }
}

#define LOAD_F16(p)                       \
  ({                                      \
    half_lanes wide;                      \
    widen_half((const char *)(p), &wide); \
    wide;                                 \
  })

#include "kernels_body.h"

const ck_kernels *ck_portable(void) { return &ck_portable_table; }
