/* Included before the js backend's sources (alloc.c): each allocation announces its place. */
#ifndef WRL_TESTS_JS_ALLOC_SITE_H
#define WRL_TESTS_JS_ALLOC_SITE_H

#include <stddef.h>

void alloc_site(const char *file, int line);

/* Replaces calls of the member of wrl_core_t, and nothing else with this name. */
#define alloc(size) alloc((alloc_site(__FILE__, __LINE__), (size)))

#endif
