#include "COpenBLAS.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// CBLAS order and transposition, from its published interface
enum { ROW_MAJOR = 101, NO_TRANSPOSE = 111, TRANSPOSE = 112 };

typedef void (*sgemm_function)(int, int, int, int, int, int, float, const float *, int, const float *, int, float,
                               float *, int);
typedef void (*sgemv_function)(int, int, int, int, float, const float *, int, const float *, int, float, float *,
                               int);

static struct {
  pthread_mutex_t lock;
  int tried, usable;
  char error[512], path[512];
  const char *config, *core, *requested;
  sgemm_function sgemm;
  sgemv_function sgemv;
} blas = {.lock = PTHREAD_MUTEX_INITIALIZER, .config = "", .core = ""};

static const char *core_from_features(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd"))
    return "SkylakeX";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return "Haswell";
#endif
  return 0;
}

static void *open_any(const char *path) {
#if defined(__APPLE__)
  const char *usual[] = {"/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
                         "/usr/local/opt/openblas/lib/libopenblas.dylib",
                         "/System/Library/Frameworks/Accelerate.framework/Accelerate", 0};
#else
  const char *usual[] = {"libopenblas.so.0", "libopenblas.so", 0};
#endif
  const char *only[] = {path, 0};
  for (const char **name = path ? only : usual; *name; name++) {
    void *library = dlopen(*name, RTLD_NOW | RTLD_LOCAL);
    if (library) {
      snprintf(blas.path, sizeof blas.path, "%s", *name);
      blas.error[0] = 0;
      return library;
    }
    const char *why = dlerror();
    if (!blas.error[0]) snprintf(blas.error, sizeof blas.error, "%s", why ? why : "unknown reason");
  }
  return 0;
}

static int open_once(const char *path) {
  // what is set here is read by the library's constructor, and taken back so that child processes do not inherit it
  const int set_core = !getenv("OPENBLAS_CORETYPE"), set_threads = !getenv("OPENBLAS_NUM_THREADS");
  blas.requested = set_core ? core_from_features() : 0;
  if (blas.requested) setenv("OPENBLAS_CORETYPE", blas.requested, 1);
  if (set_threads) setenv("OPENBLAS_NUM_THREADS", "1", 1);
  void *library = open_any(path);
  if (blas.requested) unsetenv("OPENBLAS_CORETYPE");
  if (set_threads) unsetenv("OPENBLAS_NUM_THREADS");
  if (!library) return 0;

  blas.sgemm = (sgemm_function)dlsym(library, "cblas_sgemm");
  blas.sgemv = (sgemv_function)dlsym(library, "cblas_sgemv");
  if (!blas.sgemm || !blas.sgemv) {
    snprintf(blas.error, sizeof blas.error, "%s has no cblas_sgemm or no cblas_sgemv", blas.path);
    dlclose(library);
    return 0;
  }
  // one thread for a call: the shape of a call, never the number of cores, decides the order of its additions
  void (*threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
  if (threads) threads(1);
  char *(*config)(void) = (char *(*)(void))dlsym(library, "openblas_get_config");
  if (config) blas.config = config();
  char *(*core)(void) = (char *(*)(void))dlsym(library, "openblas_get_corename");
  if (core) blas.core = core();
  return 1;
}

int cob_open(const char *path) {
  pthread_mutex_lock(&blas.lock);
  if (!blas.tried) {
    blas.tried = 1;
    blas.usable = open_once(path);
  }
  const int usable = blas.usable;
  pthread_mutex_unlock(&blas.lock);
  return usable;
}

const char *cob_error(void) { return blas.error; }
const char *cob_path(void) { return blas.path; }
const char *cob_config(void) { return blas.config; }
const char *cob_core(void) { return blas.core; }
const char *cob_requested_core(void) { return blas.requested; }

void cob_multiply(int m, int n, int k, const float *x, const float *w, float *y, int ldy) {
  blas.sgemm(ROW_MAJOR, NO_TRANSPOSE, TRANSPOSE, m, n, k, 1, x, k, w, k, 0, y, ldy);
}

void cob_multiply_vector(int n, int k, const float *x, const float *w, float *y) {
  blas.sgemv(ROW_MAJOR, NO_TRANSPOSE, n, k, 1, w, k, x, 1, 0, y, 1);
}
