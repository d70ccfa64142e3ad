/* Records the places in the code where an allocation failed, for alloc_sites.py. */
#ifndef WRL_TESTS_UNIT_ALLOC_SITES_H
#define WRL_TESTS_UNIT_ALLOC_SITES_H

/* Called by the allocator's hook before it returns false. Does nothing unless WRL_ALLOC_SITES names a file. */
void alloc_site_failed();

#endif
