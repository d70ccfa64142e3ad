/* What the backends of this folder have in common, which is all but their names and their engines. */
#ifndef WRL_BACKEND_JS_DESCRIPTION_H
#define WRL_BACKEND_JS_DESCRIPTION_H

#include "backend.h"

/* Filled when a description is asked for. */
extern char js_version[80];
void js_find_version(void);

/* clang-format off */
#define JS_DESCRIPTION(backend_name, make_engine)                                                               \
    {                                                                                                           \
        .size = sizeof(wrl_backend_t),                                                                          \
        .abi = WRL_BACKEND_ABI,                                                                                 \
        .name = (backend_name),                                                                                 \
        .engine_name = "the host's WebAssembly",                                                                \
        .engine_version = js_version,                                                                           \
        .engine_new = (make_engine),                                                                            \
        .engine_delete = js_engine_delete,                                                                      \
        .engine_features = js_engine_features,                                                                  \
        .module_new = js_module_new,                                                                            \
        .module_delete = js_module_delete,                                                                      \
        .store_new = js_store_new,                                                                              \
        .store_delete = js_store_delete,                                                                        \
        .instance_new = js_instance_new,                                                                        \
        .instance_export = js_instance_export,                                                                  \
        .func_new = js_func_new,                                                                                \
        .func_entry = js_func_entry,                                                                            \
        .func_type = js_func_type,                                                                              \
        .caller_export = js_caller_export,                                                                      \
        .global_new = js_global_new,                                                                            \
        .global_get = js_global_get,                                                                            \
        .global_set = js_global_set,                                                                            \
        .memory_new = js_memory_new,                                                                            \
        .memory_size = js_memory_size,                                                                          \
        .memory_grow = js_memory_grow,                                                                          \
        .memory_data = js_memory_data,                                                                          \
        .memory_read = js_memory_read,                                                                          \
        .memory_write = js_memory_write,                                                                        \
        .table_new = js_table_new,                                                                              \
        .table_size = js_table_size,                                                                            \
        .table_get = js_table_get,                                                                              \
        .table_set = js_table_set,                                                                              \
        .table_grow = js_table_grow,                                                                            \
        .externref_new = js_externref_new,                                                                      \
        .module_new_async = js_module_new_async,                                                                \
    }
/* clang-format on */

#endif
