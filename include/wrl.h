/**
 * @file
 * The whole interface of wasm_runtime_layer. Each noun has a header of its own in wrl/.
 *
 *     wrl_engine_t *engine;
 *     wrl_error_t *error = wrl_engine_new(NULL, &engine);
 *     if (error) { fprintf(stderr, "%s\n", wrl_error_message(error)); wrl_error_delete(error); }
 */
#ifndef WRL_H
#define WRL_H

#include "wrl/allocator.h"
#include "wrl/backend.h"
#include "wrl/base.h"
#include "wrl/engine.h"
#include "wrl/error.h"
#include "wrl/extern.h"
#include "wrl/externref.h"
#include "wrl/feature.h"
#include "wrl/fuel.h"
#include "wrl/func.h"
#include "wrl/global.h"
#include "wrl/handle.h"
#include "wrl/hidden.h"
#include "wrl/imports.h"
#include "wrl/instance.h"
#include "wrl/memory.h"
#include "wrl/module.h"
#include "wrl/ref.h"
#include "wrl/store.h"
#include "wrl/table.h"
#include "wrl/type.h"
#include "wrl/value.h"
#include "wrl/wasmtime.h"
#include "wrl/wat.h"

#endif
