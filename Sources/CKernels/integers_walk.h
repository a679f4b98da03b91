// The walk over the panels of a product, for all paths of the integer kernels. PANEL is what multiplies all rows with
// blocks of one panel; BEGIN and END stand around a call.

#ifndef PANEL
#define PANEL NAME(integer_panel)
#endif
#ifndef BEGIN
#define BEGIN(x)
#define END(x)
#endif

// the last panel where it is not sixteen lanes wide
INLINE void NAME(narrow)(ck_block block, const ck_activations *x, const uint8_t *panel, size_t lanes,
                         const float *bias, float *y, size_t ldy) {
  const size_t blocks = x->inputs / 32;
  float sums[64 * 16], start[16] = {0};
  if (bias) memcpy(start, bias, lanes * 4);
  ck_activations part = *x;
  for (size_t row = 0; row < x->rows; row += 64) {
    const size_t rest = x->rows - row;
    part.rows = rest < 64 ? rest : 64;
    part.quants = x->quants + row * x->inputs;
    part.scales = x->scales + row * blocks;
    part.offsets = x->offsets + row * blocks;
    for (size_t b = 0; b < blocks; b += CHUNK)
      PANEL(block, &part, panel, b, b + CHUNK < blocks ? CHUNK : blocks - b, start, sums, 16);
    for (size_t r = 0; r < part.rows; r++) memcpy(y + (row + r) * ldy, sums + r * 16, lanes * 4);
  }
}

INLINE void NAME(integer_linear)(ck_block block, const ck_activations *x, const void *panels, size_t n,
                                 const float *bias, float *y, size_t ldy) {
  const size_t blocks = x->inputs / 32, step = blocks * (block == CK_Q4_0 ? 288 : 544), whole = n / 16 * 16;
  const uint8_t *panel = panels;
  static const float zeros[16];
  if (whole < n) {
    NAME(narrow)(block, x, panel + whole / 16 * step, n - whole, bias ? bias + whole : 0, y + whole, ldy);
  }
  size_t done = 0;
  if (x->rows == 1) {
    for (; done + STREAMS * 16 <= whole; done += STREAMS * 16)
      NAME(integer_row)(block, x, panel + done / 16 * step, step, bias ? bias + done : 0, y + done);
  }
  // few rows stay in the second cache: then each panel is read from one end to the other
  const size_t outer = x->rows * x->inputs > 1 << 20 ? CHUNK : blocks;
  for (size_t first = 0; first < blocks; first += outer) {
    const size_t end = first + outer < blocks ? first + outer : blocks;
    for (size_t at = done; at < whole; at += 16) {
      const size_t chunk = x->rows > 4 ? CHUNK : blocks;
      for (size_t b = first; b < end; b += chunk)
        PANEL(block, x, panel + at / 16 * step, b, b + chunk < end ? chunk : end - b,
              bias ? bias + at : zeros, y + at, ldy);
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
