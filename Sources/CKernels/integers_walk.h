// The walk over the panels of a product, for all paths of the integer kernels. PANEL is what multiplies all rows with
// blocks of one panel; BEGIN and END stand around a call.

#ifndef PANEL
#define PANEL NAME(integer_panel)
#endif
#ifndef BEGIN
#define BEGIN(x)
#define END(x)
#endif

static TARGET void NAME(start)(size_t rows, size_t lanes, const float *bias, float *y, size_t ldy) {
  for (size_t r = 0; r < rows; r++) {
    if (bias) {
      memcpy(y + r * ldy, bias, lanes * 4);
    } else {
      memset(y + r * ldy, 0, lanes * 4);
    }
  }
}

// the last panel where it is not sixteen lanes wide
static TARGET void NAME(narrow)(ck_block block, const ck_activations *x, const uint8_t *panel, size_t lanes,
                                const float *bias, float *y, size_t ldy) {
  const size_t blocks = x->inputs / 32;
  float sums[64 * 16];
  ck_activations part = *x;
  for (size_t row = 0; row < x->rows; row += 64) {
    const size_t rest = x->rows - row;
    part.rows = rest < 64 ? rest : 64;
    part.quants = x->quants + row * x->inputs;
    part.scales = x->scales + row * blocks;
    part.offsets = x->offsets + row * blocks;
    memset(sums, 0, sizeof sums);
    NAME(start)(part.rows, lanes, bias, sums, 16);
    for (size_t b = 0; b < blocks; b += CHUNK)
      PANEL(block, &part, panel, b, b + CHUNK < blocks ? CHUNK : blocks - b, sums, 16);
    for (size_t r = 0; r < part.rows; r++) memcpy(y + (row + r) * ldy, sums + r * 16, lanes * 4);
  }
}

INLINE void NAME(integer_linear)(ck_block block, const ck_activations *x, const void *panels, size_t n,
                                 const float *bias, float *y, size_t ldy) {
  const size_t blocks = x->inputs / 32, step = blocks * (block == CK_Q4_0 ? 288 : 544), whole = n / 16 * 16;
  const uint8_t *panel = panels;
  NAME(start)(x->rows, whole, bias, y, ldy);
  if (whole < n) {
    NAME(narrow)(block, x, panel + whole / 16 * step, n - whole, bias ? bias + whole : 0, y + whole, ldy);
  }
  // few rows stay in the second cache: then each panel is read from one end to the other
  const size_t outer = x->rows * x->inputs > 1 << 20 ? CHUNK : blocks;
  for (size_t first = 0; first < blocks; first += outer) {
    const size_t end = first + outer < blocks ? first + outer : blocks;
    for (size_t at = 0; at < whole; at += 16) {
      const size_t chunk = x->rows > 4 ? CHUNK : blocks;
      for (size_t b = first; b < end; b += chunk)
        PANEL(block, x, panel + at / 16 * step, b, b + chunk < end ? chunk : end - b, y + at, ldy);
    }
  }
}

static TARGET void NAME(linear)(ck_block block, const ck_activations *x, const void *panels, size_t n,
                                const float *bias, float *y, size_t ldy) {
  BEGIN(x)
  if (block == CK_Q4_0) {
    NAME(integer_linear)(CK_Q4_0, x, panels, n, bias, y, ldy);
  } else {
    NAME(integer_linear)(CK_Q8_0, x, panels, n, bias, y, ldy);
  }
  END(x)
}

static const ck_integer_kernels NAME(integer_table) = {NAME(quantize), NAME(linear), INSTRUCTIONS};
