// The scalar reference, and the path of processors that have nothing better: what it computes, every family computes.
#include "families.h"

#define NAME(x) ck_portable_##x
#define TARGET
#define ROWS 3
#define SCORE_ROWS 1
#define SCORE_VECTORS 4
#define MIX_ROWS 1
#define FAMILY CK_PORTABLE

typedef float half_lanes __attribute__((vector_size(64)));

static inline void widen_half(const char *p, half_lanes *out) {
  for (int i = 0; i < 16; i++) {
    uint16_t h;
    memcpy(&h, p + i * 2, 2);
    (*out)[i] = ck_half_to_float(h);
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
