/* Included before the js backend's sources (alloc.c). Makes each allocation report its place in the source. */
#ifndef WRL_TESTS_JS_ALLOC_SITE_H
#define WRL_TESTS_JS_ALLOC_SITE_H

#include <stddef.h>

void alloc_site(const char *file, int line);

/* Replaces calls of wrl_core_t::alloc. Nothing else in the sources matches. */
#define alloc(size) alloc((alloc_site(__FILE__, __LINE__), (size)))

#endif
