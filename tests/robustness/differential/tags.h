/* Tags for modules that import some: the layer has none of the program's own, so a small module makes them. */
#ifndef WRL_TESTS_DIFFERENTIAL_TAGS_H
#define WRL_TESTS_DIFFERENTIAL_TAGS_H

#include <wrl.h>

/* A tag whose exceptions carry these parameters. */
wrl_error_t *tag_new(wrl_engine_t *engine, wrl_store_t *store, const wrl_functype_t *type, wrl_tag_t *tag);

#endif
