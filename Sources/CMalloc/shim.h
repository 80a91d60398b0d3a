#ifndef ROLLCALL_CMALLOC_SHIM_H
#define ROLLCALL_CMALLOC_SHIM_H

/* glibc's settings of its allocator, which Swift's Glibc module leaves out. */
#include <malloc.h>

#endif
