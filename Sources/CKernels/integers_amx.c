// AMX: sixteen rows against sixteen lanes in one instruction for a whole block. The tile of sums goes through memory to
// the registers that keep the sixteen rows' totals, while the tiles of the next block are already multiplied.
#include "families.h"

#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NAME(x) ck_amx_##x
#define TARGET \
  __attribute__((target("amx-tile,amx-int8,avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c")))
#define INSTRUCTIONS "amx-int8"
#define ROWS 8

#include "integers_vnni.h"
#include "integers_body.h"

typedef struct {
  uint8_t palette, start, reserved[14];
  uint16_t columns[16];
  uint8_t rows[16];
} ck_amx_shape;

// Tiles 0 and 4 hold activations [16 rows][32 inputs], 1 and 5 weights [8 groups][16 lanes][4], 2 and 3 sums [16][16].
STEP void ck_amx_begin(void) {
  ck_amx_shape shape;
  memset(&shape, 0, sizeof shape);
  shape.palette = 1;
  for (int tile = 0; tile < 6; tile++) {
    const int activations = tile % 4 == 0, weights = tile % 4 == 1;
    shape.rows[tile] = weights ? 8 : 16;
    shape.columns[tile] = activations ? 32 : 64;
  }
  _tile_loadconfig(&shape);
}

// sixteen rows against blocks of one panel, onto `start`, or the sums in y where that is null
STEP void ck_amx_tiles(const int8_t *q, const float *scales, const uint8_t *weights, const uint8_t *steps,
                       size_t blocks, const float *start, float *y, size_t ldy, size_t rows, int asks) {
  int32_t sums[2][256] __attribute__((aligned(64)));
  __m512 totals[16];
#pragma clang loop unroll(full)
  for (size_t r = 0; r < 16; r++)
    totals[r] = start ? _mm512_loadu_ps(start) : r < rows ? _mm512_loadu_ps(y + r * ldy) : _mm512_setzero_ps();
  _tile_loadd(0, q, 32);
  _tile_loadd(1, weights, 64);
  _tile_zero(2);
  _tile_dpbssd(2, 0, 1);
  _tile_stored(2, sums[0], 64);
  for (size_t b = 0; b < blocks; b++, scales += 16, steps += 32) {
    // the first rows ask for what the same panel has next
    if (asks) ck_amx_prefetch(weights + CHUNK * 512, 8);
    if (b + 1 < blocks) {
      q += 512;
      weights += 512;
      if (b % 2 == 0) {
        _tile_loadd(4, q, 32);
        _tile_loadd(5, weights, 64);
        _tile_zero(3);
        _tile_dpbssd(3, 4, 5);
        _tile_stored(3, sums[1], 64);
      } else {
        _tile_loadd(0, q, 32);
        _tile_loadd(1, weights, 64);
        _tile_zero(2);
        _tile_dpbssd(2, 0, 1);
        _tile_stored(2, sums[0], 64);
      }
    }
    const int32_t *whole = sums[b % 2];
    const __m512 step = _mm512_cvtph_ps(_mm256_loadu_si256((const __m256i *)steps));
#pragma clang loop unroll(full)
    for (size_t r = 0; r < 16; r++) {
      const __m512 scale = _mm512_mul_ps(step, _mm512_set1_ps(scales[r]));
      totals[r] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(_mm512_load_si512(whole + r * 16)), scale, totals[r]);
    }
  }
#pragma clang loop unroll(full)
  for (size_t r = 0; r < 16; r++) {
    if (r < rows) _mm512_storeu_ps(y + r * ldy, totals[r]);
  }
}

// nibbles [blocks][4 groups][64] to weights as the tiles want them [blocks][8 groups][64]
STEP void ck_amx_unpack(const uint8_t *from, size_t blocks, uint8_t *to) {
  const __m512i mask = _mm512_set1_epi8(15), eight = _mm512_set1_epi8(8);
  for (size_t b = 0; b < blocks; b++, from += 256, to += 512) {
#pragma clang loop unroll(full)
    for (size_t group = 0; group < 4; group++) {
      const __m512i pairs = _mm512_loadu_si512(from + group * 64);
      const __m512i low = _mm512_and_si512(pairs, mask), high = _mm512_and_si512(_mm512_srli_epi16(pairs, 4), mask);
      _mm512_store_si512(to + group * 64, _mm512_sub_epi8(low, eight));
      _mm512_store_si512(to + (group + 4) * 64, _mm512_sub_epi8(high, eight));
    }
  }
}

// As NAME(integer_panel), with `count` at most CHUNK where there are more than four rows.
STEP void ck_amx_panel(ck_block block, const ck_activations *x, const uint8_t *panel, size_t first, size_t count,
                       const float *start, float *y, size_t ldy) {
  if (x->rows <= 4) {
    ck_amx_integer_panel(block, x, panel, first, count, start, y, ldy);
    return;
  }
  uint8_t unpacked[CHUNK * 512] __attribute__((aligned(64)));
  const size_t blocks = x->inputs / 32, size = block == CK_Q4_0 ? 256 : 512;
  const uint8_t *stored = panel + first * size, *steps = panel + blocks * size + first * 32;
  const uint8_t *weights = stored;
  if (block == CK_Q4_0) {
    ck_amx_unpack(stored, count, unpacked);
    weights = unpacked;
  }
  for (size_t row = 0; row < x->rows; row += 16) {
    const size_t height = ck_amx_height(x, row), rest = x->rows - row, at = row * blocks + first * height;
    if (height == 16) {
      ck_amx_tiles(x->quants + at * 32, x->scales + at, weights, steps, count, first ? 0 : start,
                   y + row * ldy, ldy, rest < 16 ? rest : 16,
                   row == 0 && block == CK_Q8_0);
    } else {
      ck_amx_integer_group(block, x->quants + at * 32, x->scales + at, x->offsets + at, height, rest, stored, steps,
                           count, first ? 0 : start, y + row * ldy, ldy);
    }
  }
}

#define PANEL ck_amx_panel
#define BEGIN(x) \
  if ((x)->rows > 4) ck_amx_begin();
#define END(x) \
  if ((x)->rows > 4) _tile_release();
#include "integers_walk.h"

// The system keeps tiles for a process only once it has been asked to.
int ck_amx_permitted(void) {
  const int request = 0x1023, tiles = 18;
  return syscall(SYS_arch_prctl, request, tiles) == 0;
}

const ck_integer_kernels *ck_amx_integers_table(void) { return &ck_amx_integer_table; }
#else
const ck_integer_kernels *ck_amx_integers_table(void) { return 0; }
int ck_amx_permitted(void) { return 0; }
#endif
