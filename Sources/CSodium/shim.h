#ifndef ROLLCALL_CSODIUM_SHIM_H
#define ROLLCALL_CSODIUM_SHIM_H

#include <sodium/crypto_shorthash_siphash24.h>

#endif
