// Reading memory and nothing else, for measuring how fast that is.
#include "families.h"

#if defined(__x86_64__)
typedef int64_t wide __attribute__((vector_size(64), aligned(1)));

__attribute__((target("avx512f"))) static void read_wide(const char *p, size_t n) {
  for (size_t i = 0; i < n; i += 512) {
    for (size_t line = 0; line < 8; line++) {
      const wide value = *(const wide *)(p + i + line * 64);
      __asm__ volatile("" ::"v"(value));
    }
  }
}

typedef int64_t half_wide __attribute__((vector_size(32), aligned(1)));

__attribute__((target("avx2"))) static void read_half_wide(const char *p, size_t n) {
  for (size_t i = 0; i < n; i += 256) {
    for (size_t part = 0; part < 8; part++) {
      const half_wide value = *(const half_wide *)(p + i + part * 32);
      __asm__ volatile("" ::"x"(value));
    }
  }
}
#endif

void ck_read(const void *bytes, size_t n) {
#if defined(__x86_64__)
  if (ck_best_family() == CK_AVX512) {
    read_wide(bytes, n);
    return;
  }
  if (ck_best_family() == CK_AVX2) {
    read_half_wide(bytes, n);
    return;
  }
#endif
  const char *p = bytes;
  for (size_t i = 0; i + 8 <= n; i += 8) {
    uint64_t value;
    memcpy(&value, p + i, 8);
    __asm__ volatile("" ::"r"(value));
  }
}
