// AVX-512 VNNI: sixteen lanes are one register, four products of each are added in one instruction.
#include "families.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define NAME(x) ck_vnni_##x
#define TARGET __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c")))
#define INSTRUCTIONS "avx512-vnni"
#define ROWS 8

#include "integers_vnni.h"
#include "integers_body.h"
#include "integers_walk.h"

const ck_integer_kernels *ck_vnni_integers_table(void) { return &ck_vnni_integer_table; }
#else
const ck_integer_kernels *ck_vnni_integers_table(void) { return 0; }
#endif
