/* A program of the time of wrl.h in this folder: old_program.py compiles it with that header and runs it with the
 * library of now. It uses structs of all sorts in both directions, constants, and inline functions. */
#include "wrl.h"

#include <stdio.h>
#include <string.h>

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            printf("line %d: %s\n", __LINE__, #condition);                                                             \
            return 1;                                                                                                  \
        }                                                                                                              \
    } while (0)

/* (module (import "env" "f" (func (param i32) (result i64))) (memory (export "m") 1 3)
 *   (global (export "g") (mut i64) (i64.const 7)) (@custom "note" "hi")) */
static const unsigned char guest[] = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x06, 0x01, 0x60, 0x01,
                                      0x7f, 0x01, 0x7e, 0x02, 0x09, 0x01, 0x03, 0x65, 0x6e, 0x76, 0x01, 0x66, 0x00,
                                      0x00, 0x05, 0x04, 0x01, 0x01, 0x01, 0x03, 0x06, 0x06, 0x01, 0x7e, 0x01, 0x42,
                                      0x07, 0x0b, 0x07, 0x09, 0x02, 0x01, 0x6d, 0x02, 0x00, 0x01, 0x67, 0x03, 0x00,
                                      0x00, 0x07, 0x04, 0x6e, 0x6f, 0x74, 0x65, 0x68, 0x69};

static int ended;

static void end(void *data)
{
    ended += data == &ended;
}

static wrl_error_t *callback(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                             wrl_val_t *results, size_t result_count)
{
    (void)env;
    if (!caller || arg_count != 1 || result_count != 1 || args[0].kind != WRL_VALKIND_I32) {
        return wrl_error_new(WRL_ERROR_HOST, "not as told");
    }
    results[0] = WRL_I64((int64_t)args[0].of.i32 + 1);
    return NULL;
}

static int check_module(const wrl_module_t *module)
{
    wrl_importtype_t import;
    wrl_exporttype_t item;
    wrl_section_t section;
    CHECK(wrl_module_import(module, 0, &import) && strcmp(import.name, "f") == 0 &&
          import.type.kind == WRL_EXTERN_FUNC);
    CHECK(import.type.of.func.param_count == 1 && import.type.of.func.results[0].kind == WRL_VALKIND_I64);
    CHECK(wrl_module_get_export(module, "m", &item) && item.type.kind == WRL_EXTERN_MEMORY);
    CHECK(item.type.of.memory.min == 1 && item.type.of.memory.max == 3 && item.type.of.memory.page_size_log2 == 16);
    CHECK(wrl_module_custom_section(module, "note", &section) && section.data_size == 2);
    CHECK(memcmp(section.data, "hi", 2) == 0 && section.id == 0);
    return 0;
}

static int check_store(wrl_store_t *store, wrl_module_t *module)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I64));
    wrl_func_t func;
    wrl_imports_t *imports;
    wrl_instance_t instance;
    wrl_global_t global;
    wrl_memory_t memory;
    wrl_export_t item;
    wrl_val_t value = WRL_I32(41), result;
    CHECK(!wrl_func_new(store, &type, callback, NULL, NULL, &func));
    CHECK(!wrl_func_call(store, func, &value, 1, &result, 1) && result.kind == WRL_VALKIND_I64 && result.of.i64 == 42);
    CHECK(!wrl_imports_new(&imports));
    CHECK(!wrl_imports_define(imports, "env", "f", wrl_extern_from_func(func)));
    CHECK(!wrl_instance_new(store, module, imports, NULL, &instance));
    wrl_imports_delete(imports);
    CHECK(!wrl_instance_require_global(store, instance, "g", &global) && wrl_global_type(store, global).is_mutable);
    CHECK(wrl_instance_get_memory(store, instance, "m", &memory) && wrl_memory_size(store, memory) == 1);
    CHECK(!wrl_instance_export(store, instance, 1, &item) && item.item.kind == WRL_EXTERN_GLOBAL &&
          item.name_size == 1);
    wrl_error_t *error = wrl_instance_require_func(store, instance, "g", &func);
    CHECK(wrl_error_kind(error) == WRL_ERROR_LINK && wrl_func_is_null(func));
    wrl_error_delete(error);
    return 0;
}

int main(void)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    wrl_store_config_t store_config = WRL_STORE_CONFIG_INIT;
    wrl_module_config_t module_config = WRL_MODULE_CONFIG_INIT;
    wrl_backend_info_t info;
    wrl_engine_t *engine;
    wrl_store_t *store;
    wrl_module_t *module;
    config.backend = "null";
    store_config.data = &ended;
    store_config.finalizer = end;
    module_config.keep_custom_sections = true;
    CHECK(wrl_backend_find("null", &info) && strcmp(info.name, "null") == 0 && info.engine_name[0]);
    CHECK(!wrl_engine_new(&config, &engine) && !wrl_engine_supports(engine, WRL_FEATURE_EXECUTION));
    CHECK(strcmp(wrl_feature_name(WRL_FEATURE_MEMORY64), "memory64") == 0);
    CHECK(!wrl_store_new(engine, &store_config, &store) && wrl_store_data(store) == &ended);
    CHECK(!wrl_module_new(engine, guest, sizeof guest, &module_config, &module));
    if (check_module(module) || check_store(store, module)) {
        return 1;
    }
    wrl_module_release(module);
    wrl_store_delete(store);
    wrl_engine_release(engine);
    CHECK(ended == 1);
    wrl_error_t *error = wrl_error_new_trap(WRL_TRAP_INTEGER_OVERFLOW, NULL);
    CHECK(wrl_error_trap_code(error) == WRL_TRAP_INTEGER_OVERFLOW && wrl_error_kind(error) == WRL_ERROR_TRAP);
    wrl_error_delete(error);
    return 0;
}
