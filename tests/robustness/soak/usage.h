/* The current resource usage of the process. */
#ifndef WRL_TESTS_SOAK_USAGE_H
#define WRL_TESTS_SOAK_USAGE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct usage {
    long long blocks;      /* Allocated with malloc and similar functions in the whole process, shared objects
                            * included. */
    long long bytes;       /* The size of these blocks. */
    long long mappings;    /* Lines of /proc/self/maps. */
    long long address_kib; /* Address space. */
    long long resident_kib;
    long long descriptors; /* Open files. */
} usage_t;

/* Returns whether this build counts malloc: with glibc, and without sanitizers other than the address sanitizer. */
bool usage_counts_malloc(void);

/* Returns the current usage. Values that are unknown on this host are 0. */
usage_t usage_now(void);

#endif
