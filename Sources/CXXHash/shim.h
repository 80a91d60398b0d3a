#ifndef ROLLCALL_CXXHASH_SHIM_H
#define ROLLCALL_CXXHASH_SHIM_H

// Shows what a state is made of, so that it is a value and needs no allocation.
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#endif
