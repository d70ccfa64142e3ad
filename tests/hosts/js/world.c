#include "world.h"

#include "guests.h"

#include <emscripten.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* (import "e" "h"), and of the same type (i32) -> (i32): f calls h, r calls itself without end, u is unreachable, and
 * one, which returns 1. */
const uint8_t
    guest[] = {0,    'a', 's', 'm', 1,    0,    0,   0,    1,   6,    1, 0x60, 1,    0x7f, 1,    0x7f, /* types */
               2,    7,   1,   1,   'e',  1,    'h', 0,    0,   3,    5, 4,    0,    0,    0,    0,    /* functions */
               7,    19,  4,   1,   'f',  0,    1,   1,    'r', 0,    2, 1,    'u',  0,    3,    3,
               'o',  'n', 'e', 0,   4, /* exports */
               10,   24,  4,   6,   0,    0x20, 0,   0x10, 0,   0x0b, 6, 0,    0x20, 0,    0x10, 2,
               0x0b, 3,   0,   0,   0x0b, 4,    0,   0x41, 1,   0x0b};
const size_t guest_size = sizeof guest;

static int passed, failed;

void tell(const char *name, bool good)
{
    passed += good;
    failed += !good;
    (void)printf("%s  %s\n", good ? "ok  " : "FAIL", name);
}

int tell_counts(void)
{
    (void)printf("%d passed, %d failed\n", passed, failed);
    return failed ? 1 : 0;
}

bool is_kind(wrl_error_t *error, wrl_error_kind_t kind, wrl_trap_code_t code)
{
    bool same = error && wrl_error_kind(error) == kind && wrl_error_trap_code(error) == code;
    if (!same) {
        (void)printf("      %s\n", error ? wrl_error_message(error) : "no error");
    }
    wrl_error_delete(error);
    return same;
}

bool is_ok(wrl_error_t *error)
{
    if (error) {
        (void)printf("      %s\n", wrl_error_message(error));
        wrl_error_delete(error);
    }
    return !error;
}

void count(void *data)
{
    ++*(int *)data;
}

wrl_error_t *call(world_t *world, wrl_func_t func)
{
    wrl_raw_t slot = {.i32 = 0};
    return wrl_func_call_raw(world->store, func, &slot, 1);
}

wrl_error_t *go_down(world_t *world)
{
    return call(world, world->direct && world->levels % 2 ? world->host : world->f);
}

/* JS catches the exception. Below this level, the layer's limit must be the same as without an exception. */
static wrl_error_t *catch_here(world_t *world)
{
    world->caught += catch_in_js(world);
    world->levels = 1 << 30;
    world->catches_at = 0;
    world->bottom = NOTHING;
    int before = world->deepest;
    bool good = is_kind(go_down(world), WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW);
    world->room = world->deepest - before;
    return good ? NULL : wrl_error_new(WRL_ERROR_HOST, "not the error of the limit");
}

static wrl_error_t *at_bottom(world_t *world)
{
    switch (world->bottom) {
    case UNREACHABLE:
        return call(world, world->u);
    case OVERFLOW:
        return call(world, world->r);
    case HOST_ERROR:
        return wrl_error_new(WRL_ERROR_HOST, "from the bottom");
    case EXIT:
        exit(STATUS);
    case ABORT:
        abort();
    case HOST_TRAPS:
        __builtin_trap();
    case JS_THROWS:
        if (world->deletes) {
            wrl_store_delete(world->store);
        }
        throw_in_js();
        return NULL;
    default:
        return NULL;
    }
}

static wrl_error_t *on_call(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    world_t *world = (world_t *)wrl_store_data(wrl_caller_store(caller));
    (void)env;
    world->deepest++;
    wrl_error_t *error = --world->levels <= 0                                      ? at_bottom(world)
                         : world->catches_at && world->levels == world->catches_at ? catch_here(world)
                                                                                   : go_down(world);
    if (error && world->handles) {
        world->handled++;
        wrl_error_delete(error);
        error = NULL;
        slots[0].i32 = 1;
    }
    return error;
}

static void finalize_store(void *data)
{
    ((world_t *)data)->finalized++;
}

bool open_store(world_t *world)
{
    wrl_valtype_t i32 = {.kind = WRL_VALKIND_I32};
    wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(&i32, 1), WRL_TYPES_N(&i32, 1));
    wrl_instance_t instance;
    wrl_imports_t *imports = NULL;
    world->finalized = world->finalized_fn = world->handled = world->deepest = world->caught = 0;
    bool good =
        is_ok(wrl_store_new(world->engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), world, finalize_store},
                            &world->store)) &&
        is_ok(wrl_func_new_raw(world->store, &type, on_call, &world->finalized_fn, count, &world->host)) &&
        is_ok(wrl_imports_new(&imports)) &&
        is_ok(wrl_imports_define(imports, "e", "h", wrl_extern_from_func(world->host))) &&
        is_ok(wrl_instance_new(world->store, world->module, imports, NULL, &instance)) &&
        wrl_instance_get_func(world->store, instance, "f", &world->f) &&
        wrl_instance_get_func(world->store, instance, "r", &world->r) &&
        wrl_instance_get_func(world->store, instance, "u", &world->u) &&
        wrl_instance_get_func(world->store, instance, "one", &world->one);
    wrl_imports_delete(imports);
    return good;
}

/* Returns whether the store still works and, when it is deleted, immediately runs each finalizer once. */
bool close_store(world_t *world)
{
    wrl_raw_t slot = {.i32 = 0};
    bool good = is_ok(wrl_func_call_raw(world->store, world->one, &slot, 1)) && slot.i32 == 1;
    wrl_store_delete(world->store);
    return good && world->finalized == 1 && world->finalized_fn == 1;
}

const char *const guest_kinds[] = {"plain", "legacy", "try_table"};

static wrl_guest_t bytes_of(guest_kind_t kind)
{
    return kind == HANDLERS          ? guest_nested_handlers
           : kind == LEGACY_HANDLERS ? guest_nested_handlers_legacy
                                     : (wrl_guest_t){"guest", guest, guest_size};
}

/* clang-format off */
EM_JS(int, js_validates, (const uint8_t *bytes, int size), {
    return WebAssembly.validate(HEAPU8.slice(bytes, bytes + size)) ? 1 : 0;
});
/* clang-format on */

bool can_open(guest_kind_t kind)
{
    return js_validates(bytes_of(kind).bytes, (int)bytes_of(kind).size);
}

bool open_world(world_t *world, uint32_t max_reentry)
{
    return open_world_of(world, max_reentry, PLAIN);
}

bool open_world_of(world_t *world, uint32_t max_reentry, guest_kind_t kind)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    memset(world, 0, sizeof *world);
    config.backend = "js";
    config.max_reentry = max_reentry;
    return is_ok(wrl_engine_new(&config, &world->engine)) &&
           is_ok(wrl_module_new(world->engine, bytes_of(kind).bytes, bytes_of(kind).size, NULL, &world->module));
}

void close_world(world_t *world)
{
    wrl_module_release(world->module);
    wrl_engine_release(world->engine);
}
