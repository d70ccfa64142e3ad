/* A module's imports and exports as the layer reports them. */
#ifndef WRL_TESTS_ITEMS_H
#define WRL_TESTS_ITEMS_H

#include "transcript.h"

/* Adds a line for each import and export, in the format of smith/src/reflect.rs. */
void say_items(transcript_t *transcript, const wrl_module_t *module);

/* Adds any name in quotes, on one line. */
void say_name(transcript_t *transcript, const char *name, size_t size);

/* Adds "(params) (results)". */
void say_functype(transcript_t *transcript, const wrl_functype_t *type);

#endif
