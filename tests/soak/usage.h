/* What the process has taken from the host, now. */
#ifndef WRL_TESTS_SOAK_USAGE_H
#define WRL_TESTS_SOAK_USAGE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct usage {
    long long blocks;      /* Of malloc and its like, in the whole process, shared objects included. */
    long long bytes;       /* In these blocks. */
    long long mappings;    /* Lines of /proc/self/maps. */
    long long address_kib; /* Address space. */
    long long resident_kib;
    long long descriptors; /* Open files. */
} usage_t;

/* Whether malloc is counted here: not under sanitizers other than the address sanitizer, and with glibc alone. */
bool usage_counts_malloc(void);

/* What is not known on this host stays 0. */
usage_t usage_now(void);

#endif
