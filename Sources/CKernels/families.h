#pragma once
#include <string.h>
#include "CKernels.h"

const ck_kernels *ck_portable(void);
const ck_kernels *ck_avx2(void);
const ck_kernels *ck_avx512(void);

const ck_integer_kernels *ck_portable_integers_table(void);
const ck_integer_kernels *ck_avx2_integers_table(void);
const ck_integer_kernels *ck_vnni_integers_table(void);
const ck_integer_kernels *ck_amx_integers_table(void);
/// Tables of paths that depend on the build only, or null.
const ck_integer_kernels *ck_neon_integers_table(void);
/// Whether the system lets this process use tiles.
int ck_amx_permitted(void);

static inline float ck_half_to_float(uint16_t h) {
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
