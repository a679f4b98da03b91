// Compares every path of the integer kernels that this processor has with the
// portable one, bit for bit, on seeded numbers of awkward shapes. For processors that the tests do not run on.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

static uint64_t state = 7;

static uint64_t next_random(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

static void *room(size_t bytes) {
  void *memory = aligned_alloc(64, (bytes + 127) / 64 * 64);
  if (!memory) exit(2);
  memset(memory, 0, (bytes + 127) / 64 * 64);
  return memory;
}

static float number(void) {
  const float small = (float)(next_random() % 2001) / 1000.0f - 1.0f;
  return next_random() % 7 ? small : small * 40.0f;
}

static int differing = 0, compared = 0;

static void compare(const float *a, const float *b, size_t n, const char *what, const char *path) {
  compared++;
  if (!memcmp(a, b, n * sizeof *a)) return;
  differing++;
  printf("%s: %s differs from portable\n", what, path);
}

static float *product(const ck_integer_kernels *kernels, ck_block block, size_t m, size_t k, size_t n, const float *x,
                      const void *panels, const float *bias) {
  const size_t rows = ck_padded_rows(m);
  ck_activations activations = {room(rows * k), room(rows * k / 8), room(rows * k / 8), m, k};
  float *y = room(m * n * 4);
  for (size_t first = 0; first < m; first += 16)
    kernels->quantize(block, x, first, m - first < 16 ? m - first : 16, &activations);
  kernels->linear(block, &activations, panels, n, bias, y, n);
  free(activations.quants);
  free(activations.scales);
  free(activations.offsets);
  return y;
}

static void integers(ck_block block, size_t m, size_t k, size_t n) {
  const size_t size = ck_block_bytes(block), blocks = k / 32;
  uint8_t *row = room(blocks * size), *panels = room((n + 15) / 16 * ck_panel_bytes(block, k));
  for (size_t r = 0; r < n; r++) {
    for (size_t i = 0; i < blocks * size; i++)
      row[i] = next_random() % 4 ? (uint8_t)next_random() : next_random() % 2 ? 0x80 : 0x7f;
    for (size_t b = 0; b < blocks; b++) {
      const uint16_t scale = ck_float_to_half(number() / 8);
      memcpy(row + b * size, &scale, 2);
    }
    ck_pack_blocks(block, row, k, r, panels);
  }
  float *x = room(m * k * 4), *bias = room(n * 4);
  for (size_t i = 0; i < m * k; i++) x[i] = number();
  for (size_t i = 0; i < n; i++) bias[i] = number();
  float *expected = product(ck_portable_integers(), block, m, k, n, x, panels, bias);
  for (int path = 1; path < CK_INT_PATHS; path++) {
    const ck_integer_kernels *kernels = ck_integers((ck_integer_path)path);
    if (!kernels) continue;
    float *y = product(kernels, block, m, k, n, x, panels, bias);
    compare(expected, y, m * n, block == CK_Q4_0 ? "product with Q4_0" : "product with Q8_0", kernels->instructions);
    free(y);
  }
  free(expected);
  free(row);
  free(panels);
  free(x);
  free(bias);
}

int main(void) {
  printf("paths:");
  for (int path = 0; path < CK_INT_PATHS; path++) {
    const ck_integer_kernels *kernels = ck_integers((ck_integer_path)path);
    if (kernels) printf(" %s", kernels->instructions);
  }
  printf("\n");
  const size_t shapes[][3] = {{1, 32, 5},   {2, 96, 16},  {4, 64, 17},   {5, 160, 50}, {7, 1056, 33},
                              {16, 96, 32}, {17, 320, 9}, {37, 2080, 48}};
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
    integers(CK_Q8_0, shapes[s][0], shapes[s][1], shapes[s][2]);
    integers(CK_Q4_0, shapes[s][0], shapes[s][1], shapes[s][2]);
  }
  printf("%d products compared, %d differ\n", compared, differing);
  return differing ? 1 : 0;
}
