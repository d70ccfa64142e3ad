/* The host module "spectest", from which many modules of the suite import. */
#ifndef SPEC_SPECTEST_H
#define SPEC_SPECTEST_H

#include "wrl.h"

/* Makes the module's items in the store and adds them to the map. Kinds that the engine does not support are left
 * out. */
wrl_error_t *spec_spectest_define(const wrl_engine_t *engine, wrl_store_t *store, wrl_imports_t *imports);

#endif
