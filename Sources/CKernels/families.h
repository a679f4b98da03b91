#pragma once
#include <string.h>
#include "CKernels.h"

const ck_kernels *ck_portable(void);
const ck_kernels *ck_avx2(void);
const ck_kernels *ck_avx512(void);
