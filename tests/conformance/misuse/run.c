/* Runs the rows of a function. */
#include "misuse.h"

#include <stdio.h>

/* A running row, and its title in messages. */
typedef struct row {
    misuse_world_t *world;
    const misuse_function_t *function;
    const misuse_param_t *param; /* NULL for the call with valid arguments. */
    const misuse_kind_t *kind;
    char title[160];
} row_t;

static bool is_filled(const void *bytes, size_t size, uint8_t with)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < size; i++) {
        if (at[i] != with) {
            return false;
        }
    }
    return true;
}

static bool fail(const row_t *row, const char *why)
{
    return test_fail(row->world->t, __FILE__, __LINE__, "%s: %s", row->title, why);
}

/* Checks the outputs of a refused call. An output pointer that the row itself has spoilt is NULL. */
static bool check_outputs(const row_t *row, const misuse_args_t *a)
{
    const misuse_function_t *function = row->function;
    switch (function->output) {
    case OUT_NONE:
        return true;
    case OUT_CLEARED:
        if (a->out && !is_filled(a->out, function->out_size, 0)) {
            return fail(row, "the output was not cleared");
        }
        if (a->out2 && !is_filled(a->out2, function->out2_size, 0)) {
            return fail(row, "the second output was not cleared");
        }
        return true;
    case OUT_NO_VALUE:
        return !a->out || ((const wrl_val_t *)a->out)->kind == WRL_VALKIND_NONE ||
               fail(row, "the output has a value's kind");
    case OUT_UNTOUCHED:
        return !a->out || is_filled(a->out, MISUSE_ROOM, MISUSE_FILLER) || fail(row, "the output was written to");
    }
    return false;
}

/* Returns whether a message has the form "NAME: why". */
static bool names_param(const char *message, const char *name)
{
    size_t size = strlen(name);
    return strncmp(message, name, size) == 0 && message[size] == ':' && message[size + 1] == ' ' && message[size + 2];
}

static bool check_error(const row_t *row, const wrl_error_t *error)
{
    static const wrl_error_kind_t kinds[] = {
        [MISUSE_REFUSED] = WRL_ERROR_INVALID_ARGUMENT,
        [MISUSE_TOO_LARGE] = WRL_ERROR_RESOURCE_LIMIT,
        [MISUSE_NO_FILE] = WRL_ERROR_IO,
        [MISUSE_UNLINKABLE] = WRL_ERROR_LINK,
    };
    wrl_error_kind_t kind = kinds[row->kind->outcome];
    char why[512];
    if (!error) {
        return fail(row, "succeeded");
    }
    const char *message = wrl_error_message(error);
    bool named = row->kind->outcome != MISUSE_REFUSED || names_param(message, row->param->name);
    if (wrl_error_kind(error) == kind && named && message[0] && !strchr(message, '\n')) {
        return true;
    }
    (void)snprintf(why, sizeof(why), "expected %s, naming \"%s\"; got %s: %s", wrl_error_kind_name(kind),
                   row->param->name, wrl_error_kind_name(wrl_error_kind(error)), message);
    return fail(row, why);
}

/* Checks a call that had to be refused. Takes ownership of the error. */
static bool check_refused(const row_t *row, const misuse_args_t *a, wrl_error_t *error)
{
    bool held = row->function->answers ? a->spoilt || fail(row, "did not return the result for misuse")
                                       : check_error(row, error);
    wrl_error_delete(error);
    if (held && row->function->finalizes && a->ended != 1) {
        return fail(row, "the finalizer did not run once");
    }
    return held && check_outputs(row, a);
}

/* Checks a call with valid arguments. Takes ownership of the error. */
static bool check_sound(const row_t *row, const misuse_args_t *a, wrl_error_t *error)
{
    if (error) {
        (void)fail(row, wrl_error_message(error));
        wrl_error_delete(error);
        return false;
    }
    if (row->function->finalizes && a->ended != 0) {
        return fail(row, "the finalizer ran although nothing failed");
    }
    return !row->function->answers || !a->spoilt || fail(row, "returned the result for misuse despite valid arguments");
}

static bool run_row(row_t *row)
{
    misuse_args_t a;
    misuse_args_set(row->world, &a);
    if (row->function->prepare) {
        row->function->prepare(&a);
    }
    (void)snprintf(row->title, sizeof(row->title), "%s, %s, %s", row->function->name,
                   row->param ? row->param->name : "all", row->kind ? row->kind->what : "sound");
    if (row->kind) {
        row->kind->spoil(&a, (char *)&a + row->param->offset);
    }
    row->world->t->rows++;
    wrl_error_t *error = row->function->call(&a);
    return !row->kind || row->kind->outcome == MISUSE_ALLOWED ? check_sound(row, &a, error)
                                                              : check_refused(row, &a, error);
}

static bool run_param(row_t *row, const misuse_param_t *param)
{
    row->param = param;
    for (const misuse_kind_t *kind = param->kinds; kind->what; kind++) {
        row->kind = kind;
        if (!run_row(row)) {
            return false;
        }
    }
    return true;
}

static bool run_rows(misuse_world_t *world, const misuse_function_t *function)
{
    row_t row = {world, function, NULL, NULL, ""};
    bool held = function->never_sound || run_row(&row);
    const misuse_param_t *param = function->params;
    for (; held && param->name; param++) {
        held = run_param(&row, param);
    }
    bool has_rows = param != function->params || function->harmless;
    held = held && (has_rows || test_fail(world->t, __FILE__, __LINE__, "%s has no rows", function->name));
    /* The misuse has left the store intact. */
    row_t again = {world, function, NULL, NULL, ""};
    return held && (function->never_sound || run_row(&again));
}

/* ---- From a host function ---- */

typedef struct host_run {
    misuse_world_t *world;
    const misuse_function_t *function;
    bool ran;
    bool held;
} host_run_t;

static wrl_error_t *in_host(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                            wrl_val_t *results, size_t result_count)
{
    (void)args;
    (void)arg_count;
    (void)result_count;
    host_run_t *run = env;
    run->world->caller = caller;
    run->ran = true;
    run->held = run_rows(run->world, run->function);
    run->world->caller = NULL;
    results[0] = WRL_I32(0);
    return NULL;
}

static bool run_in_host(misuse_world_t *world, const misuse_function_t *function)
{
    wrl_test_t *t = world->t;
    host_run_t run = {world, function, false, false};
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t look;
    wrl_imports_t *imports;
    wrl_instance_t instance;
    OK(wrl_func_new(t->store, &type, in_host, &run, NULL, &look));
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define(imports, "host", "look", wrl_extern_from_func(look)));
    bool has_tags = test_has(t, WRL_FEATURE_EXCEPTIONS);
    TRY(test_instance(t, has_tags ? guest_caller_tag : guest_caller, imports, &instance));
    const wrl_val_t arg = WRL_I32(0);
    wrl_val_t result;
    TRY(test_call(t, instance, "run", &arg, 1, &result));
    CHECK(run.ran);
    return run.held;
}

bool misuse_run(wrl_test_t *t, const misuse_function_t *function)
{
    misuse_world_t world;
    TRY(misuse_world_make(t, &world));
    return function->in_host ? run_in_host(&world, function) : run_rows(&world, function);
}
