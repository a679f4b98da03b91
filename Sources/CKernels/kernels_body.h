// The kernels, written once over sixteen-lane vectors. Each including file defines NAME(x), TARGET, ROWS (how many
// rows keep their sums in registers) and LOAD_F16(p) (sixteen half floats widened), then includes this.

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

// out[0 ..< 16 * vectors] = sum over positions of weight * value. Neighbouring positions add to `chains` different sums,
// so that narrow heads do not wait for each addition; vectors * chains is four.
INLINE void NAME(mix)(const float *weights, const float *values, size_t stride, size_t n, float scale, size_t vectors,
                      size_t chains, float *out, size_t lanes) {
  V16 sums[4];
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 4; i++) sums[i] = SPLAT(0.0f);
  size_t p = 0;
  for (; p + chains <= n; p += chains) {
#pragma clang loop unroll(full)
    for (size_t i = 0; i < 4; i++) {
      const size_t c = i / vectors, v = i % vectors;
      sums[i] = FMA(SPLAT(weights[p + c]), LOAD(values + (p + c) * stride + v * 16), sums[i]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t i = 0; i < 4; i++) {
    const size_t c = i / vectors, v = i % vectors;
    if (p + c < n) sums[i] = FMA(SPLAT(weights[p + c]), LOAD(values + (p + c) * stride + v * 16), sums[i]);
  }
#pragma clang loop unroll(full)
  for (size_t v = 0; v < vectors; v++) {
    V16 total = sums[v];
#pragma clang loop unroll(full)
    for (size_t c = 1; c < chains; c++) total = total + sums[c * vectors + v];
    total = total * SPLAT(scale);
    NAME(store_lanes)(out + v * 16, &total, lanes - v * 16);
  }
}

static TARGET void NAME(attend)(const float *query, size_t head, const float *keys, const float *values, size_t stride,
                                size_t n, float scale, float *scores, float *out) {
  V16 top = SPLAT(-__builtin_inff());
  const NAME(i16) iota = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  for (size_t p = 0; p < n; p += CK_POSITIONS) {
    V16 sums[4] = {SPLAT(0.0f), SPLAT(0.0f), SPLAT(0.0f), SPLAT(0.0f)};
    const float *block = keys + p * head;
    for (size_t d = 0; d < head; d++) {
      const V16 q = SPLAT(query[d]);
#pragma clang loop unroll(full)
      for (size_t b = 0; b < 4; b++) sums[b] = FMA(q, LOAD(block + (b * head + d) * 16), sums[b]);
    }
#pragma clang loop unroll(full)
    for (size_t b = 0; b < 4; b++) {
      const size_t first = p + b * 16;
      const NAME(i16) held = (iota + (int32_t)first) < (int32_t)n;
      const NAME(i16) score = (NAME(i16))(sums[b] * SPLAT(scale));
      const V16 kept = (V16)((score & held) | ((NAME(i16))SPLAT(-__builtin_inff()) & ~held));
      STORE(scores + first, kept);
      top = __builtin_elementwise_max(top, kept);
    }
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
  const float inverse = 1.0f / NAME(sum)(lanes);
  size_t d = 0;
  for (; d + 64 <= head; d += 64) NAME(mix)(scores, values + d, stride, n, inverse, 4, 1, out + d, head - d);
  for (; d + 32 <= head; d += 32) NAME(mix)(scores, values + d, stride, n, inverse, 2, 2, out + d, head - d);
  for (; d < head; d += 16) NAME(mix)(scores, values + d, stride, n, inverse, 1, 4, out + d, head - d);
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
                                       NAME(attend), NAME(highest),  NAME(sum_exp),       NAME(widen), FAMILY};
