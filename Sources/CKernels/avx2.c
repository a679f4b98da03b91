// AVX2 with FMA and F16C: sixteen lanes are two registers, six rows keep twelve sums in registers.
#include "families.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define NAME(x) ck_avx2_##x
#define TARGET __attribute__((target("avx2,fma,f16c")))
#define ROWS 6
#define SCORE_ROWS 2
#define SCORE_VECTORS 2
#define MIX_ROWS 1
#define FAMILY CK_AVX2
#define LOAD_F16(p)                                                                                          \
  __builtin_shufflevector(_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)(p))),                            \
                          _mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)((const char *)(p) + 16))), 0, 1, \
                          2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

#include "kernels_body.h"

const ck_kernels *ck_avx2(void) { return &ck_avx2_table; }
#else
const ck_kernels *ck_avx2(void) { return 0; }
#endif
