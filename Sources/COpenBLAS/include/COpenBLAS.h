#pragma once

// OpenBLAS, opened at run time. It picks its kernels when it loads, and releases older than the processor pick the
// SSE ones; so the family is chosen here from the processor's feature bits, before the library is opened.

#pragma clang assume_nonnull begin

/// Opens the library once for the process; later calls return the first outcome. 1: usable, 0: not found.
/// `path` may be null; otherwise only that file is tried.
int cob_open(const char *_Nullable path);

/// Why the library could not be opened, or the empty string.
const char *cob_error(void);
/// The file that was opened, as asked for.
const char *cob_path(void);
/// Version and build options as OpenBLAS tells them, or the empty string (Accelerate tells nothing).
const char *cob_config(void);
/// The kernel family that runs, as OpenBLAS names it (`Haswell`, `SkylakeX`), or the empty string.
const char *cob_core(void);
/// The family that was asked for from the feature bits; null where the environment or the platform decides.
const char *_Nullable cob_requested_core(void);

/// y[m][n] = x[m][k] * w[n][k]^T, all row-major. Only after cob_open returned 1.
void cob_multiply(int m, int n, int k, const float *x, const float *w, float *y, int ldy);
/// y[n] = w[n][k] * x[k].
void cob_multiply_vector(int n, int k, const float *x, const float *w, float *y);

#pragma clang assume_nonnull end
