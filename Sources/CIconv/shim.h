#ifndef ROLLCALL_CICONV_SHIM_H
#define ROLLCALL_CICONV_SHIM_H

/* glibc's conversion of encodings, which Swift's Glibc module leaves out. */
#include <iconv.h>

#endif
