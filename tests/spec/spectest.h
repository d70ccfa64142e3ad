/* The host module "spectest", which many of the suite's modules import from. */
#ifndef SPEC_SPECTEST_H
#define SPEC_SPECTEST_H

#include "wrl.h"

/* Puts its items, made in the store, into the map: those of kinds that the engine lacks are left out. */
wrl_error_t *spec_spectest_define(const wrl_engine_t *engine, wrl_store_t *store, wrl_imports_t *imports);

#endif
