#ifndef ROLLCALL_CPREFETCH_SHIM_H
#define ROLLCALL_CPREFETCH_SHIM_H

/* Asks the processor to have the memory at an address ready soon; Swift has no word for it. Any address is allowed. */
static inline void rollcall_prefetch(const void *address) {
    __builtin_prefetch(address);
}

#endif
