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
/// Positions of a page of keys and values, whose scores are computed together.
#define CK_POSITIONS 64

typedef enum { CK_F32 = 0, CK_F16 = 1, CK_BF16 = 2 } ck_dtype;

typedef enum { CK_PORTABLE = 0, CK_AVX2 = 1, CK_AVX512 = 2 } ck_family;

/// One row that looks at what came before it and at itself.
typedef struct {
  const float *queries;
  float *out;
  /// Pages of CK_POSITIONS positions each.
  const float *_Nonnull const *_Nonnull pages;
  /// Positions that it sees.
  size_t positions;
} ck_attention;

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
  /// Turns a head by its position, halves paired: (x[i], x[i + size / 2]) by the angle whose cosine is turn[i] and whose
  /// sine is turn[i + size / 2].
  void (*rotate)(float *x, const float *turn, size_t size);
  /// Heads that share keys and values, `group` of each row, against what each row may see. Keys and values lie at
  /// `keys` and `values` floats from the start of each page, as [CK_POSITIONS / 16][head][16] and as
  /// [CK_POSITIONS][stride]. `first` is where the heads are in a row's queries and output. Rows that share pages are
  /// read together; `scratch` holds ck_attention_scratch floats.
  void (*attend)(const ck_attention *rows, size_t count, size_t first, size_t group, size_t head, size_t keys,
                 size_t values, size_t stride, float scale, float *scratch);
  /// Index of the highest of n, the first among equals; n where none is above minus infinity. NaN never wins.
  size_t (*highest)(const float *x, size_t n);
  /// Sum of e^(x[i] - top), for top the highest.
  float (*sum_exp)(const float *x, size_t n, float top);
  /// Widens n elements to float, exactly. `source` need not be aligned.
  void (*widen)(const void *_Nullable source, ck_dtype dtype, size_t n, float *out);
  ck_family family;
} ck_kernels;

/// The fastest family that this processor runs, at or below the one that LOGICDIFF_KERNELS names, if it names one.
ck_family ck_best_family(void);
/// The kernels of a family, or null where this build or processor has none.
const ck_kernels *_Nullable ck_kernels_of(ck_family family);
const char *ck_family_name(ck_family family);

/// Floats that `attend` works in, for `rows` rows of which none sees more than `positions`.
size_t ck_attention_scratch(size_t rows, size_t group, size_t head, size_t positions);
/// Bytes of an element.
size_t ck_size(ck_dtype dtype);
/// Writes rows [rows][cols] as lanes `first_row`... of panels [ceil(n/16)][cols][16]. `source` need not be aligned.
void ck_pack(const void *_Nullable source, ck_dtype dtype, size_t rows, size_t cols, size_t first_row,
             void *_Nullable panels);
/// Block formats of GGUF files.
typedef enum {
  CK_Q4_0 = 0, CK_Q4_1 = 1, CK_Q5_0 = 2, CK_Q5_1 = 3, CK_Q8_0 = 4, CK_Q4_K = 5, CK_Q5_K = 6, CK_Q6_K = 7
} ck_block;

/// Elements of a block, and its bytes.
size_t ck_block_elements(ck_block block);
size_t ck_block_bytes(ck_block block);
/// `n` elements, a multiple of the block's, to float. `source` need not be aligned.
void ck_dequantize(ck_block block, const void *_Nullable source, size_t n, float *out);

/// Floats to blocks, as the reference library makes them; CK_Q8_0 and CK_Q4_0 only. `n` is a multiple of 32.
void ck_quantize(ck_block block, const float *x, size_t n, void *out);
uint16_t ck_float_to_half(float value);

/// Bytes of a panel of CK_LANES rows of `k` inputs; CK_Q8_0 and CK_Q4_0 only.
size_t ck_panel_bytes(ck_block block, size_t k);
/// Writes one row of blocks as a lane of its panel: the weights [block][group of four inputs][lane][four], then the
/// lanes' scales [block][lane].
void ck_pack_blocks(ck_block block, const void *source, size_t k, size_t row, void *panels);

/// Activations as int8, in groups of sixteen rows, with the scale of each block of 32 and what a kernel adds that took
/// the weights for unsigned. A last group of at most four rows is as high as that, any other one sixteen.
typedef struct {
  /// [group][block][height][32]
  int8_t *quants;
  /// [group][block][height]
  float *scales;
  int32_t *offsets;
  size_t rows, inputs;
} ck_activations;

/// Rows that `rows` take in memory, with the padding of their last group.
size_t ck_padded_rows(size_t rows);

/// Products of int8 activations with weights in blocks.
typedef struct {
  /// Rows `first ..< first + count` of x [rows][inputs] to `to`; `first` is a multiple of sixteen.
  void (*quantize)(ck_block block, const float *x, size_t first, size_t count, const ck_activations *to);
  /// y[rows][ldy] = x * W^T + bias, with x as `quantize` left it for `block` and W packed by ck_pack_blocks.
  void (*linear)(ck_block block, const ck_activations *x, const void *_Nullable panels, size_t n,
                 const float *_Nullable bias, float *y, size_t ldy);
  const char *instructions;
} ck_integer_kernels;

typedef enum { CK_INT_PORTABLE = 0, CK_INT_NEON = 1, CK_INT_AVX2 = 2, CK_INT_VNNI = 3, CK_INT_AMX = 4 } ck_integer_path;
#define CK_INT_PATHS 5

/// The fastest path of this processor at or below the one that LOGICDIFF_KERNELS names (`portable`, `neon`, `avx2`,
/// `avx512`, `amx`), or of all.
ck_integer_path ck_best_integer_path(void);
/// The kernels of one path, or null where this build or processor has none.
const ck_integer_kernels *_Nullable ck_integers(ck_integer_path path);

/// Reads n bytes, a multiple of 512, and does nothing with them.
void ck_read(const void *bytes, size_t n);

/// Threads that share work piece by piece.
typedef struct ck_pool ck_pool;
ck_pool *_Nullable ck_pool_make(size_t threads);
void ck_pool_free(ck_pool *pool);
size_t ck_pool_threads(const ck_pool *pool);
/// Calls work(context, piece, thread) for each piece, thread below ck_pool_threads, and returns when all are done.
void ck_pool_run(ck_pool *_Nullable pool, size_t pieces, void *context,
                 void (*work)(void *_Null_unspecified context, size_t piece, size_t thread));

/// The portable kernels, which every build has.
const ck_kernels *ck_portable_kernels(void);
const ck_integer_kernels *ck_portable_integers(void);

#pragma clang assume_nonnull end
