// The kernels, written once over sixteen-lane vectors. Each including file defines NAME(x), TARGET, ROWS (how many
// rows keep their sums in registers), SCORE_ROWS, SCORE_VECTORS and MIX_ROWS (the same for attention) and LOAD_F16(p)
// (sixteen half floats widened), then includes this.

#pragma STDC FP_CONTRACT OFF

typedef float NAME(v16) __attribute__((vector_size(64)));
typedef float NAME(u16) __attribute__((vector_size(64), aligned(4)));
typedef int32_t NAME(i16) __attribute__((vector_size(64)));
typedef uint16_t NAME(h16) __attribute__((vector_size(32), aligned(1)));
typedef uint32_t NAME(w16) __attribute__((vector_size(64)));

#define V16 NAME(v16)
#define LOAD(p) ((V16)(*(const NAME(u16) *)(p)))
#define STORE(p, v) (*(NAME(u16) *)(p) = (NAME(u16))(v))
#define SPLAT(s) ((V16){} + (s))
#define FMA(a, b, c) __builtin_elementwise_fma((a), (b), (c))
#define LOAD_BF16(p) ((V16)(__builtin_convertvector(*(const NAME(h16) *)(p), NAME(w16)) << 16))
#define INLINE static inline __attribute__((always_inline)) TARGET

// sixteen partial sums to one, always in this tree
INLINE float NAME(sum)(const float *lanes) {
  float a[8], b[4];
  for (int i = 0; i < 8; i++) a[i] = lanes[i] + lanes[i + 8];
  for (int i = 0; i < 4; i++) b[i] = a[i] + a[i + 4];
  return (b[0] + b[2]) + (b[1] + b[3]);
}

INLINE void NAME(widen_lanes)(const void *source, ck_dtype dtype, float *out) {
  if (dtype == CK_F16) {
    STORE(out, LOAD_F16(source));
  } else if (dtype == CK_BF16) {
    STORE(out, LOAD_BF16(source));
  } else {
    memcpy(out, source, 64);
  }
}

static TARGET void NAME(widen)(const void *source, ck_dtype dtype, size_t n, float *out) {
  const char *p = source;
  const size_t size = dtype == CK_F32 ? 4 : 2;
  size_t i = 0;
  for (; i + 16 <= n; i += 16) NAME(widen_lanes)(p + i * size, dtype, out + i);
  if (i < n) {
    char tail[64] = {0};
    float wide[16];
    memcpy(tail, p + i * size, (n - i) * size);
    NAME(widen_lanes)(tail, dtype, wide);
    memcpy(out + i, wide, (n - i) * 4);
  }
}

INLINE void NAME(store_lanes)(float *y, const V16 *value, size_t lanes) {
  if (lanes >= 16) {
    STORE(y, *value);
  } else {
    memcpy(y, value, lanes * 4);
  }
}

INLINE void NAME(load_lanes)(const float *x, size_t lanes, V16 *value) {
  if (lanes >= 16) {
    *value = LOAD(x);
  } else {
    *value = SPLAT(0.0f);
    memcpy(value, x, lanes * 4);
  }
}

// `rows` rows against one float panel [k][16]; rows is a constant at each call, so the sums live in registers
INLINE void NAME(panel_rows)(const float *x, size_t rows, size_t k, const float *panel, const float *bias, float *y,
                             size_t ldy, size_t lanes) {
  V16 start = SPLAT(0.0f);
  V16 sums[ROWS];
  if (bias) NAME(load_lanes)(bias, lanes, &start);
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) sums[r] = start;
  for (size_t i = 0; i < k; i++) {
    const V16 w = LOAD(panel + i * 16);
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) sums[r] = FMA(SPLAT(x[r * k + i]), w, sums[r]);
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < rows; r++) NAME(store_lanes)(y + r * ldy, &sums[r], lanes);
}

// one row against `panels` neighbouring panels: as many chains as it takes to hide the latency of an addition
INLINE void NAME(row_panels)(const float *x, size_t k, const char *panel, size_t step, ck_dtype dtype, size_t panels,
                             const float *bias, float *y, size_t lanes) {
  V16 sums[4];
  const size_t size = dtype == CK_F32 ? 64 : 32;
#pragma clang loop unroll(full)
  for (size_t p = 0; p < panels; p++) {
    sums[p] = SPLAT(0.0f);
    if (bias) NAME(load_lanes)(bias + p * 16, lanes - p * 16, &sums[p]);
  }
  for (size_t i = 0; i < k; i++) {
    const V16 a = SPLAT(x[i]);
#pragma clang loop unroll(full)
    for (size_t p = 0; p < panels; p++) {
      const char *at = panel + p * step + i * size;
      const V16 w = dtype == CK_F32 ? LOAD(at) : dtype == CK_F16 ? LOAD_F16(at) : LOAD_BF16(at);
      sums[p] = FMA(a, w, sums[p]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t p = 0; p < panels; p++) NAME(store_lanes)(y + p * 16, &sums[p], lanes - p * 16);
}

INLINE void NAME(one_row)(const float *x, size_t k, const char *weights, ck_dtype dtype, size_t n, const float *bias,
                          float *y) {
  const size_t step = k * (dtype == CK_F32 ? 64 : 32);
  size_t at = 0;
  for (; at + 48 < n; at += 64)
    NAME(row_panels)(x, k, weights + at / 16 * step, step, dtype, 4, bias ? bias + at : 0, y + at, n - at);
  for (; at < n; at += 16)
    NAME(row_panels)(x, k, weights + at / 16 * step, step, dtype, 1, bias ? bias + at : 0, y + at, n - at);
}

static TARGET void NAME(linear)(const float *x, size_t m, size_t k, const void *panels, ck_dtype dtype, size_t n,
                                const float *bias, float *y, size_t ldy, float *scratch) {
  if (m == 1) {
    if (dtype == CK_F32) {
      NAME(one_row)(x, k, panels, CK_F32, n, bias, y);
    } else if (dtype == CK_F16) {
      NAME(one_row)(x, k, panels, CK_F16, n, bias, y);
    } else {
      NAME(one_row)(x, k, panels, CK_BF16, n, bias, y);
    }
    return;
  }
  const size_t step = k * (dtype == CK_F32 ? 64 : 32);
  for (size_t at = 0; at < n; at += 16) {
    const float *panel = (const float *)((const char *)panels + at / 16 * step);
    if (dtype != CK_F32) {
      NAME(widen)(panel, dtype, k * 16, scratch);
      panel = scratch;
    }
    const float *b = bias ? bias + at : 0;
    const size_t lanes = n - at;
    size_t r = 0;
    for (; r + ROWS <= m; r += ROWS) NAME(panel_rows)(x + r * k, ROWS, k, panel, b, y + r * ldy + at, ldy, lanes);
    for (; r + 3 <= m; r += 3) NAME(panel_rows)(x + r * k, 3, k, panel, b, y + r * ldy + at, ldy, lanes);
    for (; r < m; r++) NAME(panel_rows)(x + r * k, 1, k, panel, b, y + r * ldy + at, ldy, lanes);
  }
}

static TARGET void NAME(rms_norm)(const float *x, const float *weight, float epsilon, size_t n, float *y) {
  V16 squares = SPLAT(0.0f);
  size_t i = 0;
  for (; i < n; i += 16) {
    V16 v;
    NAME(load_lanes)(x + i, n - i, &v);
    squares = FMA(v, v, squares);
  }
  float lanes[16];
  STORE(lanes, squares);
  const float scale = 1.0f / __builtin_sqrtf(NAME(sum)(lanes) / (float)n + epsilon);
  for (i = 0; i < n; i += 16) {
    V16 v, w;
    NAME(load_lanes)(x + i, n - i, &v);
    NAME(load_lanes)(weight + i, n - i, &w);
    v = (v * SPLAT(scale)) * w;
    NAME(store_lanes)(y + i, &v, n - i);
  }
}

// e^x to about one unit in the last place: x = n ln 2 + r, a degree-6 polynomial in r, and n into the exponent
INLINE void NAME(exp)(V16 *value) {
  V16 x = *value;
  x = __builtin_elementwise_min(__builtin_elementwise_max(x, SPLAT(-87.0f)), SPLAT(88.0f));
  const V16 magic = SPLAT(12582912.0f);
  const V16 n = FMA(x, SPLAT(1.44269504088896341f), magic) - magic;
  V16 r = FMA(n, SPLAT(-0.693359375f), x);
  r = FMA(n, SPLAT(2.12194440e-4f), r);
  V16 p = FMA(SPLAT(1.9875691500e-4f), r, SPLAT(1.3981999507e-3f));
  p = FMA(p, r, SPLAT(8.3334519073e-3f));
  p = FMA(p, r, SPLAT(4.1665795894e-2f));
  p = FMA(p, r, SPLAT(1.6666665459e-1f));
  p = FMA(p, r, SPLAT(5.0000001201e-1f));
  p = FMA(p, r * r, r + SPLAT(1.0f));
  const NAME(i16) exponent = (__builtin_convertvector(n, NAME(i16)) + 127) << 23;
  *value = p * (V16)exponent;
}

static TARGET void NAME(silu_multiply)(const float *gate, const float *up, size_t n, float *y) {
  for (size_t i = 0; i < n; i += 16) {
    V16 g, u;
    NAME(load_lanes)(gate + i, n - i, &g);
    NAME(load_lanes)(up + i, n - i, &u);
    V16 e = -g;
    NAME(exp)(&e);
    g = (g / (SPLAT(1.0f) + e)) * u;
    NAME(store_lanes)(y + i, &g, n - i);
  }
}

static TARGET void NAME(add)(const float *x, size_t n, float *y) {
  for (size_t i = 0; i < n; i++) y[i] += x[i];
}

static TARGET void NAME(rotate)(float *restrict x, const float *restrict turn, size_t size) {
  const size_t half = size / 2;
  for (size_t i = 0; i < half; i++) {
    const float a = x[i], b = x[i + half], cosine = turn[i], sine = turn[i + half];
    x[i] = a * cosine - b * sine;
    x[i + half] = b * cosine + a * sine;
  }
}

// One page of scores for `rows` queries, each a chain over the dimensions. `vectors` times sixteen positions at once.
INLINE void NAME(score_rows)(const float *const *queries, size_t rows, size_t head, const float *keys, size_t vectors,
                             float scale, float *const *scores) {
  for (size_t first = 0; first < CK_POSITIONS / 16; first += vectors) {
    V16 sums[SCORE_ROWS * SCORE_VECTORS];
#pragma clang loop unroll(full)
    for (size_t i = 0; i < rows * vectors; i++) sums[i] = SPLAT(0.0f);
    const float *block = keys + first * head * 16;
    for (size_t d = 0; d < head; d++) {
      V16 k[SCORE_VECTORS];
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++) k[v] = LOAD(block + (v * head + d) * 16);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) {
        const V16 q = SPLAT(queries[r][d]);
#pragma clang loop unroll(full)
        for (size_t v = 0; v < vectors; v++) sums[r * vectors + v] = FMA(q, k[v], sums[r * vectors + v]);
      }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
      for (size_t v = 0; v < vectors; v++)
        STORE(scores[r] + (first + v) * 16, sums[r * vectors + v] * SPLAT(scale));
    }
  }
}

// scores [n] to what a softmax has above its line; one over their sum
static TARGET float NAME(soften)(float *scores, size_t n) {
  const NAME(i16) iota = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const V16 lowest = SPLAT(-__builtin_inff());
  V16 top = lowest;
  for (size_t p = 0; p < n; p += 16) {
    const NAME(i16) held = (iota + (int32_t)p) < (int32_t)n;
    const V16 kept = (V16)(((NAME(i16))LOAD(scores + p) & held) | ((NAME(i16))lowest & ~held));
    STORE(scores + p, kept);
    top = __builtin_elementwise_max(top, kept);
  }
  float lanes[16];
  STORE(lanes, top);
  float most = lanes[0];
  for (int i = 1; i < 16; i++) most = lanes[i] > most ? lanes[i] : most;
  V16 total = SPLAT(0.0f);
  for (size_t p = 0; p < n; p += 16) {
    const NAME(i16) held = (iota + (int32_t)p) < (int32_t)n;
    V16 e = LOAD(scores + p) - SPLAT(most);
    NAME(exp)(&e);
    e = (V16)((NAME(i16))e & held);
    STORE(scores + p, e);
    total = total + e;
  }
  STORE(lanes, total);
  return 1.0f / NAME(sum)(lanes);
}

// sums [4][16] += weight * value over the positions first ..< end of one page, for `rows` queries and the sixteen times
// `vectors` dimensions at `values`. Neighbouring positions add to `chains` different sums, so that narrow heads do not
// wait for each addition; vectors * chains is four.
INLINE void NAME(mix_rows)(const float *const *weights, size_t rows, const float *values, size_t stride, size_t first,
                           size_t end, size_t vectors, size_t chains, float *const *sums) {
  V16 kept[MIX_ROWS * 4];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows * 4; i++) kept[i] = LOAD(sums[i / 4] + i % 4 * 16);
  for (size_t p = first / chains * chains; p < end; p += chains) {
    const int whole = chains == 1 || (p >= first && p + chains <= end);
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) {
      const size_t at = p + i / vectors;
      if (!whole && (at < first || at >= end)) continue;
      const V16 value = LOAD(values + at * stride + i % vectors * 16);
#pragma clang loop unroll(full)
      for (size_t r = 0; r < rows; r++) kept[r * 4 + i] = FMA(SPLAT(weights[r][at]), value, kept[r * 4 + i]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < rows * 4; i++) STORE(sums[i / 4] + i % 4 * 16, kept[i]);
}

// the dimensions of a head go in slices of 64, 32 and 16, each with four vectors of sums
INLINE size_t NAME(slice_vectors)(size_t rest) { return rest >= 64 ? 4 : rest >= 32 ? 2 : 1; }

INLINE void NAME(mix_slices)(const float *const *weights, size_t rows, size_t head, const float *values, size_t stride,
                             size_t first, size_t end, float *const *sums) {
  float *slices[MIX_ROWS];
  for (size_t r = 0; r < rows; r++) slices[r] = sums[r];
  for (size_t d = 0; d < head;) {
    const size_t vectors = NAME(slice_vectors)(head - d);
    if (vectors == 4) {
      NAME(mix_rows)(weights, rows, values + d, stride, first, end, 4, 1, slices);
    } else if (vectors == 2) {
      NAME(mix_rows)(weights, rows, values + d, stride, first, end, 2, 2, slices);
    } else {
      NAME(mix_rows)(weights, rows, values + d, stride, first, end, 1, 4, slices);
    }
    for (size_t r = 0; r < rows; r++) slices[r] += 64;
    d += vectors * 16;
  }
}

INLINE void NAME(finish_head)(const float *sums, size_t head, float scale, float *out) {
  for (size_t d = 0; d < head; sums += 64) {
    const size_t vectors = NAME(slice_vectors)(head - d), chains = 4 / vectors;
    for (size_t v = 0; v < vectors; v++) {
      V16 total = LOAD(sums + v * 16);
      for (size_t c = 1; c < chains; c++) total = total + LOAD(sums + (c * vectors + v) * 16);
      total = total * SPLAT(scale);
      const size_t at = d + v * 16;
      if (at < head) NAME(store_lanes)(out + at, &total, head - at);
    }
    d += vectors * 16;
  }
}

// the rows from `start` on that see one page beside each other
INLINE size_t NAME(sharing)(const ck_attention *rows, size_t count, size_t start, size_t page) {
  size_t end = start + 1;
  while (end < count && page * CK_POSITIONS < rows[end].positions && rows[end].pages[page] == rows[start].pages[page])
    end++;
  return end;
}

static TARGET void NAME(attend)(const ck_attention *rows, size_t count, size_t first, size_t group, size_t head,
                                size_t keys, size_t values, size_t stride, float scale, float *scratch) {
  size_t most = 0;
  for (size_t r = 0; r < count; r++) most = rows[r].positions > most ? rows[r].positions : most;
  const size_t pages = (most + CK_POSITIONS - 1) / CK_POSITIONS, padded = pages * CK_POSITIONS;
  const size_t width = ck_attention_scratch(1, 1, head, 0);
  float *sums = scratch + count * group * padded;
  memset(sums, 0, count * group * width * 4);
#define QUERY(q) (rows[(q) / group].queries + first + (q) % group * head)
  for (size_t page = 0; page < pages; page++) {
    for (size_t r = 0, end; r < count; r = end) {
      end = r + 1;
      if (page * CK_POSITIONS >= rows[r].positions) continue;
      end = NAME(sharing)(rows, count, r, page);
      const float *block = rows[r].pages[page] + keys;
      const float *queries[SCORE_ROWS];
      float *scores[SCORE_ROWS];
      size_t q = r * group;
      for (; q + SCORE_ROWS <= end * group; q += SCORE_ROWS) {
        for (size_t i = 0; i < SCORE_ROWS; i++) {
          queries[i] = QUERY(q + i);
          scores[i] = scratch + (q + i) * padded + page * CK_POSITIONS;
        }
        NAME(score_rows)(queries, SCORE_ROWS, head, block, SCORE_VECTORS, scale, scores);
      }
      for (; q < end * group; q++) {
        queries[0] = QUERY(q);
        scores[0] = scratch + q * padded + page * CK_POSITIONS;
        NAME(score_rows)(queries, 1, head, block, SCORE_VECTORS, scale, scores);
      }
    }
  }
  // what stands in for one over the sum until the end is kept behind the sums
  float *inverses = sums + count * group * width;
  for (size_t q = 0; q < count * group; q++)
    inverses[q] = NAME(soften)(scratch + q * padded, rows[q / group].positions);
  for (size_t page = 0; page < pages; page++) {
    for (size_t r = 0, end; r < count; r = end) {
      end = r + 1;
      if (page * CK_POSITIONS >= rows[r].positions) continue;
      end = NAME(sharing)(rows, count, r, page);
      const float *block = rows[r].pages[page] + values;
      size_t common = CK_POSITIONS;
      for (size_t i = r; i < end; i++) {
        const size_t seen = rows[i].positions - page * CK_POSITIONS;
        common = seen < common ? seen : common;
      }
      const float *weights[MIX_ROWS];
      float *outs[MIX_ROWS];
      size_t q = r * group;
      for (; q + MIX_ROWS <= end * group; q += MIX_ROWS) {
        for (size_t i = 0; i < MIX_ROWS; i++) {
          weights[i] = scratch + (q + i) * padded + page * CK_POSITIONS;
          outs[i] = sums + (q + i) * width;
        }
        NAME(mix_slices)(weights, MIX_ROWS, head, block, stride, 0, common, outs);
      }
      for (; q < end * group; q++) {
        weights[0] = scratch + q * padded + page * CK_POSITIONS;
        outs[0] = sums + q * width;
        NAME(mix_slices)(weights, 1, head, block, stride, 0, common, outs);
      }
      for (q = r * group; q < end * group; q++) {
        const size_t seen = rows[q / group].positions - page * CK_POSITIONS;
        if (seen <= common || common == CK_POSITIONS) continue;
        weights[0] = scratch + q * padded + page * CK_POSITIONS;
        outs[0] = sums + q * width;
        NAME(mix_slices)(weights, 1, head, block, stride, common, seen < CK_POSITIONS ? seen : CK_POSITIONS, outs);
      }
    }
  }
  for (size_t q = 0; q < count * group; q++)
    NAME(finish_head)(sums + q * width, head, inverses[q], rows[q / group].out + first + q % group * head);
#undef QUERY
}

static TARGET size_t NAME(highest)(const float *x, size_t n) {
  V16 top = SPLAT(-__builtin_inff());
  size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    const V16 v = LOAD(x + i);
    const NAME(i16) above = v > top;
    top = (V16)(((NAME(i16))v & above) | ((NAME(i16))top & ~above));
  }
  float lanes[16];
  STORE(lanes, top);
  float most = -__builtin_inff();
  for (int l = 0; l < 16; l++) most = lanes[l] > most ? lanes[l] : most;
  for (; i < n; i++) most = x[i] > most ? x[i] : most;
  if (most == -__builtin_inff()) return n;
  for (i = 0; x[i] != most;) i++;
  return i;
}

static TARGET float NAME(sum_exp)(const float *x, size_t n, float top) {
  V16 total = SPLAT(0.0f);
  for (size_t i = 0; i < n; i += 16) {
    V16 v = SPLAT(top - 1000.0f);
    if (n - i >= 16) {
      v = LOAD(x + i);
    } else {
      memcpy(&v, x + i, (n - i) * 4);
    }
    v = v - SPLAT(top);
    NAME(exp)(&v);
    total = total + v;
  }
  float lanes[16];
  STORE(lanes, total);
  return NAME(sum)(lanes);
}

static const ck_kernels NAME(table) = {NAME(linear), NAME(rms_norm), NAME(silu_multiply), NAME(add),
                                       NAME(rotate), NAME(attend),   NAME(highest),       NAME(sum_exp),
                                       NAME(widen),  FAMILY};
