#include "guest.h"

#include "../../support/backend_option.h"
#include "../../support/found.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fail(const char *what, const char *detail)
{
    fprintf(stderr, "%s: %s\n", what, detail);
    exit(EXIT_FAILURE);
}

void must(wrl_error_t *error, const char *what)
{
    if (error) {
        fail(what, wrl_error_message(error));
    }
}

uint8_t *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        fail(path, "cannot be opened");
    }
    long end = ftell(file);
    if (end < 0 || fseek(file, 0, SEEK_SET) != 0) {
        fail(path, "has no size");
    }
    *size = (size_t)end;
    uint8_t *data = malloc(*size + 1);
    if (!data || fread(data, 1, *size, file) != *size) {
        fail(path, "cannot be read");
    }
    fclose(file);
    return data;
}

void write_file(const char *path, const uint8_t *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(data, 1, size, file) != size || fclose(file) != 0) {
        fail(path, "cannot be written");
    }
}

void guest_load(guest_t *guest, const char *backend, const char *path)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    size_t size;
    uint8_t *bytes = read_file(path, &size);
    set_backend(&config, backend);
    must(wrl_engine_new(&config, &guest->engine), backend);
    must(wrl_store_new(guest->engine, NULL, &guest->store), backend);
    must(wrl_module_new(guest->engine, bytes, size, NULL, &guest->module), path);
    free(bytes);
}

void guest_start(guest_t *guest, const wrl_imports_t *imports, const char *memory)
{
    must(wrl_instance_new(guest->store, guest->module, imports, NULL, &guest->instance), "instance");
    must(found(wrl_instance_get_memory(guest->store, guest->instance, memory, &guest->memory)), "memory");
}

static bool kinds_match(const wrl_valtype_t *types, size_t count, const char *words)
{
    if (strlen(words) != count) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (types[i].kind != (words[i] == 'l' ? WRL_VALKIND_I64 : WRL_VALKIND_I32)) {
            return false;
        }
    }
    return true;
}

wrl_func_t guest_func(const guest_t *guest, const char *name, const char *params, const char *results)
{
    wrl_func_t func;
    must(found(wrl_instance_get_func(guest->store, guest->instance, name, &func)), name);
    wrl_functype_t type = wrl_func_type(guest->store, func);
    if (!kinds_match(type.params, type.param_count, params) || !kinds_match(type.results, type.result_count, results)) {
        fail(name, "has an unexpected type");
    }
    return func;
}

wrl_val_t guest_call(const guest_t *guest, wrl_func_t func, const wrl_val_t *args, size_t arg_count)
{
    wrl_val_t result;
    must(wrl_func_call(guest->store, func, args, arg_count, &result, 1), "call");
    return result;
}

void guest_reserve(const guest_t *guest, uint64_t bytes)
{
    uint64_t now = wrl_memory_data_size(guest->store, guest->memory);
    if (now < bytes) {
        must(wrl_memory_grow(guest->store, guest->memory, (bytes - now + 0xffff) / 0x10000, NULL), "memory");
    }
}

void guest_end(guest_t *guest)
{
    wrl_store_delete(guest->store);
    wrl_module_release(guest->module);
    wrl_engine_release(guest->engine);
}
