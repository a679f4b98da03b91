// The reference of the integer kernels: what it computes, every path computes.
#include "families.h"

#define NAME(x) ck_portable_##x
#define TARGET
#define INSTRUCTIONS "portable"
#define ROWS 4

typedef float ck_portable_lanes __attribute__((vector_size(64)));
typedef int32_t ck_portable_counts __attribute__((vector_size(64)));

static inline void ck_portable_widen_scales(const uint8_t *p, ck_portable_lanes *out) {
  for (int l = 0; l < 16; l++) {
    uint16_t half;
    memcpy(&half, p + l * 2, 2);
    (*out)[l] = ck_half_to_float(half);
  }
}

// products[r][lane] = sum of weight * activation over the 32 inputs of a block
static inline void ck_portable_block_q8(const uint8_t *weights, const int8_t *q, const int32_t *offsets, size_t rows,
                                        ck_portable_counts *products) {
  (void)offsets;
  for (size_t r = 0; r < rows; r++) {
    for (int l = 0; l < 16; l++) {
      int32_t sum = 0;
      for (int i = 0; i < 32; i++) sum += (int8_t)weights[(i / 4 * 16 + l) * 4 + i % 4] * q[r * 32 + i];
      products[r][l] = sum;
    }
  }
}

static inline void ck_portable_block_q4(const uint8_t *weights, const int8_t *q, const int32_t *offsets, size_t rows,
                                        ck_portable_counts *products) {
  (void)offsets;
  for (size_t r = 0; r < rows; r++) {
    for (int l = 0; l < 16; l++) {
      int32_t sum = 0;
      for (int i = 0; i < 16; i++) {
        const uint8_t pair = weights[(i / 4 * 16 + l) * 4 + i % 4];
        sum += ((pair & 15) - 8) * q[r * 32 + i] + ((pair >> 4) - 8) * q[r * 32 + i + 16];
      }
      products[r][l] = sum;
    }
  }
}

#include "integers_body.h"
#include "integers_walk.h"

const ck_integer_kernels *ck_portable_integers_table(void) { return &ck_portable_integer_table; }
