/* What a module imports and exports, as the layer tells it. */
#ifndef WRL_TESTS_ITEMS_H
#define WRL_TESTS_ITEMS_H

#include "transcript.h"

/* A line for each import and export. smith/src/reflect.rs has the same words. */
void say_items(transcript_t *transcript, const wrl_module_t *module);

/* A name of anything in quotes, on one line. */
void say_name(transcript_t *transcript, const char *name, size_t size);

/* "(params) (results)" */
void say_functype(transcript_t *transcript, const wrl_functype_t *type);

#endif
