#pragma once
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

// Float kernels with one fixed order of operations.
//
// Every output element is one chain of fused multiply-adds in ascending order of the inner dimension; vector lanes
// only ever hold *different* outputs (or, for the few reductions, sixteen partial sums combined in one fixed tree).
// So the bits of a result depend neither on the width of the vectors, nor on how many rows share a call. The same
// source is compiled once for each instruction set: `kernels_body.h` is the reference and the fast path.

/// Outputs side by side in one packed panel.
#define CK_LANES 16
/// Positions whose scores are computed together; key caches hold a multiple of it.
#define CK_POSITIONS 64

typedef enum { CK_F32 = 0, CK_F16 = 1, CK_BF16 = 2 } ck_dtype;

typedef enum { CK_PORTABLE = 0, CK_AVX2 = 1, CK_AVX512 = 2 } ck_family;

typedef struct {
  /// y[m][ldy] = x[m][k] * W^T + bias, with W packed by ck_pack. `bias` may be null; `scratch` holds k * 16 floats.
  void (*linear)(const float *x, size_t m, size_t k, const void *_Nullable panels, ck_dtype dtype, size_t n,
                 const float *_Nullable bias, float *y, size_t ldy, float *scratch);
  /// y = x / rms(x) * weight, over one row of n.
  void (*rms_norm)(const float *x, const float *weight, float epsilon, size_t n, float *y);
  /// y[i] = silu(gate[i]) * up[i].
  void (*silu_multiply)(const float *gate, const float *up, size_t n, float *y);
  /// y[i] += x[i].
  void (*add)(const float *x, size_t n, float *y);
  /// One query row and one head against positions 0 ..< n. keys: [n/16][head][16], values: [n][stride],
  /// scores: scratch of n rounded up to 64.
  void (*attend)(const float *query, size_t head, const float *keys, const float *values, size_t stride, size_t n,
                 float scale, float *scores, float *out);
  /// Index of the highest of n, the first among equals; n where none is above minus infinity. NaN never wins.
  size_t (*highest)(const float *x, size_t n);
  /// Sum of e^(x[i] - top), for top the highest.
  float (*sum_exp)(const float *x, size_t n, float top);
  /// Widens n elements to float, exactly. `source` need not be aligned.
  void (*widen)(const void *_Nullable source, ck_dtype dtype, size_t n, float *out);
  ck_family family;
} ck_kernels;

/// The fastest family that this processor runs.
ck_family ck_best_family(void);
/// The kernels of a family, or null where this build or processor has none.
const ck_kernels *_Nullable ck_kernels_of(ck_family family);
const char *ck_family_name(ck_family family);

/// Bytes of an element.
size_t ck_size(ck_dtype dtype);
/// Writes rows [rows][cols] as lanes `first_row`... of panels [ceil(n/16)][cols][16]. `source` need not be aligned.
void ck_pack(const void *_Nullable source, ck_dtype dtype, size_t rows, size_t cols, size_t first_row,
             void *_Nullable panels);
/// The portable kernels, which every build has.
const ck_kernels *ck_portable_kernels(void);

#pragma clang assume_nonnull end
