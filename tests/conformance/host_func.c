/* Host functions: construction, wrong results, and the caller that they see. */
#include "values.h"

#include <stdlib.h>

static bool null_arguments(wrl_test_t *t)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    int count = 0;
    wrl_func_t func = {1, 1};
    INVALID(wrl_func_new(NULL, &type, host_nothing, &count, count_finalizer, &func), "store");
    EQUAL(count, 1);
    CHECK(wrl_func_is_null(func));
    INVALID(wrl_func_new(t->store, NULL, host_nothing, &count, count_finalizer, &func), "type");
    EQUAL(count, 2);
    INVALID(wrl_func_new(t->store, &type, NULL, &count, count_finalizer, &func), "callback");
    EQUAL(count, 3);
    INVALID(wrl_func_new(t->store, &type, host_nothing, &count, count_finalizer, NULL), "func");
    EQUAL(count, 4);
    INVALID(wrl_func_new_raw(NULL, &type, host_nothing_raw, &count, count_finalizer, &func), "store");
    EQUAL(count, 5);
    INVALID(wrl_func_new_raw(t->store, NULL, host_nothing_raw, &count, count_finalizer, &func), "type");
    EQUAL(count, 6);
    INVALID(wrl_func_new_raw(t->store, &type, NULL, &count, count_finalizer, &func), "callback");
    EQUAL(count, 7);
    INVALID(wrl_func_new_raw(t->store, &type, host_nothing_raw, &count, count_finalizer, NULL), "func");
    EQUAL(count, 8);
    return true;
}

static bool bad_types(wrl_test_t *t)
{
    const wrl_valtype_t none[] = {{WRL_VALKIND_NONE, 0, 0, 0}};
    const wrl_valtype_t unknown[] = {{99, 0, 0, 0}};
    wrl_functype_t bad[] = {
        WRL_FUNCTYPE(WRL_TYPES_N(none, 1), WRL_NO_TYPES),    WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES_N(none, 1)),
        WRL_FUNCTYPE(WRL_TYPES_N(unknown, 1), WRL_NO_TYPES), WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES_N(unknown, 1)),
        WRL_FUNCTYPE(WRL_TYPES_N(NULL, 1), WRL_NO_TYPES),    WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES_N(NULL, 1))};
    int count = 0;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        wrl_func_t func = {1, 1};
        INVALID(wrl_func_new(t->store, &bad[i], host_nothing, &count, count_finalizer, &func), "type");
        EQUAL(count, i + 1);
        CHECK(wrl_func_is_null(func));
    }
    /* A type that only has a meaning in its module, an unknown kind of type, and unknown flags. */
    const wrl_valtype_t refs[] = {
        {WRL_VALKIND_REF, 0, 0, 3}, {WRL_VALKIND_REF, 0, 0, -0x18}, {WRL_VALKIND_REF, 4, 0, WRL_HEAP_FUNC}};
    for (size_t i = 0; i < sizeof(refs) / sizeof(refs[0]); i++) {
        const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(&refs[i], 1), WRL_NO_TYPES);
        wrl_func_t func = {1, 1};
        INVALID(wrl_func_new(t->store, &type, host_nothing, &count, count_finalizer, &func), "type");
        CHECK(wrl_func_is_null(func));
    }
    EQUAL(count, 9);
    return true;
}

/* A type whose values the backend may refuse to pass. */
static bool uncarried_type(wrl_test_t *t)
{
    const wrl_valtype_t typed[] = {{WRL_VALKIND_REF, 0, 0, WRL_HEAP_I31}};
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(typed, 1), WRL_NO_TYPES);
    int count = 0;
    wrl_func_t func = {1, 1};
    wrl_store_t *store;
    OK(wrl_store_new(t->engine, NULL, &store));
    wrl_error_t *error = wrl_func_new(store, &type, host_nothing, &count, count_finalizer, &func);
    const int count_before_end = count;
    wrl_store_delete(store);
    EQUAL(count, 1);
    if (test_has(t, WRL_FEATURE_GC_REFERENCES)) {
        OK(error);
        EQUAL(count_before_end, 0);
        return true;
    }
    FAILS(error, WRL_ERROR_UNSUPPORTED, "");
    EQUAL(count_before_end, 1);
    CHECK(wrl_func_is_null(func));
    return true;
}

/* ---- Results that do not match the type ---- */

/* How the function sets its results. */
typedef struct answer {
    bool set;
    wrl_val_t value;
} answer_t;

static wrl_error_t *give_answer(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                wrl_val_t *results, size_t result_count)
{
    (void)caller;
    (void)args;
    (void)arg_count;
    (void)result_count;
    const answer_t *answer = env;
    if (answer->set) {
        results[0] = answer->value;
    }
    return NULL;
}

static bool call_answer(wrl_test_t *t, answer_t *answer, wrl_func_t *direct, wrl_func_t *through_guest)
{
    wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    type.name = "my_callback";
    OK(wrl_func_new(t->store, &type, give_answer, answer, NULL, direct));
    wrl_instance_t instance;
    TRY(test_instance_with(t, t->store, guest_deep, "f", *direct, &instance));
    CHECK(wrl_instance_get_func(t->store, instance, "call_host", through_guest));
    return true;
}

static bool bad_results_of(wrl_test_t *t, wrl_func_t func, answer_t *answer)
{
    const wrl_val_t arg = WRL_I32(1);
    wrl_val_t result = WRL_I64(7);
    answer->set = false;
    FAILS(wrl_func_call(t->store, func, &arg, 1, &result, 1), WRL_ERROR_HOST, "my_callback", "i32");
    const wrl_val_t wrong[] = {WRL_I64(1), WRL_F32(1), WRL_NULL_FUNCREF};
    answer->set = true;
    for (size_t i = 0; i < 3; i++) {
        answer->value = wrong[i];
        FAILS(wrl_func_call(t->store, func, &arg, 1, &result, 1), WRL_ERROR_HOST, "my_callback", "i32",
              wrl_valkind_name(wrong[i].kind));
    }
    CHECK(result.kind == WRL_VALKIND_I64 && result.of.i64 == 7);
    answer->value = WRL_I32(5);
    OK(wrl_func_call(t->store, func, &arg, 1, &result, 1));
    CHECK(result.kind == WRL_VALKIND_I32);
    return true;
}

static bool bad_results_direct(wrl_test_t *t)
{
    answer_t answer = {false, WRL_I32(0)};
    wrl_func_t direct;
    wrl_func_t through_guest;
    TRY(call_answer(t, &answer, &direct, &through_guest));
    return bad_results_of(t, direct, &answer);
}

static bool bad_results_in_guest(wrl_test_t *t)
{
    answer_t answer = {false, WRL_I32(0)};
    wrl_func_t direct;
    wrl_func_t through_guest;
    TRY(call_answer(t, &answer, &direct, &through_guest));
    return bad_results_of(t, through_guest, &answer);
}

/* Passes references of another store as results and as arguments. */
static wrl_error_t *give_raw_ref(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)caller;
    const wrl_raw_t *raw = env;
    slots[0] = *raw;
    return NULL;
}

static bool foreign_refs(wrl_test_t *t)
{
    wrl_store_t *other;
    TRY(test_store(t, t->engine, &other));
    wrl_externref_t foreign;
    OK(wrl_externref_new(other, NULL, NULL, &foreign));
    wrl_func_t foreign_func;
    TRY(test_nothing_func(t, other, &foreign_func));

    wrl_instance_t instance;
    TRY(test_instance(t, guest_refs, NULL, &instance));
    wrl_func_t echo_extern;
    wrl_func_t echo_func;
    CHECK(wrl_instance_get_func(t->store, instance, "echo_extern", &echo_extern));
    CHECK(wrl_instance_get_func(t->store, instance, "echo_func", &echo_func));
    wrl_val_t arg = WRL_EXTERNREF(foreign);
    wrl_val_t result;
    INVALID(wrl_func_call(t->store, echo_extern, &arg, 1, &result, 1), "args", "0", "store");
    arg = WRL_FUNCREF(foreign_func);
    INVALID(wrl_func_call(t->store, echo_func, &arg, 1, &result, 1), "args", "0", "store");
    wrl_raw_t slot;
    slot.externref = foreign;
    INVALID(wrl_func_call_raw(t->store, echo_extern, &slot, 1), "slots", "0", "store");
    slot.func = foreign_func;
    INVALID(wrl_func_call_raw(t->store, echo_func, &slot, 1), "slots", "0", "store");
    /* A slot may hold any bits. */
    memset(&slot, 0xab, sizeof(slot));
    INVALID(wrl_func_call_raw(t->store, echo_extern, &slot, 1), "slots", "0");
    INVALID(wrl_func_call_raw(t->store, echo_func, &slot, 1), "slots", "0");
    return true;
}

/* A module whose only function returns the host's result. */
static bool foreign_result_refs(wrl_test_t *t)
{
    wrl_store_t *other;
    TRY(test_store(t, t->engine, &other));
    wrl_raw_t raw;
    OK(wrl_externref_new(other, NULL, NULL, &raw.externref));
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_TYPES(WRL_TYPE_EXTERNREF));
    wrl_func_t func;
    OK(wrl_func_new_raw(t->store, &type, give_raw_ref, &raw, NULL, &func));
    wrl_val_t result = WRL_I64(7);
    for (int i = 0; i < 2; i++) {
        wrl_error_t *error = wrl_func_call(t->store, func, NULL, 0, &result, 1);
        CHECK(error != NULL);
        wrl_error_kind_t kind = wrl_error_kind(error);
        wrl_error_delete(error);
        CHECK(kind == WRL_ERROR_HOST || kind == WRL_ERROR_INVALID_ARGUMENT);
        CHECK(result.kind == WRL_VALKIND_I64 && result.of.i64 == 7);
        memset(&raw, 0xab, sizeof(raw));
    }
    memset(&raw, 0, sizeof(raw));
    OK(wrl_func_call(t->store, func, NULL, 0, &result, 1));
    CHECK(result.kind == WRL_VALKIND_EXTERNREF && wrl_externref_is_null(result.of.externref));
    return true;
}

static wrl_error_t *swap_refs(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                              wrl_val_t *results, size_t result_count)
{
    (void)env;
    (void)caller;
    (void)arg_count;
    (void)result_count;
    results[0] = args[1];
    results[1] = args[0];
    return NULL;
}

static wrl_error_t *swap_raw_refs(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    wrl_raw_t first = slots[0];
    slots[0] = slots[1];
    slots[1] = first;
    return NULL;
}

/* References keep their identity on the way out of the guest and back. */
static bool check_swapped(wrl_test_t *t, wrl_func_t swap)
{
    wrl_instance_t instance;
    wrl_func_t run;
    wrl_func_t nine;
    wrl_externref_t externref;
    TRY(test_instance_with(t, t->store, guest_host_refs, "swap", swap, &instance));
    CHECK(wrl_instance_get_func(t->store, instance, "run", &run));
    CHECK(wrl_instance_get_func(t->store, instance, "nine", &nine));
    OK(wrl_externref_new(t->store, NULL, NULL, &externref));
    const wrl_val_t args[] = {WRL_EXTERNREF(externref), WRL_NULL_EXTERNREF};
    for (size_t i = 0; i < 2; i++) {
        wrl_val_t results[2];
        OK(wrl_func_call(t->store, run, &args[i], 1, results, 2));
        EQUAL(results[0].kind, WRL_VALKIND_FUNCREF);
        EQUAL(results[0].of.func.index, nine.index);
        EQUAL(results[1].kind, WRL_VALKIND_EXTERNREF);
        EQUAL(results[1].of.externref.index, args[i].of.externref.index);
        EQUAL(wrl_externref_is_null(results[1].of.externref), i == 1);
    }
    return true;
}

static bool refs_in_guest(wrl_test_t *t)
{
    const wrl_functype_t type =
        WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_EXTERNREF, WRL_TYPE_FUNCREF), WRL_TYPES(WRL_TYPE_FUNCREF, WRL_TYPE_EXTERNREF));
    wrl_func_t swap;
    OK(wrl_func_new(t->store, &type, swap_refs, NULL, NULL, &swap));
    TRY(check_swapped(t, swap));
    OK(wrl_func_new_raw(t->store, &type, swap_raw_refs, NULL, NULL, &swap));
    return check_swapped(t, swap);
}

/* ---- The caller ---- */

typedef struct looker {
    wrl_test_t *t;
    bool from_guest;
    int calls;
} looker_t;

/* Checks every function of the caller interface from a callback. */
static bool look_from_guest(wrl_test_t *t, wrl_caller_t *caller)
{
    wrl_store_t *store = wrl_caller_store(caller);
    CHECK(store == t->store);
    wrl_memory_t memory;
    CHECK(wrl_caller_get_memory(caller, "memory", &memory));
    char text[14];
    OK(wrl_memory_read(store, memory, 16, text, sizeof(text)));
    CHECK(memcmp(text, "from the guest", sizeof(text)) == 0);
    wrl_func_t triple;
    CHECK(wrl_caller_get_func(caller, "triple", &triple));
    const wrl_val_t arg = WRL_I32(7);
    wrl_val_t result;
    OK(wrl_func_call(store, triple, &arg, 1, &result, 1));
    CHECK(result.of.i32 == 21);
    wrl_extern_t item;
    CHECK(wrl_caller_get_export(caller, "global", &item));
    CHECK(item.kind == WRL_EXTERN_GLOBAL);
    wrl_val_t value;
    OK(wrl_global_get(store, item.of.global, &value));
    CHECK(value.of.i32 == 9);
    CHECK(wrl_caller_get_export(caller, "table", &item));
    CHECK(item.kind == WRL_EXTERN_TABLE);
    CHECK(wrl_caller_get_export_n(caller, "odd\0name", 8, &item));
    CHECK(item.kind == WRL_EXTERN_FUNC);

    CHECK(!wrl_caller_get_export(caller, "no_such_export", &item));
    CHECK(item.kind == WRL_EXTERN_NONE);
    CHECK(!wrl_caller_get_memory(caller, "triple", &memory));
    CHECK(memory.store_id == 0);
    CHECK(!wrl_caller_get_func(caller, "memory", &triple));
    CHECK(wrl_func_is_null(triple));
    CHECK(!wrl_caller_get_export(caller, NULL, &item));
    CHECK(wrl_caller_get_export(caller, "memory", NULL));
    CHECK(!wrl_caller_get_export_n(caller, NULL, 2, &item));
    CHECK(wrl_caller_get_memory(caller, "memory", NULL));
    wrl_global_t nine;
    wrl_table_t table;
    wrl_tag_t tag;
    CHECK(wrl_caller_get_global(caller, "global", &nine));
    CHECK(!wrl_caller_get_global(caller, "table", &nine) && wrl_global_is_null(nine));
    CHECK(wrl_caller_get_table(caller, "table", &table));
    CHECK(!wrl_caller_get_table(caller, "tables", &table) && wrl_table_is_null(table));
    CHECK(!wrl_caller_get_tag(caller, "memory", &tag) && wrl_tag_is_null(tag));
    CHECK(!wrl_caller_get_export(NULL, "memory", &item));
    CHECK(!wrl_caller_get_memory(NULL, "memory", &memory));
    CHECK(wrl_caller_store(NULL) == NULL);
    return true;
}

static wrl_error_t *look(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count, wrl_val_t *results,
                         size_t result_count)
{
    looker_t *looker = env;
    wrl_test_t *t = looker->t;
    HOST_CHECK(arg_count == 1 && result_count == 1);
    if (looker->from_guest) {
        HOST_CHECK(look_from_guest(t, caller));
    } else {
        wrl_extern_t item;
        HOST_CHECK(!wrl_caller_get_export(caller, "memory", &item));
        HOST_CHECK(item.kind == WRL_EXTERN_NONE);
    }
    looker->calls++;
    results[0] = args[0];
    return NULL;
}

static bool look_func(wrl_test_t *t, looker_t *looker, wrl_func_t *func)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    OK(wrl_func_new(t->store, &type, look, looker, NULL, func));
    return true;
}

static bool caller_exports(wrl_test_t *t)
{
    looker_t looker = {t, true, 0};
    wrl_func_t func;
    TRY(look_func(t, &looker, &func));
    wrl_instance_t instance;
    TRY(test_instance_with(t, t->store, guest_caller, "look", func, &instance));
    int32_t result;
    TRY(test_call_i32(t, t->store, instance, "run", (int32_t[]){4}, 1, &result));
    EQUAL(result, 4);
    EQUAL(looker.calls, 1);
    return true;
}

/* The caller's export is the same object as the instance's. */
static wrl_error_t *compare_export(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)slots;
    wrl_extern_t *item = env;
    HOST_FOUND(wrl_caller_get_export(caller, "memory", item));
    return NULL;
}

static bool caller_export_identity(wrl_test_t *t)
{
    wrl_extern_t seen;
    memset(&seen, 0, sizeof(seen));
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t func;
    OK(wrl_func_new_raw(t->store, &type, compare_export, &seen, NULL, &func));
    wrl_instance_t instance;
    TRY(test_instance_with(t, t->store, guest_caller, "look", func, &instance));
    int32_t result;
    TRY(test_call_i32(t, t->store, instance, "run", (int32_t[]){4}, 1, &result));
    wrl_extern_t memory;
    CHECK(wrl_instance_get_export(t->store, instance, "memory", &memory));
    CHECK(same_extern(&seen, &memory));
    return true;
}

static bool caller_is_the_host(wrl_test_t *t)
{
    looker_t looker = {t, false, 0};
    wrl_func_t func;
    TRY(look_func(t, &looker, &func));
    const wrl_val_t arg = WRL_I32(3);
    wrl_val_t result;
    OK(wrl_func_call(t->store, func, &arg, 1, &result, 1));
    CHECK(result.of.i32 == 3);
    EQUAL(looker.calls, 1);
    return true;
}

/* ---- A host function that grows its caller's memory ---- */

typedef struct grower {
    wrl_test_t *t;
    wrl_memory_t memory; /* If null, the function uses its caller's memory. */
    int calls;
} grower_t;

static wrl_error_t *grow(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)slots;
    grower_t *grower = env;
    wrl_test_t *t = grower->t;
    wrl_store_t *store = wrl_caller_store(caller);
    wrl_memory_t memory = grower->memory;
    if (memory.store_id == 0) {
        HOST_FOUND(wrl_caller_get_memory(caller, "memory", &memory));
    }
    uint64_t previous;
    HOST_OK(wrl_memory_grow(store, memory, 1, &previous));
    HOST_CHECK(previous == 1);
    grower->calls++;
    return NULL;
}

static bool grow_with(wrl_test_t *t, bool by_caller)
{
    grower_t grower = {t, {0, 0}, 0};
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    wrl_func_t func;
    OK(wrl_func_new_raw(t->store, &type, grow, &grower, NULL, &func));
    wrl_instance_t instance;
    TRY(test_instance_with(t, t->store, guest_grow_under, "grow", func, &instance));
    wrl_memory_t memory;
    CHECK(wrl_instance_get_memory(t->store, instance, "memory", &memory));
    if (!by_caller) {
        grower.memory = memory;
    }
    uint64_t size;
    (void)wrl_memory_data(t->store, memory, &size);
    EQUAL(size, 65536);
    int32_t result;
    TRY(test_call_i32(t, t->store, instance, "run", NULL, 0, &result));
    EQUAL(result, 11 + 22 + 33 + 44);
    EQUAL(grower.calls, 1);
    const uint8_t *data = wrl_memory_data(t->store, memory, &size);
    EQUAL(size, 131072);
    CHECK((data != NULL) == test_has(t, WRL_FEATURE_MEMORY_DATA));
    if (data) {
        CHECK(data[0] == 11 && data[65536] == 33 && data[131068] == 44);
    }
    uint8_t byte;
    OK(wrl_memory_read(t->store, memory, 65536, &byte, 1));
    EQUAL(byte, 33);
    return true;
}

static bool grows_callers_memory(wrl_test_t *t)
{
    return grow_with(t, true);
}

static bool grows_known_memory(wrl_test_t *t)
{
    return grow_with(t, false);
}

/* ---- One module in a sequence of stores ---- */

/* The observations of an instance's host function. */
typedef struct visit {
    wrl_memory_t memory; /* The caller's memory. */
    int calls;
} visit_t;

static wrl_error_t *visit_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    visit_t *visit = env;
    visit->calls++;
    slots[0].i32 += 10;
    HOST_FOUND(wrl_caller_get_memory(caller, "memory", &visit->memory));
    return NULL;
}

static wrl_error_t *visit_checked(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                  wrl_val_t *results, size_t result_count)
{
    wrl_raw_t slot;
    slot.i32 = arg_count == 1 && result_count == 1 ? args[0].of.i32 : -1000;
    wrl_error_t *error = visit_raw(env, caller, &slot);
    results[0] = WRL_I32(slot.i32 + 10);
    return error;
}

/* Makes two instances, each with a checked and a raw host function, in a store of their own, and deletes the store. */
static bool visit_store(wrl_test_t *t, wrl_module_t *module, int round)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    visit_t visits[2] = {0};
    wrl_instance_t instances[2];
    wrl_store_t *store;
    TRY(test_store(t, t->engine, &store));
    for (int i = 0; i < 2; i++) {
        wrl_func_t func;
        if ((round >> i) & 1) {
            OK(wrl_func_new(store, &type, visit_checked, &visits[i], NULL, &func));
        } else {
            OK(wrl_func_new_raw(store, &type, visit_raw, &visits[i], NULL, &func));
        }
        wrl_imports_t *imports;
        OK(wrl_imports_new(&imports));
        wrl_error_t *error = wrl_imports_define(imports, "host", "look", wrl_extern_from_func(func));
        error = error ? error : wrl_instance_new(store, module, imports, NULL, &instances[i]);
        wrl_imports_delete(imports);
        OK(error);
    }
    for (int i = 0; i < 2; i++) {
        int32_t arg = 1, result;
        wrl_memory_t memory;
        TRY(test_call_i32(t, store, instances[i], "run", &arg, 1, &result));
        EQUAL(result, (round >> i) & 1 ? 21 : 11);
        EQUAL(visits[i].calls, 1);
        CHECK(wrl_instance_get_memory(store, instances[i], "memory", &memory));
        CHECK(visits[i].memory.store_id == memory.store_id && visits[i].memory.index == memory.index);
    }
    EQUAL(visits[0].calls, 1);
    return true;
}

/* A backend that caches something about a store's host functions must not use it for the next store. */
static bool stores_in_turn(wrl_test_t *t)
{
    wrl_module_t *module;
    TRY(test_module(t, guest_caller, &module));
    for (int round = 0; round < 12; round++) {
        TRY(visit_store(t, module, round));
        wrl_store_delete(t->stores[--t->store_count]);
    }
    return true;
}

/* ---- Calls without a guest in between ---- */

static bool called_by_host(wrl_test_t *t)
{
    answer_t answer = {true, WRL_I32(77)};
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t func;
    OK(wrl_func_new(t->store, &type, give_answer, &answer, NULL, &func));
    const wrl_val_t arg = WRL_I32(1);
    wrl_val_t result;
    OK(wrl_func_call(t->store, func, &arg, 1, &result, 1));
    EQUAL(result.kind, WRL_VALKIND_I32);
    CHECK(result.of.i32 == 77);
    wrl_raw_t slot;
    slot.i32 = 1;
    OK(wrl_func_call_raw(t->store, func, &slot, 1));
    CHECK(slot.i32 == 77);
    /* The same checks apply as for guests. */
    const wrl_val_t wrong = WRL_F64(1);
    INVALID(wrl_func_call(t->store, func, &wrong, 1, &result, 1), "args", "0", "i32", "f64");
    INVALID(wrl_func_call(t->store, func, NULL, 0, &result, 1), "arg");
    INVALID(wrl_func_call_raw(t->store, func, &slot, 0), "slot");
    return true;
}

/* ---- Functions enter the store during a call, so that the store's record of the called function moves ---- */

/* Reuses freed memory for bytes that would be harmful as any part of a record. */
static bool reuse_freed(void)
{
    for (size_t size = 16; size <= 16384; size += 16) {
        void *block = malloc(size);
        if (!block) {
            return false;
        }
        memset(block, 0x7f, size);
        free(block);
    }
    return true;
}

static wrl_error_t *enter_functions(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    wrl_test_t *t = env;
    wrl_func_t func;
    for (int i = 0; i < 500; i++) {
        HOST_CHECK(test_nothing_func(t, wrl_caller_store(caller), &func));
    }
    HOST_CHECK(reuse_freed());
    slots[0].i32++;
    return NULL;
}

static bool functions_enter(wrl_test_t *t)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t look, run;
    wrl_instance_t instance;
    for (int round = 0; round < 3; round++) {
        wrl_store_t *store;
        TRY(test_store(t, t->engine, &store));
        OK(wrl_func_new_raw(store, &type, enter_functions, t, NULL, &look));
        TRY(test_instance_with(t, store, guest_caller, "look", look, &instance));
        CHECK(wrl_instance_get_func(store, instance, "run", &run));
        /* The guest calls the host function, or the host function calls itself. */
        wrl_func_t called = round == 1 ? look : run;
        wrl_val_t results[3] = {WRL_I64(-7), WRL_I64(-7), WRL_I64(-7)};
        wrl_raw_t slot = {.i32 = 4};
        const wrl_val_t arg = WRL_I32(4);
        if (round == 2) {
            OK(wrl_func_call_raw(store, called, &slot, 1));
            EQUAL(slot.i32, 5);
            continue;
        }
        OK(wrl_func_call(store, called, &arg, 1, &results[1], 1));
        CHECK(results[1].kind == WRL_VALKIND_I32 && results[1].of.i32 == 5);
        CHECK(results[0].of.i64 == -7 && results[2].of.i64 == -7);
    }
    return true;
}

static const wrl_test_case_t cases[] = {
    {"host_func.null_arguments", null_arguments, {NEED_NOTHING}},
    {"host_func.bad_types", bad_types, {NEED_NOTHING}},
    {"host_func.uncarried_type", uncarried_type, {NEED_NOTHING}},
    {"host_func.functions_enter", functions_enter, {NEED_EXECUTION}},
    {"host_func.called_by_host", called_by_host, {NEED_NOTHING}},
    {"host_func.bad_results_direct", bad_results_direct, {NEED_NOTHING}},
    {"host_func.bad_results_in_guest", bad_results_in_guest, {NEED_EXECUTION}},
    {"host_func.foreign_refs", foreign_refs, {NEED_EXECUTION, NEED_REFERENCE_TYPES}},
    {"host_func.foreign_result_refs", foreign_result_refs, {NEED_REFERENCE_TYPES}},
    {"host_func.refs_in_guest", refs_in_guest, {NEED_EXECUTION, NEED_REFERENCE_TYPES, NEED_MULTI_VALUE}},
    {"host_func.caller_exports", caller_exports, {NEED_EXECUTION, NEED_CALLER_EXPORTS}},
    {"host_func.caller_export_identity", caller_export_identity, {NEED_EXECUTION, NEED_CALLER_EXPORTS}},
    {"host_func.caller_is_the_host", caller_is_the_host, {NEED_NOTHING}},
    {"host_func.grows_callers_memory", grows_callers_memory, {NEED_EXECUTION, NEED_CALLER_EXPORTS}},
    {"host_func.grows_known_memory", grows_known_memory, {NEED_EXECUTION}},
    {"host_func.stores_in_turn", stores_in_turn, {NEED_EXECUTION, NEED_CALLER_EXPORTS}},
};
WRL_TEST_GROUP(host_func);
