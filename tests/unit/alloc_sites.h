/* Notes where in the code allocations were made to fail, for alloc_sites.py. */
#ifndef WRL_TESTS_UNIT_ALLOC_SITES_H
#define WRL_TESTS_UNIT_ALLOC_SITES_H

/* To be called by the allocator's hook before it answers false. Does nothing unless WRL_ALLOC_SITES names a file. */
void alloc_site_failed();

#endif
