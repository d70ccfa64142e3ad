/* Rows of the misuse matrix: errors. */
#include "rows.h"

/* ---- error.h ---- */

/* Returns whether an error differs from the requested one: its kind is HOST, or its message differs. Deletes the
 * error. */
static bool replaced(wrl_error_t *error, wrl_error_kind_t kind, const char *message)
{
    wrl_error_kind_t given = wrl_error_kind(error);
    bool other = given == WRL_ERROR_HOST || (given == kind && strcmp(wrl_error_message(error), message) != 0);
    bool sound = error && wrl_error_message(error)[0];
    wrl_error_delete(error);
    return other && sound;
}

PREPARE(error)
{
    a->number = WRL_ERROR_LINK;
    a->text = "words";
}
ANSWER(wrl_error_new, replaced(wrl_error_new((wrl_error_kind_t)a->number, a->text), WRL_ERROR_LINK, "words"))
FUNCTION(wrl_error_new) = {
    CALLED(wrl_error_new), PREPARED(error), .answers = true,
    .params = {PARAM("kind", number, misuse_enumerator), PARAM("message", text, misuse_pointer)}};

static wrl_error_t *call_wrl_error_newf(misuse_args_t *a)
{
    wrl_error_t *error = a->text ? wrl_error_newf((wrl_error_kind_t)a->number, "%s", a->text)
                                 : wrl_error_newf((wrl_error_kind_t)a->number, a->text, 1);
    a->spoilt = replaced(error, WRL_ERROR_LINK, "words");
    return NULL;
}
FUNCTION(wrl_error_newf) = {
    CALLED(wrl_error_newf), PREPARED(error), .answers = true,
    .params = {PARAM("kind", number, misuse_enumerator), PARAM("format", text, misuse_pointer)}};

static wrl_error_t *call_wrl_error_new_with_data(misuse_args_t *a)
{
    int ended = 0;
    wrl_error_t *error = wrl_error_new_with_data((wrl_error_kind_t)a->number, a->text, &ended, misuse_on_end);
    a->spoilt = wrl_error_data(error) == &ended && replaced(error, WRL_ERROR_LINK, "words") && ended == 1;
    return NULL;
}
FUNCTION(wrl_error_new_with_data) = {
    CALLED(wrl_error_new_with_data), PREPARED(error), .answers = true,
    .params = {PARAM("kind", number, misuse_enumerator), PARAM("message", text, misuse_pointer)}};

static wrl_error_t *call_wrl_error_new_trap(misuse_args_t *a)
{
    wrl_error_t *error = wrl_error_new_trap((wrl_trap_code_t)a->number, a->text);
    bool is_trap = wrl_error_kind(error) == WRL_ERROR_TRAP;
    bool other = wrl_error_trap_code(error) == WRL_TRAP_OTHER;
    a->spoilt = is_trap && (replaced(error, WRL_ERROR_TRAP, "words") || other);
    return NULL;
}
FUNCTION(wrl_error_new_trap) = {
    CALLED(wrl_error_new_trap), PREPARED(error), .answers = true,
    .params = {PARAM("code", number, misuse_enumerator), PARAM("message", text, misuse_pointer)}};

static wrl_error_t *call_wrl_error_new_exit(misuse_args_t *a)
{
    wrl_error_t *error = wrl_error_new_exit(INT32_MIN);
    a->spoilt = wrl_error_exit_status(error) != INT32_MIN;
    wrl_error_delete(error);
    return NULL;
}
FUNCTION(wrl_error_new_exit) = {CALLED(wrl_error_new_exit), .answers = true, .harmless = "any number is a status"};

static wrl_error_t *call_wrl_error_delete(misuse_args_t *a)
{
    wrl_error_delete(a->error ? wrl_error_new(WRL_ERROR_HOST, "x") : NULL);
    return NULL;
}
FUNCTION(wrl_error_delete) = {CALLED(wrl_error_delete), .params = {PARAM("error", error, misuse_optional)}};

#define ERROR_PARAM PARAM("error", error, misuse_pointer)

ANSWER(wrl_error_kind, wrl_error_kind(a->error) == WRL_ERROR_INVALID_ARGUMENT)
FUNCTION(wrl_error_kind) = {CALLED(wrl_error_kind), .answers = true, .params = {ERROR_PARAM}};

ANSWER(wrl_error_message, strcmp(wrl_error_message(a->error), "error is NULL") == 0)
FUNCTION(wrl_error_message) = {CALLED(wrl_error_message), .answers = true, .params = {ERROR_PARAM}};

PREPARE(wrl_error_trap_code)
{
    a->error = wrl_error_new_trap(WRL_TRAP_UNREACHABLE, NULL);
    (void)test_own_error(a->world->t, a->error);
}
ANSWER(wrl_error_trap_code, wrl_error_trap_code(a->error) == WRL_TRAP_NONE)
FUNCTION(wrl_error_trap_code) = {CALLED(wrl_error_trap_code), PREPARED(wrl_error_trap_code), .answers = true,
                                 .params = {ERROR_PARAM}};

PREPARE(wrl_error_exit_status)
{
    a->error = wrl_error_new_exit(3);
    (void)test_own_error(a->world->t, a->error);
}
ANSWER(wrl_error_exit_status, wrl_error_exit_status(a->error) == 0)
FUNCTION(wrl_error_exit_status) = {CALLED(wrl_error_exit_status), PREPARED(wrl_error_exit_status), .answers = true,
                                   .params = {ERROR_PARAM}};

PREPARE(wrl_error_data)
{
    a->error = wrl_error_new_with_data(WRL_ERROR_HOST, "x", a->world, NULL);
    (void)test_own_error(a->world->t, a->error);
}
ANSWER(wrl_error_data, wrl_error_data(a->error) == NULL)
FUNCTION(wrl_error_data) = {CALLED(wrl_error_data), PREPARED(wrl_error_data), .answers = true, .params = {ERROR_PARAM}};

ANSWER(wrl_error_frame_count, wrl_error_frame_count(a->error) == 0)
FUNCTION(wrl_error_frame_count) = {CALLED(wrl_error_frame_count), .answers = true, .never_sound = true,
                                   .params = {ERROR_PARAM}};

/* Only engines make frames, so no valid call is possible here. */
ANSWER(wrl_error_frame, !wrl_error_frame(a->error, a->index, a->out))
FUNCTION(wrl_error_frame) = {CALLED(wrl_error_frame), CLEARS(wrl_frame_t), .answers = true, .never_sound = true,
                             .params = {ERROR_PARAM, PARAM("index", index, misuse_index), OUT("frame")}};

PREPARE(one)
{
    a->number = 1;
}
ANSWER(wrl_error_kind_name, strcmp(wrl_error_kind_name((wrl_error_kind_t)a->number), "unknown") == 0)
FUNCTION(wrl_error_kind_name) = {CALLED(wrl_error_kind_name), PREPARED(one), .answers = true,
                                 .params = {PARAM("kind", number, misuse_enumerator)}};

/* 0 is a valid code, WRL_TRAP_NONE. */
ANSWER(wrl_trap_code_name, strcmp(wrl_trap_code_name((wrl_trap_code_t)a->number), "unknown") == 0 || a->number == 0)
FUNCTION(wrl_trap_code_name) = {CALLED(wrl_trap_code_name), PREPARED(one), .answers = true,
                                .params = {PARAM("code", number, misuse_enumerator)}};

/* ---- All of them ---- */

#define EACH_FUNCTION(X)                                                                                               \
    X(wrl_error_new, NEED_NOTHING)                                                                                     \
    X(wrl_error_newf, NEED_NOTHING)                                                                                    \
    X(wrl_error_new_with_data, NEED_NOTHING)                                                                           \
    X(wrl_error_new_trap, NEED_NOTHING)                                                                                \
    X(wrl_error_new_exit, NEED_NOTHING)                                                                                \
    X(wrl_error_delete, NEED_NOTHING)                                                                                  \
    X(wrl_error_kind, NEED_NOTHING)                                                                                    \
    X(wrl_error_message, NEED_NOTHING)                                                                                 \
    X(wrl_error_trap_code, NEED_NOTHING)                                                                               \
    X(wrl_error_exit_status, NEED_NOTHING)                                                                             \
    X(wrl_error_data, NEED_NOTHING)                                                                                    \
    X(wrl_error_frame_count, NEED_NOTHING)                                                                             \
    X(wrl_error_frame, NEED_NOTHING)                                                                                   \
    X(wrl_error_kind_name, NEED_NOTHING)                                                                               \
    X(wrl_trap_code_name, NEED_NOTHING)

MISUSE_GROUP(misuse_error, EACH_FUNCTION);
