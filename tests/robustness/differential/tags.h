/* Makes tags for modules that import tags. The layer cannot make tags, so a small module exports each tag. */
#ifndef WRL_TESTS_DIFFERENTIAL_TAGS_H
#define WRL_TESTS_DIFFERENTIAL_TAGS_H

#include <wrl.h>

/* Makes a tag whose exceptions have these parameters. */
wrl_error_t *tag_new(wrl_engine_t *engine, wrl_store_t *store, const wrl_functype_t *type, wrl_tag_t *tag);

#endif
