#include "host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void give_up(const char *why)
{
    (void)fprintf(stderr, "call_fuzzer: %s\n", why);
    abort();
}

void expect_good_error(wrl_error_t *error)
{
    if (!error) {
        return;
    }
    const char *message = wrl_error_message(error);
    if (strlen(message) == 0 || strpbrk(message, "\r\n")) {
        give_up("an error without a message of one line");
    }
    if ((wrl_error_kind(error) == WRL_ERROR_TRAP) != (wrl_error_trap_code(error) != WRL_TRAP_NONE)) {
        give_up("a trap without a code, or a code without a trap");
    }
    wrl_error_delete(error);
}

static uint64_t next_random(host_t *host)
{
    host->random = host->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return host->random >> 24;
}

static void finalize(void *data)
{
    host_t *host = (host_t *)data;
    host->finalized++;
}

static wrl_val_t new_externref(host_t *host)
{
    wrl_externref_t externref = wrl_externref_null();
    host->owned++; /* Finalized even if the externref cannot be made. */
    expect_good_error(wrl_externref_new(host->store, host, finalize, &externref));
    return WRL_EXTERNREF(externref);
}

wrl_val_t host_value(host_t *host, wrl_valtype_t type)
{
    static const int64_t numbers[] = {0,    1,     -1,    2,         7,         8,         64,       255,
                                      4096, 65535, 65536, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    int64_t number = numbers[next_random(host) % (sizeof(numbers) / sizeof(numbers[0]))];
    wrl_val_t value;
    memset(&value, 0, sizeof(value));
    value.kind = type.kind;
    switch (type.kind) {
    case WRL_VALKIND_I32:
        value.of.i32 = (int32_t)(uint32_t)(uint64_t)number;
        break;
    case WRL_VALKIND_F32:
        value.of.f32 = (float)number;
        break;
    case WRL_VALKIND_F64:
        value.of.f64 = (double)number;
        break;
    case WRL_VALKIND_I64:
    case WRL_VALKIND_V128:
        value.of.i64 = number;
        break;
    case WRL_VALKIND_EXTERNREF:
        return next_random(host) % 2 ? new_externref(host) : value;
    default: /* A null reference. */
        break;
    }
    return value;
}

/* ---- Host functions ---- */

typedef struct host_func {
    host_t *host;
    wrl_functype_t type; /* Borrowed from the module, which outlives the store. */
} host_func_t;

static void finalize_func(void *env)
{
    host_func_t *func = (host_func_t *)env;
    func->host->finalized++;
    free(func);
}

/* Grows the memory of the running guest, which is allowed. */
static wrl_error_t *grow_memory(wrl_caller_t *caller)
{
    wrl_memory_t memory;
    return wrl_caller_get_memory(caller, "memory", &memory) ? wrl_memory_grow(wrl_caller_store(caller), memory, 1, NULL)
                                                            : wrl_error_new(WRL_ERROR_HOST, "the caller has no memory");
}

/* Calls the guest without arguments, which is an error if the function has parameters. */
static wrl_error_t *call_back(wrl_caller_t *caller)
{
    wrl_func_t func;
    return wrl_caller_get_func(caller, "f", &func) ? wrl_func_call(wrl_caller_store(caller), func, NULL, 0, NULL, 0)
                                                   : wrl_error_new(WRL_ERROR_HOST, "the caller has no function f");
}

static wrl_error_t *answer(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count, wrl_val_t *results,
                           size_t result_count)
{
    const host_func_t *func = (const host_func_t *)env;
    host_t *host = func->host;
    if (arg_count != func->type.param_count || result_count != func->type.result_count) {
        give_up("a host function is called with too many or too few values");
    }
    for (size_t i = 0; i < arg_count; i++) {
        if (args[i].kind != func->type.params[i].kind) {
            give_up("a host function is called with values of other types than its own");
        }
    }
    host->calls++;
    switch (next_random(host) % 8) {
    case 0:
        return wrl_error_new(WRL_ERROR_HOST, "the host has had enough");
    case 1:
        expect_good_error(grow_memory(caller));
        break;
    case 2:
        expect_good_error(call_back(caller));
        break;
    default:
        break;
    }
    for (size_t i = 0; i < result_count; i++) {
        results[i] = host_value(host, func->type.results[i]);
    }
    return NULL;
}

static wrl_error_t *make_func(host_t *host, const wrl_functype_t *type, wrl_extern_t *item)
{
    host_func_t *func = (host_func_t *)malloc(sizeof(*func));
    if (!func) {
        give_up("out of memory for the test itself");
    }
    *func = (host_func_t){host, *type};
    item->kind = WRL_EXTERN_FUNC;
    host->owned++;
    return wrl_func_new(host->store, type, answer, func, finalize_func, &item->of.func);
}

/* ---- Imports ---- */

static wrl_error_t *make_item(host_t *host, const wrl_externtype_t *type, wrl_extern_t *item)
{
    wrl_val_t initial;
    memset(item, 0, sizeof(*item));
    item->kind = type->kind;
    switch (type->kind) {
    case WRL_EXTERN_FUNC:
        return make_func(host, &type->of.func, item);
    case WRL_EXTERN_GLOBAL:
        initial = host_value(host, type->of.global.content);
        return wrl_global_new(host->store, &type->of.global, &initial, &item->of.global);
    case WRL_EXTERN_MEMORY:
        return wrl_memory_new(host->store, &type->of.memory, &item->of.memory);
    case WRL_EXTERN_TABLE:
        initial = host_value(host, type->of.table.element);
        return wrl_table_new(host->store, &type->of.table, &initial, &item->of.table);
    default:
        return wrl_error_new(WRL_ERROR_UNSUPPORTED, "not made here");
    }
}

wrl_imports_t *host_imports(host_t *host, const wrl_module_t *module)
{
    wrl_imports_t *imports = NULL;
    wrl_importtype_t wanted;
    expect_good_error(wrl_imports_new(&imports));
    for (size_t i = 0; imports && wrl_module_import(module, i, &wanted); i++) {
        wrl_extern_t item;
        wrl_error_t *error = make_item(host, &wanted.type, &item);
        if (!error) {
            error =
                wrl_imports_define_n(imports, wanted.module, wanted.module_size, wanted.name, wanted.name_size, item);
        }
        expect_good_error(error);
    }
    return imports;
}
