/* Goes before the js backend's sources (alloc.c): each request for memory is announced with its place. */
#ifndef WRL_TESTS_JS_ALLOC_SITE_H
#define WRL_TESTS_JS_ALLOC_SITE_H

#include <stddef.h>

void alloc_site(const char *file, int line);

/* Calls of the member of wrl_core_t, and nothing else that has this name. */
#define alloc(size) alloc((alloc_site(__FILE__, __LINE__), (size)))

#endif
