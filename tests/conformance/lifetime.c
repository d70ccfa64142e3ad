/* Lifetimes of references: references that callbacks borrow, holds of the program, and the release of externrefs. */
#include "values.h"

#include <string.h>

/*
 * Finalizers write to static variables: on JS hosts they can run after the test, when its stores are deleted.
 */

/* ---- Host functions that run the test's code on their argument ---- */

typedef struct host {
    wrl_test_t *t;
    wrl_error_t *(*body)(struct host *self, wrl_caller_t *caller);
    wrl_store_t *store;
    wrl_instance_t guest;
    wrl_val_t seen;      /* The argument. */
    wrl_val_t result;    /* What the function returns. Initially the argument. */
    wrl_func_t inner;    /* A function for the body to call. */
    wrl_val_t other_arg; /* The argument of that call. */
    wrl_externref_t other;
    int ended;
    int calls;
} host_t;

static wrl_error_t *run(host_t *self, wrl_caller_t *caller, wrl_val_t arg)
{
    self->store = wrl_caller_store(caller);
    self->seen = arg;
    self->result = arg;
    self->calls++;
    return self->body ? self->body(self, caller) : NULL;
}

static wrl_error_t *on_call(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                            wrl_val_t *results, size_t result_count)
{
    host_t *self = env;
    (void)arg_count;
    wrl_error_t *error = run(self, caller, args[0]);
    if (result_count) {
        results[0] = self->result;
    }
    return error;
}

static wrl_error_t *on_call_raw(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    host_t *self = env;
    wrl_error_t *error = run(self, caller, wrl_val_externref(slots[0].externref));
    slots[0].externref = self->result.of.externref;
    return error;
}

static wrl_error_t *on_call_raw_any(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    host_t *self = env;
    wrl_error_t *error = run(self, caller, wrl_val_ref(slots[0].ref));
    slots[0].ref = self->result.of.ref;
    return error;
}

static wrl_error_t *on_call_raw_plain(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    return run(env, caller, WRL_I32(slots[0].i32));
}

static wrl_func_callback_raw_t raw_callback(wrl_valtype_t of)
{
    return of.kind == WRL_VALKIND_REF ? on_call_raw_any : of.kind == WRL_VALKIND_I32 ? on_call_raw_plain : on_call_raw;
}

/* Makes a host function with one parameter and at most one result of the same type. */
static bool make_func(wrl_test_t *t, wrl_store_t *store, const wrl_functype_t *type, bool is_raw, host_t *host,
                      wrl_func_t *func)
{
    OK(is_raw ? wrl_func_new_raw(store, type, raw_callback(type->params[0]), host, NULL, func)
              : wrl_func_new(store, type, on_call, host, NULL, func));
    return true;
}

static bool define(wrl_test_t *t, wrl_store_t *store, wrl_imports_t *imports, bool is_raw, const char *name,
                   wrl_valtype_t of, bool has_result, host_t *host)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(&of, 1), WRL_TYPES_N(&of, has_result ? 1 : 0));
    wrl_func_t func;
    TRY(make_func(t, store, &type, is_raw, host, &func));
    OK(wrl_imports_define(imports, "host", name, wrl_extern_from_func(func)));
    return true;
}

static bool define_all(wrl_test_t *t, wrl_store_t *store, wrl_imports_t *imports, bool is_raw, host_t *host)
{
    const wrl_valtype_t i32 = WRL_TYPE_I32;
    const wrl_valtype_t externref = WRL_TYPE_EXTERNREF;
    const wrl_valtype_t anyref = {WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, WRL_HEAP_ANY};
    TRY(define(t, store, imports, is_raw, "plain", i32, false, host));
    TRY(define(t, store, imports, is_raw, "take", externref, false, host));
    TRY(define(t, store, imports, is_raw, "echo", externref, true, host));
    if (test_has(t, WRL_FEATURE_GC_REFERENCES)) {
        TRY(define(t, store, imports, is_raw, "take_any", anyref, false, host));
        TRY(define(t, store, imports, is_raw, "echo_any", anyref, true, host));
    }
    return true;
}

/* Makes an instance of a guest in a new store, with the host functions. */
static bool world(wrl_test_t *t, wrl_guest_t guest, bool is_raw, host_t *host)
{
    wrl_imports_t *imports;
    *host = (host_t){.t = t};
    TRY(test_imports(t, &imports));
    TRY(test_store(t, t->engine, &host->store));
    TRY(define_all(t, host->store, imports, is_raw, host));
    TRY(test_instance_in(t, host->store, guest, imports, &host->guest));
    return true;
}

/* Calls a function of the guest. */
static wrl_error_t *call(const host_t *host, const char *name, wrl_val_t arg, wrl_val_t *result)
{
    wrl_func_t func;
    bool found = wrl_instance_get_func(host->store, host->guest, name, &func);
    return !found ? wrl_error_new(WRL_ERROR_LINK, name)
                  : wrl_func_call(host->store, func, &arg, 1, result, result ? 1 : 0);
}

/* Makes an externref whose finalizer counts in host->ended. */
static bool counted(wrl_test_t *t, host_t *host, wrl_externref_t *ref)
{
    host->ended = 0;
    OK(wrl_externref_new(host->store, &host->ended, count_finalizer, ref));
    return true;
}

/* Returns whether a collection happens immediately. The JS garbage collector runs at any time. */
static bool collects_at_once(const wrl_test_t *t)
{
    return strncmp(t->backend, "js", 2) != 0;
}

/* Returns whether the engine can collect externrefs that a guest could keep while their store is still alive. */
static bool has_collector(const wrl_test_t *t)
{
    return strcmp(t->backend, "wasmtime") == 0;
}

/* Checks that the externref to which `count` belongs has been collected. */
static bool is_finalized(wrl_test_t *t, wrl_store_t *store, const int *count)
{
    wrl_store_collect(store);
    CHECK(*count <= 1);
    CHECK(*count == 1 || !collects_at_once(t));
    return true;
}

static bool is_released(wrl_test_t *t, wrl_store_t *store, wrl_externref_t ref)
{
    INVALID(wrl_externref_get(store, ref, NULL), "externref", "released");
    CHECK(wrl_externref_data(store, ref) == NULL);
    INVALID(wrl_externref_retain(store, ref), "externref", "released");
    INVALID(wrl_externref_release(store, ref), "externref", "released");
    return true;
}

/* Checks that the externref of counted() is released and has been collected. */
static bool has_ended(wrl_test_t *t, const host_t *host, wrl_externref_t ref)
{
    TRY(is_released(t, host->store, ref));
    TRY(is_finalized(t, host->store, &host->ended));
    return true;
}

static bool has_data(wrl_test_t *t, wrl_store_t *store, wrl_externref_t ref, const void *data)
{
    void *found = NULL;
    found = wrl_externref_data(store, ref);
    CHECK(found == data);
    return true;
}

/* ---- Holds ---- */

static bool holds(wrl_test_t *t)
{
    static int count;
    count = 0;
    wrl_externref_t ref;
    OK(wrl_externref_new(t->store, &count, count_finalizer, &ref));
    OK(wrl_externref_retain(t->store, ref));
    OK(wrl_externref_release(t->store, ref));
    TRY(has_data(t, t->store, ref, &count));
    EQUAL(count, 0);
    OK(wrl_externref_release(t->store, ref));
    TRY(is_released(t, t->store, ref));
    TRY(is_finalized(t, t->store, &count));
    /* The next externref is another one, even in the same memory. */
    static int next_count;
    next_count = 0;
    wrl_externref_t next;
    OK(wrl_externref_new(t->store, &next_count, count_finalizer, &next));
    CHECK(!wrl_externref_equal(next, ref));
    TRY(is_released(t, t->store, ref));
    TRY(has_data(t, t->store, next, &next_count));
    OK(wrl_externref_retain(t->store, wrl_externref_null()));
    OK(wrl_externref_release(t->store, wrl_externref_null()));
    CHECK(count <= 1);
    return true;
}

static bool bad_handles(wrl_test_t *t)
{
    wrl_externref_t ref;
    wrl_store_t *other;
    OK(wrl_externref_new(t->store, t, NULL, &ref));
    TRY(test_store(t, t->engine, &other));
    INVALID(wrl_externref_release(NULL, ref), "store");
    INVALID(wrl_externref_release(NULL, wrl_externref_null()), "store");
    INVALID(wrl_externref_release(other, ref), "externref", "store");
    INVALID(wrl_externref_retain(NULL, ref), "store");
    INVALID(wrl_externref_retain(other, ref), "externref", "store");
    INVALID(wrl_externref_autorelease(NULL, ref), "caller");
    ref.index += 5;
    INVALID(wrl_externref_release(t->store, ref), "externref");
    INVALID(wrl_externref_retain(t->store, ref), "externref");
    ref.index -= 5;
    OK(wrl_externref_release(t->store, ref));
    return true;
}

/* The externrefs are released with their store. */
static bool at_the_end(wrl_test_t *t)
{
    int held = 0;
    int released = 0;
    wrl_store_t *store;
    wrl_externref_t ref;
    OK(wrl_store_new(t->engine, NULL, &store));
    wrl_error_t *error = wrl_externref_new(store, &held, count_finalizer, &ref);
    error = error ? error : wrl_externref_new(store, &released, count_finalizer, &ref);
    error = error ? error : wrl_externref_release(store, ref);
    wrl_store_delete(store);
    OK(error);
    EQUAL(held, 1);
    EQUAL(released, 1);
    return true;
}

/* Unreferenced externrefs do not fill a store that stays alive. */
static bool many(wrl_test_t *t)
{
    enum { COUNT = 30000 };
    static host_t host;
    wrl_func_t echo;
    static int count;
    count = 0;
    TRY(world(t, guest_lifetime, true, &host));
    CHECK(wrl_instance_get_func(host.store, host.guest, "echo", &echo));
    for (int i = 0; i < COUNT; i++) {
        wrl_externref_t ref;
        wrl_raw_t slot;
        OK(wrl_externref_new(host.store, &count, count_finalizer, &ref));
        slot.externref = ref;
        OK(wrl_func_call_raw(host.store, echo, &slot, 1));
        CHECK(wrl_externref_equal(slot.externref, ref));
        OK(wrl_externref_release(host.store, ref));
        OK(wrl_externref_release(host.store, ref));
        CHECK((uint32_t)ref.index < COUNT / 2 || !collects_at_once(t));
    }
    EQUAL(host.calls, COUNT);
    wrl_store_collect(host.store);
    if (collects_at_once(t)) {
        EQUAL(count, COUNT);
    }
    CHECK(count <= COUNT);
    return true;
}

/* ---- Callbacks ---- */

static wrl_error_t *release_in_callback(host_t *self, wrl_caller_t *caller)
{
    wrl_test_t *t = self->t;
    wrl_externref_t ref = self->seen.of.externref;
    void *data;
    (void)caller;
    HOST_OK(wrl_externref_release(self->store, ref));
    data = wrl_externref_data(self->store, ref);
    HOST_CHECK(data == &self->ended);
    wrl_error_t *error = wrl_externref_release(self->store, ref);
    HOST_CHECK(wrl_error_kind(error) == WRL_ERROR_INVALID_ARGUMENT);
    HOST_CHECK(strstr(wrl_error_message(error), "borrowed"));
    wrl_error_delete(error);
    wrl_store_collect(self->store);
    HOST_CHECK(self->ended == 0);
    return NULL;
}

static bool released_in_callback(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        static host_t host;
        wrl_externref_t ref;
        TRY(world(t, guest_lifetime, is_raw, &host));
        host.body = release_in_callback;
        TRY(counted(t, &host, &ref));
        OK(call(&host, "take", WRL_EXTERNREF(ref), NULL));
        EQUAL(host.calls, 1);
        TRY(has_ended(t, &host, ref));
    }
    return true;
}

static wrl_error_t *retain_in_callback(host_t *self, wrl_caller_t *caller)
{
    (void)caller;
    return wrl_externref_retain(self->store, self->seen.of.externref);
}

static bool retained_in_callback(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        static host_t host;
        wrl_externref_t ref;
        TRY(world(t, guest_lifetime, is_raw, &host));
        host.body = retain_in_callback;
        TRY(counted(t, &host, &ref));
        OK(call(&host, "take_twice", WRL_EXTERNREF(ref), NULL));
        for (int i = 0; i < 3; i++) {
            TRY(has_data(t, host.store, ref, &host.ended));
            OK(wrl_externref_release(host.store, ref));
        }
        TRY(has_ended(t, &host, ref));
    }
    return true;
}

/* The program drops its hold, and the callback returns an error. */
static wrl_error_t *fail_in_callback(host_t *self, wrl_caller_t *caller)
{
    (void)caller;
    HOST_OK(wrl_externref_release(self->store, self->seen.of.externref));
    return wrl_error_new(WRL_ERROR_HOST, "on purpose");
}

static bool failed_callback(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        static host_t host;
        wrl_externref_t ref;
        TRY(world(t, guest_lifetime, is_raw, &host));
        host.body = fail_in_callback;
        TRY(counted(t, &host, &ref));
        FAILS(call(&host, "take", WRL_EXTERNREF(ref), NULL), WRL_ERROR_HOST, "on purpose");
        TRY(has_ended(t, &host, ref));
        host.body = release_in_callback;
        TRY(counted(t, &host, &ref));
        TRAPS(call(&host, "trap", WRL_EXTERNREF(ref), NULL), WRL_TRAP_UNREACHABLE);
        TRY(has_ended(t, &host, ref));
        /* Another externref is released with its last hold. */
        host.body = NULL;
        TRY(counted(t, &host, &ref));
        host.other = ref;
        OK(wrl_externref_release(host.store, ref));
        TRY(is_finalized(t, host.store, &host.ended));
    }
    return true;
}

/* A running guest has the only copy of an externref while the program makes another externref. */
static wrl_error_t *make_between(host_t *self, wrl_caller_t *caller)
{
    (void)caller;
    if (self->calls == 1) {
        return wrl_externref_release(self->store, self->seen.of.externref);
    }
    if (self->calls == 2) {
        wrl_store_collect(self->store);
        return wrl_externref_new(self->store, &self->calls, NULL, &self->other);
    }
    wrl_test_t *t = self->t;
    void *data;
    HOST_CHECK(!wrl_externref_equal(self->seen.of.externref, self->other));
    data = wrl_externref_data(self->store, self->seen.of.externref);
    HOST_CHECK(data == &self->ended && self->ended == 0);
    return NULL;
}

static bool held_by_a_running_guest(wrl_test_t *t)
{
    static host_t host;
    wrl_externref_t ref;
    TRY(world(t, guest_lifetime, false, &host));
    host.body = make_between;
    TRY(counted(t, &host, &ref));
    OK(call(&host, "take_again", WRL_EXTERNREF(ref), NULL));
    EQUAL(host.calls, 3);
    TRY(is_released(t, host.store, ref));
    TRY(has_data(t, host.store, host.other, &host.calls));
    TRY(is_finalized(t, host.store, &host.ended));
    return true;
}

/* The outer callback's borrowed references are still valid after nested calls. */
static wrl_error_t *nest(host_t *self, wrl_caller_t *caller)
{
    wrl_test_t *t = self->t;
    const wrl_val_t arg = self->seen;
    void *data;
    (void)caller;
    if (self->calls > 5) {
        return NULL;
    }
    if (self->calls == 1) {
        HOST_OK(wrl_externref_release(self->store, arg.of.externref));
    }
    HOST_OK(wrl_func_call(self->store, self->inner, &arg, 1, NULL, 0));
    data = wrl_externref_data(self->store, arg.of.externref);
    HOST_CHECK(data == &self->ended);
    /* A nested call with another externref. */
    wrl_externref_t other;
    HOST_OK(wrl_externref_new(self->store, &self->calls, NULL, &other));
    self->calls = 10;
    const wrl_val_t another = WRL_EXTERNREF(other);
    HOST_OK(wrl_func_call(self->store, self->inner, &another, 1, NULL, 0));
    HOST_OK(wrl_externref_release(self->store, other));
    HOST_CHECK(wrl_externref_equal(self->seen.of.externref, other));
    HOST_CHECK(wrl_externref_data(self->store, arg.of.externref) == &self->ended);
    return NULL;
}

static bool nested_callbacks(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        static host_t host;
        wrl_externref_t ref;
        TRY(world(t, guest_lifetime, is_raw, &host));
        CHECK(wrl_instance_get_func(host.store, host.guest, "take", &host.inner));
        host.body = nest;
        TRY(counted(t, &host, &ref));
        OK(call(&host, "take", WRL_EXTERNREF(ref), NULL));
        TRY(has_ended(t, &host, ref));
    }
    return true;
}

/* ---- Results of callbacks ---- */

/* Returns a borrowed reference that nothing holds after the callback has returned. */
static wrl_error_t *drop_and_return(host_t *self, wrl_caller_t *caller)
{
    (void)caller;
    return wrl_externref_release(self->store, self->seen.of.externref);
}

static wrl_error_t *make_and_return(host_t *self, wrl_caller_t *caller)
{
    wrl_test_t *t = self->t;
    HOST_OK(wrl_externref_new(self->store, &self->ended, count_finalizer, &self->result.of.externref));
    HOST_OK(wrl_externref_autorelease(caller, self->result.of.externref));
    wrl_error_t *error = wrl_externref_autorelease(caller, self->result.of.externref);
    HOST_CHECK(wrl_error_kind(error) == WRL_ERROR_INVALID_ARGUMENT);
    wrl_error_delete(error);
    HOST_OK(wrl_externref_autorelease(caller, wrl_externref_null()));
    return NULL;
}

static bool returned(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        static host_t host;
        wrl_externref_t ref;
        wrl_val_t result = WRL_NULL_EXTERNREF;
        TRY(world(t, guest_lifetime, is_raw, &host));
        host.body = drop_and_return;
        TRY(counted(t, &host, &ref));
        OK(call(&host, "echo", WRL_EXTERNREF(ref), &result));
        /* The program holds the externref again, by the same handle. */
        CHECK(wrl_externref_equal(result.of.externref, ref));
        TRY(has_data(t, host.store, ref, &host.ended));
        wrl_store_collect(host.store);
        EQUAL(host.ended, 0);
        host.body = NULL;
        OK(call(&host, "echo", WRL_EXTERNREF(ref), &result));
        CHECK(wrl_externref_equal(result.of.externref, ref));
        OK(wrl_externref_release(host.store, ref));
        host.body = drop_and_return;
        OK(call(&host, "echo_is_null", WRL_EXTERNREF(ref), &result));
        EQUAL(result.of.i32, 0);
        TRY(has_ended(t, &host, ref));
        host.ended = 0;
        host.body = make_and_return;
        OK(call(&host, "echo", WRL_NULL_EXTERNREF, &result));
        CHECK(wrl_externref_equal(result.of.externref, host.result.of.externref));
        TRY(has_data(t, host.store, result.of.externref, &host.ended));
        OK(wrl_externref_release(host.store, result.of.externref));
        TRY(is_finalized(t, host.store, &host.ended));
        TRY(is_released(t, host.store, result.of.externref));
        /* A released externref cannot be returned. */
        host.body = NULL;
        FAILS(call(&host, "echo", result, &result), WRL_ERROR_INVALID_ARGUMENT, "released");
    }
    return true;
}

/* One callback returns a reference that nobody else holds, and the guest passes it to the next callback. */
static wrl_error_t *drop_once(host_t *self, wrl_caller_t *caller)
{
    (void)caller;
    return self->calls == 1 ? wrl_externref_release(self->store, self->seen.of.externref) : NULL;
}

static bool handed_on(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        static host_t host;
        wrl_externref_t ref;
        TRY(world(t, guest_lifetime, is_raw, &host));
        host.body = drop_once;
        TRY(counted(t, &host, &ref));
        OK(call(&host, "echo_take", WRL_EXTERNREF(ref), NULL));
        EQUAL(host.calls, 2);
        CHECK(wrl_externref_equal(host.seen.of.externref, ref));
        TRY(has_ended(t, &host, ref));
    }
    return true;
}

/* ---- Callbacks whose types have no references, so that the layer does not look for borrowed ones on return ---- */

static bool is_borrowed(const host_t *self)
{
    wrl_error_t *error = wrl_externref_get(self->store, self->other, NULL);
    bool is_good = !error;
    wrl_error_delete(error);
    return is_good;
}

static wrl_error_t *autorelease_fresh(host_t *self, wrl_caller_t *caller)
{
    wrl_test_t *t = self->t;
    HOST_CHECK(self->calls == 1 || !is_borrowed(self));
    HOST_OK(wrl_externref_new(self->store, &self->ended, count_finalizer, &self->other));
    HOST_OK(wrl_externref_autorelease(caller, self->other));
    HOST_CHECK(is_borrowed(self));
    return NULL;
}

/* One call of the guest with many callbacks. Each callback finds that the references of the previous callback have been
 * released. */
static bool plain_callbacks(wrl_test_t *t)
{
    enum { COUNT = 1000 };
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        static host_t host;
        TRY(world(t, guest_lifetime, is_raw, &host));
        host.body = autorelease_fresh;
        OK(call(&host, "plain_many", WRL_I32(COUNT), NULL));
        EQUAL(host.calls, COUNT);
        TRY(is_released(t, host.store, host.other));
        wrl_store_collect(host.store);
        CHECK(host.ended <= COUNT);
        CHECK(host.ended == COUNT || !collects_at_once(t));
    }
    return true;
}

/* A nested call that ends before the callback does not release the callback's own references. */
static wrl_error_t *autorelease_and_nest(host_t *self, wrl_caller_t *caller)
{
    wrl_test_t *t = self->t;
    const wrl_val_t arg = WRL_I32(0);
    if (self->calls > 1) {
        return NULL;
    }
    HOST_OK(wrl_externref_new(self->store, &self->ended, count_finalizer, &self->other));
    HOST_OK(wrl_externref_autorelease(caller, self->other));
    HOST_OK(wrl_func_call(self->store, self->inner, &arg, 1, NULL, 0));
    HOST_CHECK(is_borrowed(self));
    HOST_CHECK(self->ended == 0);
    return NULL;
}

static wrl_error_t *release_and_nest(host_t *self, wrl_caller_t *caller)
{
    const wrl_val_t arg = WRL_I32(0);
    (void)caller;
    if (self->calls > 1) {
        return NULL;
    }
    HOST_OK(wrl_externref_new(self->store, &self->ended, count_finalizer, &self->other));
    HOST_OK(wrl_externref_release(self->store, self->other));
    return wrl_func_call(self->store, self->inner, &arg, 1, NULL, 0);
}

static bool plain_nested(wrl_test_t *t)
{
    for (int i = 0; i < 4; i++) {
        static host_t host;
        TRY(world(t, guest_lifetime, i % 2, &host));
        CHECK(wrl_instance_get_func(host.store, host.guest, "plain", &host.inner));
        host.body = i / 2 ? release_and_nest : autorelease_and_nest;
        OK(call(&host, "plain", WRL_I32(0), NULL));
        EQUAL(host.calls, 2);
        /* Without a garbage collector, the reference has ended by the time the call returns. */
        CHECK(host.ended == 1 || has_collector(t) || !collects_at_once(t));
        TRY(has_ended(t, &host, host.other));
    }
    return true;
}

/*
 * A result of the first callback is released after a later callback that does not return it, before the next callback
 * begins. The callbacks are echo, one without references, and take.
 */
static wrl_error_t *return_then_autorelease(host_t *self, wrl_caller_t *caller)
{
    wrl_test_t *t = self->t;
    switch (self->calls) {
    case 1:
        HOST_OK(wrl_externref_new(self->store, &self->ended, count_finalizer, &self->other));
        self->result = wrl_val_externref(self->other);
        return NULL;
    case 2:
        return wrl_externref_autorelease(caller, self->other);
    default:
        HOST_CHECK(!is_borrowed(self));
        wrl_store_collect(self->store);
        HOST_CHECK(self->ended == (has_collector(t) ? 1 : 0));
        return NULL;
    }
}

static bool returned_before(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        static host_t host;
        TRY(world(t, guest_lifetime, is_raw, &host));
        host.body = return_then_autorelease;
        OK(call(&host, "echo_plain_take", WRL_NULL_EXTERNREF, NULL));
        EQUAL(host.calls, 3);
        TRY(has_ended(t, &host, host.other));
    }
    return true;
}

/* ---- Guests that keep references ---- */

static bool kept_by_guest(wrl_test_t *t)
{
    host_t host = {.t = t};
    wrl_externref_t ref;
    wrl_val_t result;
    wrl_table_t table;
    static int count;
    count = 0;
    TRY(test_store(t, t->engine, &host.store));
    TRY(test_instance_in(t, host.store, guest_refs, NULL, &host.guest));
    OK(wrl_externref_new(host.store, &count, count_finalizer, &ref));
    OK(call(&host, "set_extern", WRL_EXTERNREF(ref), NULL));
    OK(wrl_externref_release(host.store, ref));
    TRY(is_released(t, host.store, ref));
    for (int i = 0; i < 10000; i++) {
        wrl_externref_t other;
        OK(wrl_externref_new(host.store, t, NULL, &other));
        CHECK((uint32_t)other.index != (uint32_t)ref.index);
        OK(wrl_externref_release(host.store, other));
    }
    wrl_store_collect(host.store);
    EQUAL(count, 0);
    wrl_func_t get;
    CHECK(wrl_instance_get_func(host.store, host.guest, "get_extern", &get));
    OK(wrl_func_call(host.store, get, NULL, 0, &result, 1));
    CHECK(wrl_externref_equal(result.of.externref, ref));
    TRY(has_data(t, host.store, ref, &count));
    /* Move the reference from the global to a table. */
    CHECK(wrl_instance_get_table(host.store, host.guest, "externs", &table));
    OK(wrl_table_set(host.store, table, 1, &result));
    OK(wrl_externref_release(host.store, ref));
    const wrl_val_t null = WRL_NULL_EXTERNREF;
    OK(call(&host, "set_extern", null, NULL));
    TRY(is_released(t, host.store, ref));
    wrl_store_collect(host.store);
    EQUAL(count, 0);
    OK(wrl_table_get(host.store, table, 1, &result));
    CHECK(wrl_externref_equal(result.of.externref, ref));
    TRY(has_data(t, host.store, ref, &count));
    OK(wrl_externref_release(host.store, ref));
    OK(wrl_table_set(host.store, table, 1, &null));
    wrl_store_collect(host.store);
    EQUAL(count, has_collector(t) ? 1 : 0);
    return true;
}

/* Externrefs persist from the moment at which a guest could keep one, regardless of earlier events. */
static bool kept_later(wrl_test_t *t)
{
    static host_t host;
    wrl_externref_t early;
    wrl_externref_t late;
    wrl_val_t result;
    static int count;
    count = 0;
    TRY(world(t, guest_lifetime, false, &host));
    OK(wrl_externref_new(host.store, t, NULL, &early));
    OK(call(&host, "take", WRL_EXTERNREF(early), NULL));
    OK(wrl_externref_release(host.store, early));
    TRY(test_instance_in(t, host.store, guest_refs, NULL, &host.guest));
    OK(wrl_externref_new(host.store, &count, count_finalizer, &late));
    OK(call(&host, "set_extern", WRL_EXTERNREF(late), NULL));
    OK(wrl_externref_release(host.store, late));
    wrl_store_collect(host.store);
    EQUAL(count, 0);
    wrl_func_t get;
    CHECK(wrl_instance_get_func(host.store, host.guest, "get_extern", &get));
    OK(wrl_func_call(host.store, get, NULL, 0, &result, 1));
    CHECK(wrl_externref_equal(result.of.externref, late));
    TRY(has_data(t, host.store, late, &count));
    return true;
}

static bool tables_of_the_host(wrl_test_t *t)
{
    const wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_EXTERNREF, 1, 1);
    const wrl_globaltype_t global_type = {WRL_TYPE_EXTERNREF, false};
    for (int with_global = 0; with_global < 2; with_global++) {
        wrl_store_t *store;
        wrl_externref_t ref;
        wrl_table_t table;
        wrl_global_t global;
        wrl_val_t found;
        static int count;
        count = 0;
        TRY(test_store(t, t->engine, &store));
        OK(wrl_externref_new(store, &count, count_finalizer, &ref));
        const wrl_val_t value = WRL_EXTERNREF(ref);
        if (with_global) {
            OK(wrl_global_new(store, &global_type, &value, &global));
        } else {
            OK(wrl_table_new(store, &type, &value, &table));
        }
        OK(wrl_externref_release(store, ref));
        wrl_store_collect(store);
        EQUAL(count, 0);
        TRY(is_released(t, store, ref));
        OK(with_global ? wrl_global_get(store, global, &found) : wrl_table_get(store, table, 0, &found));
        CHECK(wrl_externref_equal(found.of.externref, ref));
        TRY(has_data(t, store, ref, &count));
    }
    return true;
}

/* ---- Finalizers ---- */

typedef struct finalizing {
    wrl_store_t *store;
    wrl_func_t func;
    wrl_externref_t other;
    int runs;
    int other_runs;
    bool good;
} finalizing_t;

/* Uses the store in every way, but not while it is being deleted. */
static void use_store(void *data)
{
    finalizing_t *self = data;
    wrl_externref_t fresh;
    if (!self->store) {
        return;
    }
    wrl_error_t *error = wrl_externref_new(self->store, NULL, NULL, &fresh);
    const wrl_val_t arg = WRL_EXTERNREF(fresh);
    self->runs++;
    error = error ? error : wrl_func_call(self->store, self->func, &arg, 1, NULL, 0);
    error = error ? error : wrl_externref_release(self->store, fresh);
    error = error ? error : wrl_externref_release(self->store, self->other);
    wrl_store_collect(self->store);
    self->good = !error;
    wrl_error_delete(error);
}

static bool finalizer_uses_store(wrl_test_t *t)
{
    static host_t host;
    wrl_externref_t ref = {0, 0};
    /* On JS hosts finalizers can run after the test. */
    static finalizing_t self;
    memset(&self, 0, sizeof(self));
    TRY(world(t, guest_lifetime, false, &host));
    self.store = host.store;
    CHECK(wrl_instance_get_func(host.store, host.guest, "take", &self.func));
    OK(wrl_externref_new(host.store, &self.other_runs, count_finalizer, &self.other));
    OK(wrl_externref_new(host.store, &self, use_store, &ref));
    OK(wrl_externref_release(host.store, ref));
    wrl_store_collect(host.store);
    if (collects_at_once(t)) {
        EQUAL(self.runs, 1);
        CHECK(self.good);
        EQUAL(host.calls, 1);
        wrl_store_collect(host.store);
        EQUAL(self.other_runs, 1);
    }
    CHECK(self.runs <= 1);
    self.store = NULL;
    return true;
}

static void delete_store(void *data)
{
    finalizing_t *self = data;
    self->runs++;
    if (self->store) {
        wrl_store_t *store = self->store;
        self->store = NULL;
        wrl_store_delete(store);
    }
}

static bool finalizer_deletes_store(wrl_test_t *t)
{
    finalizing_t self = {0};
    wrl_externref_t ref;
    static int count;
    count = 0;
    OK(wrl_store_new(t->engine, NULL, &self.store));
    wrl_store_t *store = self.store;
    wrl_error_t *error = wrl_externref_new(store, &count, count_finalizer, &ref);
    error = error ? error : wrl_externref_new(store, &self, delete_store, &ref);
    error = error ? error : wrl_externref_release(store, ref);
    if (!error && self.store) {
        wrl_store_collect(store);
    }
    if (self.store) {
        self.store = NULL;
        wrl_store_delete(store);
    }
    OK(error);
    EQUAL(self.runs, 1);
    EQUAL(count, 1);
    return true;
}

/* ---- GC references ---- */

static bool is_released_ref(wrl_test_t *t, wrl_store_t *store, wrl_ref_t ref)
{
    INVALID(wrl_ref_check(store, ref), "ref", "released");
    CHECK(wrl_ref_type(store, ref).kind == WRL_VALKIND_NONE);
    INVALID(wrl_ref_retain(store, ref), "ref", "released");
    INVALID(wrl_ref_release(store, ref), "ref", "released");
    return true;
}

/* The arguments of a callback are released, however the callback ends. */
static bool borrowed_refs(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        static host_t host;
        TRY(world(t, guest_lifetime_all, is_raw, &host));
        for (int i = 0; i < 20000; i++) {
            OK(call(&host, "take_any", WRL_I32(i), NULL));
            CHECK((uint32_t)host.seen.of.ref.index <= 1);
            OK(call(&host, "take", WRL_I32(i), NULL));
            CHECK((uint32_t)host.seen.of.externref.index <= 1);
        }
        INVALID(wrl_externref_get(host.store, host.seen.of.externref, NULL), "externref", "released");
        CHECK(wrl_externref_data(host.store, host.seen.of.externref) == NULL);
        OK(call(&host, "take_any", WRL_I32(5), NULL));
        TRY(is_released_ref(t, host.store, host.seen.of.ref));
        TRAPS(call(&host, "trap_any", WRL_I32(5), NULL), WRL_TRAP_UNREACHABLE);
        TRY(is_released_ref(t, host.store, host.seen.of.ref));
    }
    return true;
}

static wrl_error_t *keep_any(host_t *self, wrl_caller_t *caller)
{
    wrl_test_t *t = self->t;
    (void)caller;
    wrl_valtype_t type;
    wrl_error_t *error = self->seen.kind == WRL_VALKIND_REF
                             ? wrl_ref_release(self->store, self->seen.of.ref)
                             : wrl_externref_release(self->store, self->seen.of.externref);
    HOST_CHECK(wrl_error_kind(error) == WRL_ERROR_INVALID_ARGUMENT);
    HOST_CHECK(strstr(wrl_error_message(error), "borrowed"));
    wrl_error_delete(error);
    if (self->seen.kind != WRL_VALKIND_REF) {
        return wrl_externref_retain(self->store, self->seen.of.externref);
    }
    type = wrl_ref_type(self->store, self->seen.of.ref);
    HOST_CHECK(type.heap == WRL_HEAP_STRUCT);
    return wrl_ref_retain(self->store, self->seen.of.ref);
}

static bool retained_refs(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        static host_t host;
        wrl_val_t result;
        TRY(world(t, guest_lifetime_all, is_raw, &host));
        host.body = keep_any;
        OK(call(&host, "take_any", WRL_I32(31), NULL));
        const wrl_val_t any = host.seen;
        OK(call(&host, "take", WRL_I32(32), NULL));
        const wrl_val_t externref = host.seen;
        host.body = NULL;
        for (int i = 0; i < 1000; i++) {
            OK(call(&host, "take_any", WRL_I32(i), NULL));
        }
        wrl_store_collect(host.store);
        OK(call(&host, "value", any, &result));
        EQUAL(result.of.i32, 31);
        OK(call(&host, "value_extern", externref, &result));
        EQUAL(result.of.i32, 32);
        OK(wrl_ref_retain(host.store, any.of.ref));
        OK(wrl_ref_release(host.store, any.of.ref));
        OK(wrl_ref_release(host.store, any.of.ref));
        TRY(is_released_ref(t, host.store, any.of.ref));
        OK(wrl_externref_release(host.store, externref.of.externref));
        INVALID(wrl_externref_release(host.store, externref.of.externref), "externref", "released");
        INVALID(call(&host, "value_extern", externref, &result), "released");
        OK(wrl_ref_retain(host.store, wrl_ref_null()));
    }
    return true;
}

/* Makes a reference by a nested call and autoreleases it. */
static wrl_error_t *return_made(host_t *self, wrl_caller_t *caller)
{
    const wrl_val_t arg = WRL_I32(99);
    HOST_OK(wrl_func_call(self->store, self->inner, &arg, 1, &self->result, 1));
    return wrl_ref_autorelease(caller, self->result.of.ref);
}

static bool returned_refs(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        static host_t host;
        wrl_val_t result;
        TRY(world(t, guest_lifetime_all, is_raw, &host));
        for (int i = 0; i < 1000; i++) {
            OK(call(&host, "echo_any", WRL_I32(i), &result));
            EQUAL(result.of.i32, i);
            OK(call(&host, "echo", WRL_I32(i), &result));
            EQUAL(result.of.i32, i);
            CHECK((uint32_t)host.seen.of.externref.index <= 2);
        }
        host.body = return_made;
        CHECK(wrl_instance_get_func(host.store, host.guest, "make", &host.inner));
        for (int i = 0; i < 1000; i++) {
            OK(call(&host, "echo_any", WRL_I32(i), &result));
            EQUAL(result.of.i32, 99);
            CHECK((uint32_t)host.seen.of.externref.index <= 4);
        }
        TRY(is_released_ref(t, host.store, host.result.of.ref));
        INVALID(wrl_ref_autorelease(NULL, host.result.of.ref), "caller");
    }
    return true;
}

/* Callbacks without references in their type make references by nested calls. */
static wrl_error_t *autorelease_made(host_t *self, wrl_caller_t *caller)
{
    wrl_test_t *t = self->t;
    const wrl_val_t arg = WRL_I32(self->calls);
    wrl_val_t made;
    HOST_OK(wrl_func_call(self->store, self->inner, &arg, 1, &made, 1));
    HOST_CHECK((uint32_t)made.of.ref.index <= 1);
    self->result = made;
    HOST_OK(wrl_ref_autorelease(caller, made.of.ref));
    HOST_OK(wrl_func_call(self->store, self->inner, &arg, 1, &made, 1));
    return wrl_ref_release(self->store, made.of.ref);
}

static bool plain_refs(wrl_test_t *t)
{
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        static host_t host;
        TRY(world(t, guest_lifetime_all, is_raw, &host));
        CHECK(wrl_instance_get_func(host.store, host.guest, "make", &host.inner));
        host.body = autorelease_made;
        OK(call(&host, "plain_many", WRL_I32(1000), NULL));
        EQUAL(host.calls, 1000);
        TRY(is_released_ref(t, host.store, host.result.of.ref));
    }
    return true;
}

/* Without a guest in between, the function's argument and result are released independently of the program's
 * references. */
static bool called_directly(wrl_test_t *t)
{
    const wrl_valtype_t externref = WRL_TYPE_EXTERNREF;
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(&externref, 1), WRL_TYPES_N(&externref, 1));
    for (int is_raw = 0; is_raw < 2; is_raw++) {
        static host_t host;
        wrl_func_t echo;
        wrl_val_t arg;
        wrl_val_t other;
        wrl_val_t result;
        TRY(world(t, guest_lifetime_all, is_raw, &host));
        TRY(make_func(t, host.store, &type, is_raw, &host, &echo));
        OK(call(&host, "make_extern", WRL_I32(7), &arg));
        for (int i = 0; i < 100; i++) {
            OK(wrl_func_call(host.store, echo, &arg, 1, &result, 1));
            INVALID(wrl_externref_retain(host.store, host.seen.of.externref), "externref", "released");
            OK(call(&host, "make_extern", WRL_I32(i), &other));
            OK(call(&host, "value_extern", result, &result));
            EQUAL(result.of.i32, 7);
            OK(call(&host, "value_extern", arg, &result));
            EQUAL(result.of.i32, 7);
        }
        EQUAL(host.calls, 100);
    }
    return true;
}

/* The guest calls the host, which calls a host function, which runs the collector. */
static wrl_error_t *call_inner(host_t *self, wrl_caller_t *caller)
{
    wrl_val_t result;
    (void)caller;
    return wrl_func_call(self->store, self->inner, &self->other_arg, 1, &result, 1);
}

static wrl_error_t *collect(host_t *self, wrl_caller_t *caller)
{
    (void)caller;
    wrl_store_collect(self->store);
    return NULL;
}

static bool collected_in_direct_calls(wrl_test_t *t)
{
    const wrl_valtype_t types[] = {
        WRL_TYPE_I32, WRL_TYPE_EXTERNREF, {WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, WRL_HEAP_ANY}};
    const wrl_val_t args[] = {WRL_I32(0), WRL_NULL_EXTERNREF, WRL_NULL_REF};
    for (int i = 0; i < 6; i++) {
        const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(&types[i / 2], 1), WRL_TYPES_N(&types[i / 2], 1));
        static host_t host, inner;
        wrl_val_t result;
        TRY(world(t, guest_direct, i % 2, &host));
        inner = (host_t){.t = t, .body = collect, .store = host.store};
        TRY(make_func(t, host.store, &type, i % 2, &inner, &host.inner));
        host.body = call_inner;
        host.other_arg = args[i / 2];
        OK(call(&host, "hold", WRL_I32(1), &result));
        EQUAL(result.of.i32, 142);
        EQUAL(inner.calls, 1);
    }
    return true;
}

/* The objects that a finalizer uses while their store is being deleted. */
typedef struct node {
    wrl_store_t *store;
    wrl_externref_t self;
    wrl_externref_t other;
    wrl_func_t func;
    int finalized;
    bool released;     /* Whether `other` was still valid. */
    bool is_reachable; /* Whether `self` was still valid or the store could be used. */
} node_t;

static void finalize_node(void *data)
{
    node_t *node = (node_t *)data;
    wrl_externref_t made;
    node->finalized++;
    wrl_error_t *error = wrl_externref_release(node->store, node->other);
    node->released = !error;
    wrl_error_delete(error);
    wrl_error_t *errors[] = {wrl_externref_get(node->store, node->self, NULL),
                             wrl_externref_new(node->store, NULL, NULL, &made),
                             wrl_func_call(node->store, node->func, NULL, 0, NULL, 0)};
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        node->is_reachable = node->is_reachable || !errors[i];
        wrl_error_delete(errors[i]);
    }
    wrl_store_collect(node->store);
    wrl_store_delete(node->store);
}

/* Two externrefs, a host function's environment and the store's data. Each holds another externref. */
static bool finalizers_at_the_end(wrl_test_t *t)
{
    const wrl_functype_t nothing = WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    node_t nodes[4] = {{NULL, {0, 0}, {0, 0}, {0, 0}, 0, false, false}};
    wrl_store_t *store;
    wrl_func_t func;
    OK(wrl_store_new(t->engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), &nodes[3], finalize_node}, &store));
    OK(wrl_func_new(store, &nothing, host_nothing, &nodes[2], finalize_node, &func));
    for (int i = 0; i < 2; i++) {
        OK(wrl_externref_new(store, &nodes[i], finalize_node, &nodes[i].self));
    }
    for (int i = 0; i < 4; i++) {
        nodes[i].store = store;
        nodes[i].func = func;
        nodes[i].other = nodes[1 - i % 2].self;
        OK(wrl_externref_retain(store, nodes[i].other));
    }
    wrl_store_delete(store);
    for (int i = 0; i < 4; i++) {
        EQUAL(nodes[i].finalized, 1);
        CHECK(!nodes[i].is_reachable);
    }
    CHECK(nodes[2].released);
    CHECK(nodes[0].released);
    CHECK(!nodes[1].released);
    CHECK(!nodes[3].released);
    return true;
}

/* The contents that a finalizer finds in the tables of the store that is being deleted. */
typedef struct finder {
    wrl_store_t *store;
    wrl_externref_t ended; /* An externref whose finalizer has run. */
    wrl_table_t table;     /* Contains `ended`. */
    wrl_table_t others;    /* Contains a reference of another heap type. */
    wrl_error_kind_t kind; /* The kind of the error that a read of `table` returns. */
    wrl_val_t other;
    bool found_other;
    bool is_counted; /* Whether `ended` was invalid, and one release of `other` dropped the last hold. */
} finder_t;

static wrl_error_kind_t kind_of(wrl_error_t *error)
{
    wrl_error_kind_t kind = error ? wrl_error_kind(error) : (wrl_error_kind_t)0;
    wrl_error_delete(error);
    return kind;
}

static void find_in_tables(void *data)
{
    finder_t *self = data;
    wrl_val_t found;
    self->kind = kind_of(wrl_table_get(self->store, self->table, 0, &found));
    self->is_counted = kind_of(wrl_externref_get(self->store, self->ended, NULL)) == WRL_ERROR_INVALID_ARGUMENT;
    if (!self->others.store_id) {
        return;
    }
    self->found_other = kind_of(wrl_table_get(self->store, self->others, 0, &self->other)) == 0 &&
                        wrl_ref_type(self->store, self->other.of.ref).heap == WRL_HEAP_STRUCT;
    self->is_counted = self->is_counted && kind_of(wrl_ref_release(self->store, self->other.of.ref)) == 0 &&
                       kind_of(wrl_ref_release(self->store, self->other.of.ref)) == WRL_ERROR_INVALID_ARGUMENT;
}

static bool make_table(wrl_test_t *t, finder_t *finder)
{
    const wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_EXTERNREF, 1, 1);
    static int count;
    count = 0;
    OK(wrl_externref_new(finder->store, &count, count_finalizer, &finder->ended));
    const wrl_val_t value = WRL_EXTERNREF(finder->ended);
    OK(wrl_table_new(finder->store, &type, &value, &finder->table));
    /* More than one hold. */
    OK(wrl_externref_retain(finder->store, finder->ended));
    return true;
}

/* Deletes a store whose finalizer reads the tables that `make` has made. The store's data is finalized last, after the
 * externrefs. */
static bool find_at_the_end(wrl_test_t *t, bool (*make)(wrl_test_t *t, finder_t *finder), finder_t *finder)
{
    memset(finder, 0, sizeof(*finder));
    OK(wrl_store_new(t->engine, &(wrl_store_config_t){sizeof(wrl_store_config_t), finder, find_in_tables},
                     &finder->store));
    bool good = make(t, finder);
    wrl_store_delete(finder->store);
    TRY(good);
    EQUAL(finder->kind, WRL_ERROR_INVALID_ARGUMENT);
    CHECK(finder->is_counted);
    return true;
}

static bool tables_at_the_end(wrl_test_t *t)
{
    finder_t finder;
    TRY(find_at_the_end(t, make_table, &finder));
    return true;
}

static bool make_others(wrl_test_t *t, finder_t *finder)
{
    const wrl_tabletype_t type = {{WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, WRL_HEAP_ANY}, 1, 1, false};
    host_t host = {.t = t, .store = finder->store};
    wrl_imports_t *imports;
    wrl_val_t made;
    TRY(test_imports(t, &imports));
    TRY(define_all(t, host.store, imports, false, &host));
    TRY(test_instance_in(t, host.store, guest_lifetime_all, imports, &host.guest));
    OK(call(&host, "make", WRL_I32(5), &made));
    OK(wrl_table_new(finder->store, &type, &made, &finder->others));
    return make_table(t, finder);
}

/* The other reference reuses the record of the externref, which has ended. */
static bool other_refs_at_the_end(wrl_test_t *t)
{
    finder_t finder;
    TRY(find_at_the_end(t, make_others, &finder));
    CHECK(finder.found_other);
    CHECK((uint32_t)finder.other.of.ref.index == (uint32_t)finder.ended.index);
    return true;
}

#define NEED_GUESTS NEED_EXECUTION, NEED_REFERENCE_TYPES
#define NEED_ALL NEED_EXECUTION, NEED_GC_REFERENCES, NEED_GC

static const wrl_test_case_t cases[] = {
    {"lifetime.holds", holds, {NEED_REFERENCE_TYPES}},
    {"lifetime.bad_handles", bad_handles, {NEED_REFERENCE_TYPES}},
    {"lifetime.at_the_end", at_the_end, {NEED_REFERENCE_TYPES}},
    {"lifetime.many", many, {NEED_GUESTS}},
    {"lifetime.released_in_callback", released_in_callback, {NEED_GUESTS}},
    {"lifetime.retained_in_callback", retained_in_callback, {NEED_GUESTS}},
    {"lifetime.failed_callback", failed_callback, {NEED_GUESTS}},
    {"lifetime.held_by_a_running_guest", held_by_a_running_guest, {NEED_GUESTS}},
    {"lifetime.nested_callbacks", nested_callbacks, {NEED_GUESTS}},
    {"lifetime.returned", returned, {NEED_GUESTS}},
    {"lifetime.handed_on", handed_on, {NEED_GUESTS}},
    {"lifetime.plain_callbacks", plain_callbacks, {NEED_GUESTS}},
    {"lifetime.plain_nested", plain_nested, {NEED_GUESTS}},
    {"lifetime.returned_before", returned_before, {NEED_GUESTS}},
    {"lifetime.kept_by_guest", kept_by_guest, {NEED_GUESTS}},
    {"lifetime.kept_later", kept_later, {NEED_GUESTS}},
    {"lifetime.tables_of_the_host", tables_of_the_host, {NEED_REFERENCE_TYPES}},
    {"lifetime.finalizer_uses_store", finalizer_uses_store, {NEED_GUESTS}},
    {"lifetime.finalizer_deletes_store", finalizer_deletes_store, {NEED_REFERENCE_TYPES}},
    {"lifetime.finalizers_at_the_end", finalizers_at_the_end, {NEED_REFERENCE_TYPES}},
    {"lifetime.tables_at_the_end", tables_at_the_end, {NEED_REFERENCE_TYPES}},
    {"lifetime.other_refs_at_the_end", other_refs_at_the_end, {NEED_ALL}},
    {"lifetime.borrowed_refs", borrowed_refs, {NEED_ALL}},
    {"lifetime.retained_refs", retained_refs, {NEED_ALL}},
    {"lifetime.returned_refs", returned_refs, {NEED_ALL}},
    {"lifetime.plain_refs", plain_refs, {NEED_ALL}},
    {"lifetime.called_directly", called_directly, {NEED_ALL}},
    {"lifetime.collected_in_direct_calls", collected_in_direct_calls, {NEED_ALL}},
};
WRL_TEST_GROUP(lifetime);
