#ifndef ROLLCALL_CPCRE2_SHIM_H
#define ROLLCALL_CPCRE2_SHIM_H

/* The library's names end with the width of a character, which is a byte here. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#endif
