/* The description of the wasmi backend. The functions are in Rust, over the crate wasmi; see glue/. */
#include "glue.h"
#ifdef __SANITIZE_THREAD__
#include "tsan.h"
#endif

/* The layouts that glue/src/abi.rs mirrors and also asserts. */
#define WORD sizeof(size_t)
_Static_assert(sizeof(wrl_raw_t) == 16 && _Alignof(wrl_raw_t) == _Alignof(uint64_t), "wrl_raw_t");
_Static_assert(sizeof(wrl_backend_ref_t) == 16, "wrl_backend_ref_t");
_Static_assert(sizeof(wrl_error_kind_t) == 4 && sizeof(wrl_trap_code_t) == 4, "error enums");
_Static_assert(sizeof(wrl_externkind_t) == 4, "wrl_externkind_t");
_Static_assert(sizeof(wrl_backend_extern_t) == offsetof(wrl_backend_extern_t, ref) + 16, "wrl_backend_extern_t");
_Static_assert(sizeof(wrl_valtype_t) == 8 && offsetof(wrl_valtype_t, heap) == 4, "wrl_valtype_t");
_Static_assert(sizeof(wrl_functype_t) == 5 * WORD && offsetof(wrl_functype_t, results) == 2 * WORD, "wrl_functype_t");
_Static_assert(offsetof(wrl_globaltype_t, content) == 0, "wrl_globaltype_t");
_Static_assert(offsetof(wrl_globaltype_t, is_mutable) == 8, "wrl_globaltype_t");
_Static_assert(offsetof(wrl_memorytype_t, page_size_log2) == offsetof(wrl_memorytype_t, max) + 10, "wrl_memorytype_t");
_Static_assert(offsetof(wrl_tabletype_t, is_64) == offsetof(wrl_tabletype_t, max) + 8, "wrl_tabletype_t");
_Static_assert(sizeof(wrl_host_func_t) == 2 * WORD, "wrl_host_func_t");
_Static_assert(offsetof(wrl_core_t, error) == 2 * WORD && offsetof(wrl_core_t, free) == 7 * WORD, "wrl_core_t");

/* The features that configure() in glue/src/config.rs enables in wasmi, and those that the glue adds. */
static const wrl_feature_t FEATURES[] = {
    WRL_FEATURE_MUTABLE_GLOBALS,
    WRL_FEATURE_SIGN_EXTENSION,
    WRL_FEATURE_SATURATING_FLOAT_TO_INT,
    WRL_FEATURE_MULTI_VALUE,
    WRL_FEATURE_BULK_MEMORY,
    WRL_FEATURE_REFERENCE_TYPES,
    WRL_FEATURE_SIMD,
    WRL_FEATURE_RELAXED_SIMD,
    WRL_FEATURE_EXTENDED_CONST,
    WRL_FEATURE_TAIL_CALL,
    WRL_FEATURE_MULTI_MEMORY,
    WRL_FEATURE_MEMORY64,
    WRL_FEATURE_CUSTOM_PAGE_SIZES,
    WRL_FEATURE_WIDE_ARITHMETIC,
    WRL_FEATURE_EXECUTION,
    WRL_FEATURE_CALLER_EXPORTS,
    WRL_FEATURE_MEMORY_DATA,
    WRL_FEATURE_THREAD_SAFE,
    WRL_FEATURE_FUEL,
};

static void engine_features(void *engine, uint64_t features[2])
{
    (void)engine;
    for (size_t i = 0; i < sizeof(FEATURES) / sizeof(FEATURES[0]); i++) {
        features[FEATURES[i] / 64] |= UINT64_C(1) << (FEATURES[i] % 64);
    }
}

/* Rust reads no configuration, so that it does not have to mirror the struct. */
static wrl_error_t *engine_new(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine)
{
    return wrl__wasmi_engine_new(core, config->fuel, engine);
}

static wrl_error_t *func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type,
                               wrl_backend_entry_t *entry)
{
    *entry = wrl__wasmi_func_entry(store, func, type);
    return NULL;
}

static const wrl_backend_t BACKEND = {
    .size = sizeof(wrl_backend_t),
    .abi = WRL_BACKEND_ABI,
    .name = "wasmi",
    .engine_name = "wasmi",
    .engine_version = WRL_WASMI_VERSION,
    .engine_new = engine_new,
    .engine_delete = wrl__wasmi_engine_delete,
    .engine_features = engine_features,
    .module_new = wrl__wasmi_module_new,
    .module_delete = wrl__wasmi_module_delete,
    .store_new = wrl__wasmi_store_new,
    .store_delete = wrl__wasmi_store_delete,
    .instance_new = wrl__wasmi_instance_new,
    .instance_export = wrl__wasmi_instance_export,
    .func_new = wrl__wasmi_func_new,
    .func_entry = func_entry,
    .func_type = wrl__wasmi_func_type,
    .caller_instance = wrl__wasmi_caller_instance,
    .global_new = wrl__wasmi_global_new,
    .global_get = wrl__wasmi_global_get,
    .global_set = wrl__wasmi_global_set,
    .memory_new = wrl__wasmi_memory_new,
    .memory_size = wrl__wasmi_memory_size,
    .memory_grow = wrl__wasmi_memory_grow,
    .memory_data = wrl__wasmi_memory_data,
    .table_new = wrl__wasmi_table_new,
    .table_size = wrl__wasmi_table_size,
    .table_get = wrl__wasmi_table_get,
    .table_set = wrl__wasmi_table_set,
    .table_grow = wrl__wasmi_table_grow,
    .externref_new = wrl__wasmi_externref_new,
    .module_validate = wrl__wasmi_module_validate,
    .has_exact_traps = true,
    .store_set_fuel = wrl__wasmi_store_set_fuel,
    .store_fuel = wrl__wasmi_store_fuel,
};

const wrl_backend_t *wrl_backend_wasmi(uint32_t abi);

const wrl_backend_t *wrl_backend_wasmi(uint32_t abi)
{
    return abi == WRL_BACKEND_ABI ? &BACKEND : NULL;
}
