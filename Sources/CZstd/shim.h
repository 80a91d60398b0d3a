#ifndef ROLLCALL_CZSTD_SHIM_H
#define ROLLCALL_CZSTD_SHIM_H

#include <zstd.h>

#endif
