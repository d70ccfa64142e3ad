/* The description of the backend. */
#include "backend.h"

WRL_API const wrl_backend_t *wrl_backend_wasmtime(uint32_t abi);

static const wrl_backend_t description = {
    .size = sizeof(wrl_backend_t),
    .abi = WRL_BACKEND_ABI,
    .name = "wasmtime",
    .engine_name = "wasmtime",
    .engine_version = WASMTIME_VERSION,
    .engine_new = wt_engine_new,
    .engine_delete = wt_engine_delete,
    .engine_features = wt_engine_features,
    .module_new = wt_module_new,
    .module_delete = wt_module_delete,
    .store_new = wt_store_new,
    .store_delete = wt_store_delete,
    .instance_new = wt_instance_new,
    .instance_export = wt_instance_export,
    .func_new = wt_func_new,
    .func_entry = wt_func_entry,
    .func_type = wt_func_type,
    .caller_instance = wt_caller_instance,
    .global_new = wt_global_new,
    .global_get = wt_global_get,
    .global_set = wt_global_set,
    .memory_new = wt_memory_new,
    .memory_size = wt_memory_size,
    .memory_grow = wt_memory_grow,
    .memory_data = wt_memory_data,
    .table_new = wt_table_new,
    .table_size = wt_table_size,
    .table_get = wt_table_get,
    .table_set = wt_table_set,
    .table_grow = wt_table_grow,
    .externref_new = wt_externref_new,
    .externref_release = wt_externref_release,
    .externref_collected = wt_externref_collected,
    .store_collect = wt_store_collect,
    .module_validate = wt_module_validate,
    .ref_heap = wt_ref_heap,
    .ref_release = wt_ref_release,
    .engine_stack = wt_engine_stack,
    .has_exact_traps = true,
    .store_set_fuel = wt_store_set_fuel,
    .store_fuel = wt_store_fuel,
};

const wrl_backend_t *wrl_backend_wasmtime(uint32_t abi)
{
    return abi == WRL_BACKEND_ABI ? &description : NULL;
}
