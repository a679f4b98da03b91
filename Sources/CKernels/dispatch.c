#include "families.h"

#include <stdlib.h>

#if defined(__x86_64__)
#include <cpuid.h>

static int has_avx2(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
}

static int has_avx512(void) {
  return has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

static int has_vnni(void) { return has_avx512() && __builtin_cpu_supports("avx512vnni"); }

static int has_amx(void) {
  // two bits that the compiler's own table does not have in all versions
  uint32_t a, b, c, d;
  if (!has_vnni() || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
  return (d >> 24 & 1) && (d >> 25 & 1) && ck_amx_permitted();
}
#else
static int has_amx(void) { return 0; }
static int has_avx2(void) { return 0; }
static int has_avx512(void) { return 0; }
static int has_vnni(void) { return 0; }
#endif

// The best that may be used: a processor's kernels can be tried on one that has better ones.
static ck_integer_path limit(void) {
  static const char *const names[CK_INT_PATHS] = {"portable", "neon", "avx2", "avx512", "amx"};
  const char *wanted = getenv("LOGICDIFF_KERNELS");
  for (int path = 0; wanted && path < CK_INT_PATHS; path++) {
    if (!strcmp(wanted, names[path])) return (ck_integer_path)path;
  }
  return CK_INT_AMX;
}

ck_family ck_best_family(void) {
  const ck_integer_path most = limit();
  return most >= CK_INT_VNNI && has_avx512() ? CK_AVX512 : most >= CK_INT_AVX2 && has_avx2() ? CK_AVX2 : CK_PORTABLE;
}

const ck_kernels *ck_kernels_of(ck_family family) {
  switch (family) {
    case CK_PORTABLE: return ck_portable();
    case CK_AVX2: return has_avx2() ? ck_avx2() : 0;
    case CK_AVX512: return has_avx512() ? ck_avx512() : 0;
    default: return 0;
  }
}

const ck_kernels *ck_portable_kernels(void) { return ck_portable(); }

const ck_integer_kernels *ck_portable_integers(void) { return ck_portable_integers_table(); }

const ck_integer_kernels *ck_integers(ck_integer_path path) {
  switch (path) {
    case CK_INT_PORTABLE: return ck_portable_integers_table();
    case CK_INT_NEON: return ck_neon_integers_table();
    case CK_INT_AVX2: return has_avx2() ? ck_avx2_integers_table() : 0;
    case CK_INT_VNNI: return has_vnni() ? ck_vnni_integers_table() : 0;
    case CK_INT_AMX: return has_amx() ? ck_amx_integers_table() : 0;
    default: return 0;
  }
}

ck_integer_path ck_best_integer_path(void) {
  int path = limit();
  while (path > 0 && !ck_integers((ck_integer_path)path)) path--;
  return (ck_integer_path)path;
}

const char *ck_family_name(ck_family family) {
  switch (family) {
    case CK_AVX2: return "avx2";
    case CK_AVX512: return "avx512";
    default: return "portable";
  }
}

size_t ck_attention_scratch(size_t rows, size_t group, size_t head, size_t positions) {
  const size_t slices = head / 64 + (head % 64 >= 32) + (head % 32 + 15) / 16;
  const size_t padded = (positions + CK_POSITIONS - 1) / CK_POSITIONS * CK_POSITIONS;
  return rows * group * (padded + slices * 64 + (positions ? 1 : 0));
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
