#include "families.h"

#if defined(__x86_64__)
static int has_avx2(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
}

static int has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

static int has_vnni(void) { return has_avx512() && __builtin_cpu_supports("avx512vnni"); }
#else
static int has_avx2(void) { return 0; }
static int has_avx512(void) { return 0; }
static int has_vnni(void) { return 0; }
#endif

ck_family ck_best_family(void) { return has_avx512() ? CK_AVX512 : has_avx2() ? CK_AVX2 : CK_PORTABLE; }

const ck_kernels *ck_kernels_of(ck_family family) {
  switch (family) {
    case CK_PORTABLE: return ck_portable();
    case CK_AVX2: return has_avx2() ? ck_avx2() : 0;
    case CK_AVX512: return has_avx512() ? ck_avx512() : 0;
    default: return 0;
  }
}

const ck_kernels *ck_portable_kernels(void) { return ck_portable(); }

const ck_integer_kernels *ck_integers(ck_family family) {
  if (family == CK_AVX512 && has_vnni()) return ck_vnni_integers_table();
  if (family != CK_PORTABLE && has_avx2()) return ck_avx2_integers_table();
  return ck_portable_integers_table();
}

const char *ck_family_name(ck_family family) {
  switch (family) {
    case CK_AVX2: return "avx2";
    case CK_AVX512: return "avx512";
    default: return "portable";
  }
}

size_t ck_size(ck_dtype dtype) { return dtype == CK_F32 ? 4 : 2; }

void ck_pack(const void *source, ck_dtype dtype, size_t rows, size_t cols, size_t first_row, void *panels) {
  const char *in = source;
  for (size_t r = 0; r < rows; r++) {
    const size_t row = first_row + r;
    if (dtype == CK_F32) {
      uint32_t *out = (uint32_t *)panels + row / CK_LANES * cols * CK_LANES + row % CK_LANES;
      for (size_t c = 0; c < cols; c++) memcpy(out + c * CK_LANES, in + (r * cols + c) * 4, 4);
    } else {
      uint16_t *out = (uint16_t *)panels + row / CK_LANES * cols * CK_LANES + row % CK_LANES;
      for (size_t c = 0; c < cols; c++) memcpy(out + c * CK_LANES, in + (r * cols + c) * 2, 2);
    }
  }
}
