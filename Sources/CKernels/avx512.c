// AVX-512: sixteen lanes are one register, twelve rows keep twelve sums in registers.
#include "families.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define NAME(x) ck_avx512_##x
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")))
#define ROWS 12
#define SCORE_ROWS 6
#define SCORE_VECTORS 4
#define MIX_ROWS 6
#define FAMILY CK_AVX512
#define LOAD_F16(p) ((V16)_mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)(p))))

#include "kernels_body.h"

const ck_kernels *ck_avx512(void) { return &ck_avx512_table; }
#else
const ck_kernels *ck_avx512(void) { return 0; }
#endif
