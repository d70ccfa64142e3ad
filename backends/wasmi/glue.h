/* The functions of the backend's table, which the Rust half of the backend (glue/) defines. */
#ifndef WRL_WASMI_GLUE_H
#define WRL_WASMI_GLUE_H

#include "wrl/sys/backend.h"

/* Makes an engine, with or without fuel. */
wrl_error_t *wrl__wasmi_engine_new(const wrl_core_t *core, bool fuel, void **engine);
void wrl__wasmi_engine_delete(void *engine);

wrl_error_t *wrl__wasmi_module_new(void *engine, const uint8_t *bytes, size_t size, void **module);
void wrl__wasmi_module_delete(void *module);
wrl_error_t *wrl__wasmi_module_validate(void *engine, const uint8_t *bytes, size_t size);

wrl_error_t *wrl__wasmi_store_new(void *engine, void **store);
void wrl__wasmi_store_delete(void *store);
wrl_error_t *wrl__wasmi_store_set_fuel(void *store, uint64_t fuel);
uint64_t wrl__wasmi_store_fuel(void *store);

wrl_error_t *wrl__wasmi_instance_new(void *store, void *module, const wrl_backend_extern_t *imports,
                                     size_t import_count, uint64_t key, wrl_backend_ref_t *instance);
wrl_error_t *wrl__wasmi_instance_export(void *store, wrl_backend_ref_t instance, size_t index, const char *name,
                                        size_t name_size, const wrl_externtype_t *type, wrl_backend_ref_t *item);

wrl_error_t *wrl__wasmi_func_new(void *store, wrl_host_func_t *host, wrl_backend_ref_t *func);
wrl_backend_entry_t wrl__wasmi_func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type);
wrl_error_t *wrl__wasmi_func_type(void *store, wrl_backend_ref_t func, wrl_valtype_t *types, size_t *param_count,
                                  size_t *result_count);
bool wrl__wasmi_caller_instance(void *store, void *caller, uint64_t *key, wrl_backend_ref_t *instance);

wrl_error_t *wrl__wasmi_global_new(void *store, const wrl_globaltype_t *type, const wrl_raw_t *initial,
                                   wrl_backend_ref_t *global);
wrl_error_t *wrl__wasmi_global_get(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                                   wrl_raw_t *value);
wrl_error_t *wrl__wasmi_global_set(void *store, wrl_backend_ref_t global, const wrl_globaltype_t *type,
                                   const wrl_raw_t *value);

wrl_error_t *wrl__wasmi_memory_new(void *store, const wrl_memorytype_t *type, wrl_backend_ref_t *memory);
uint64_t wrl__wasmi_memory_size(void *store, wrl_backend_ref_t memory);
wrl_error_t *wrl__wasmi_memory_grow(void *store, wrl_backend_ref_t memory, uint64_t delta, uint64_t *previous_pages);
void wrl__wasmi_memory_data(void *store, wrl_backend_ref_t memory, uint8_t **data, uint64_t *size);

wrl_error_t *wrl__wasmi_table_new(void *store, const wrl_tabletype_t *type, const wrl_raw_t *initial,
                                  wrl_backend_ref_t *table);
uint64_t wrl__wasmi_table_size(void *store, wrl_backend_ref_t table);
wrl_error_t *wrl__wasmi_table_get(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                                  wrl_raw_t *value);
wrl_error_t *wrl__wasmi_table_set(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t index,
                                  const wrl_raw_t *value);
wrl_error_t *wrl__wasmi_table_grow(void *store, wrl_backend_ref_t table, const wrl_tabletype_t *type, uint64_t delta,
                                   const wrl_raw_t *initial, uint64_t *previous_size);

wrl_error_t *wrl__wasmi_externref_new(void *store, uint64_t key, uint64_t *word);

#endif
