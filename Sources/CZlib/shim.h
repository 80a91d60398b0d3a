#ifndef ROLLCALL_CZLIB_SHIM_H
#define ROLLCALL_CZLIB_SHIM_H

#include <zlib.h>

/* zlib's way to begin is a macro, which Swift does not import. 16 stands for gzip's header and trailer, and nothing else. */
static inline int rollcall_gzip_begin(z_stream *stream) {
    return inflateInit2(stream, MAX_WBITS + 16);
}

#endif
