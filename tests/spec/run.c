#include "run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "match.h"
#include "trap.h"
#include "world.h"

/* ---- Outcomes ---- */

static void passed(spec_outcome_t *outcome)
{
    outcome->status = SPEC_PASSED;
    spec_message_clear(&outcome->detail);
}

/* Sets the status of an outcome other than success and begins its detail. */
static spec_message_t *turn_out(spec_outcome_t *outcome, spec_status_t status)
{
    outcome->status = status;
    spec_message_clear(&outcome->detail);
    return &outcome->detail;
}

/* Takes ownership of the error. */
static void ended_by_error(spec_outcome_t *outcome, spec_status_t status, const char *what, wrl_error_t *error)
{
    spec_message_t *detail = turn_out(outcome, status);
    spec_message_add(detail, "%s: ", what);
    spec_message_add_error(detail, error);
    wrl_error_delete(error);
}

/* ---- Modules ---- */

static bool is_module_error(const wrl_error_t *error)
{
    wrl_error_kind_t kind = wrl_error_kind(error);
    return kind == WRL_ERROR_MALFORMED || kind == WRL_ERROR_INVALID;
}

/* Compiles a module that must be valid. On failure sets the outcome and returns NULL: engines reject modules that need
 * features they do not support. */
static wrl_module_t *compile(spec_world_t *world, spec_bytes_t bytes, spec_outcome_t *outcome)
{
    wrl_module_t *module;
    wrl_error_t *error = wrl_module_new(world->engine, bytes.data, bytes.size, NULL, &module);
    if (!error) {
        return module;
    }
    bool refused = is_module_error(error) || wrl_error_kind(error) == WRL_ERROR_UNSUPPORTED;
    ended_by_error(outcome, refused ? SPEC_NOT_RUN : SPEC_FAILED, "the module does not compile", error);
    return NULL;
}

/* A failed instantiation counts as not run if the engine does not support what the module needs. */
static spec_status_t status_of_failed_instance(const spec_world_t *world, const wrl_module_t *module,
                                               const wrl_error_t *error)
{
    wrl_error_kind_t kind = wrl_error_kind(error);
    bool misses = kind == WRL_ERROR_LINK && spec_world_misses(world, module);
    return misses || kind == WRL_ERROR_UNSUPPORTED ? SPEC_NOT_RUN : SPEC_FAILED;
}

static void add_module(spec_world_t *world, const spec_module_t *module, spec_outcome_t *outcome)
{
    wrl_error_t *error = spec_world_add(world, module);
    if (error) {
        ended_by_error(outcome, SPEC_FAILED, "the module cannot be kept", error);
    } else {
        world->current = world->module_count;
    }
}

/* Instantiates a module, unless its compilation failed. In either case later directives refer to this module. */
static void instantiate(spec_world_t *world, spec_module_t *module, spec_outcome_t *outcome)
{
    if (module->module) {
        wrl_error_t *error = wrl_instance_new(world->store, module->module, world->imports, NULL, &module->instance);
        if (error) {
            ended_by_error(outcome, status_of_failed_instance(world, module->module, error), "no instance", error);
        }
        module->is_instance = !error;
    }
    add_module(world, module, outcome);
}

static void run_module(spec_world_t *world, const spec_record_t *record, spec_outcome_t *outcome)
{
    spec_module_t module;
    memset(&module, 0, sizeof(module));
    module.id = record->id;
    module.line = record->line;
    module.module = compile(world, record->module, outcome);
    instantiate(world, &module, outcome);
}

static void run_definition(spec_world_t *world, const spec_record_t *record, spec_outcome_t *outcome)
{
    spec_module_t module;
    memset(&module, 0, sizeof(module));
    module.id = record->id;
    module.line = record->line;
    module.module = compile(world, record->module, outcome);
    size_t current = world->current;
    add_module(world, &module, outcome);
    world->current = current;
}

/* Returns the module with that id. Without one, sets the outcome and returns NULL. */
static const spec_module_t *find_module(const spec_world_t *world, spec_bytes_t id, spec_outcome_t *outcome)
{
    const spec_module_t *module = spec_world_find(world, id);
    if (module && (module->is_instance || module->module)) {
        return module;
    }
    spec_message_t *detail = turn_out(outcome, module || world->left_out ? SPEC_NOT_RUN : SPEC_FAILED);
    if (module) {
        spec_message_add(detail, "needs the module of line %" PRIu32, module->line);
    } else if (id.size) {
        spec_message_add(detail, "there is no module ");
        spec_message_add_quoted(detail, id);
    } else {
        spec_message_add(detail, "there is no module");
    }
    return NULL;
}

static const spec_module_t *find_instance(const spec_world_t *world, spec_bytes_t id, spec_outcome_t *outcome)
{
    const spec_module_t *module = find_module(world, id, outcome);
    if (module && !module->is_instance) {
        spec_message_add(turn_out(outcome, SPEC_NOT_RUN), "needs an instance of the module of line %" PRIu32,
                         module->line);
        return NULL;
    }
    return module;
}

static void run_instance(spec_world_t *world, const spec_record_t *record, spec_outcome_t *outcome)
{
    spec_module_t module;
    memset(&module, 0, sizeof(module));
    module.id = record->id;
    module.line = record->line;
    /* An empty id refers to the last definition. */
    const spec_module_t *definition = record->module.size == 0 && world->module_count
                                          ? &world->modules[world->module_count - 1]
                                          : find_module(world, record->module, outcome);
    module.module = definition ? wrl_module_retain(definition->module) : NULL;
    if (!module.module && outcome->status == SPEC_PASSED) {
        spec_message_add(turn_out(outcome, SPEC_NOT_RUN), "needs the module of line %" PRIu32,
                         definition ? definition->line : 0);
    }
    instantiate(world, &module, outcome);
}

static void run_register(spec_world_t *world, const spec_record_t *record, spec_outcome_t *outcome)
{
    const spec_module_t *module = find_instance(world, record->id, outcome);
    wrl_error_t *error = spec_world_register(world, record->name, module);
    if (error) {
        ended_by_error(outcome, SPEC_FAILED, "cannot be registered", error);
    }
}

/* ---- Execution ---- */

/* The result of an invoke, a get or an instantiation. */
typedef enum ending {
    ENDED_WELL,
    ENDED_BY_ERROR,
    NOT_EXECUTED /* The outcome has the reason. */
} ending_t;

typedef struct execution {
    ending_t ending;
    wrl_error_t *error; /* For ENDED_BY_ERROR. Must be deleted. */
    wrl_val_t *results; /* For ENDED_WELL. Must be freed. */
    size_t result_count;
    const wrl_valtype_t *types; /* Of the results. Borrowed from the store. */
    wrl_valtype_t content;      /* The type of a global. */
} execution_t;

static void end_execution(execution_t *execution)
{
    wrl_error_delete(execution->error);
    free(execution->results);
    memset(execution, 0, sizeof(*execution));
}

/* The layer may detect only at the call that a type cannot cross the interface. */
static void executed(execution_t *execution, wrl_error_t *error, spec_outcome_t *outcome)
{
    if (error && wrl_error_kind(error) == WRL_ERROR_UNSUPPORTED) {
        ended_by_error(outcome, SPEC_NOT_RUN, "cannot be executed", error);
        return;
    }
    execution->ending = error ? ENDED_BY_ERROR : ENDED_WELL;
    execution->error = error;
}

/* Allocates values. The array is never NULL on success. */
static wrl_val_t *make_vals(size_t count, spec_outcome_t *outcome)
{
    wrl_val_t *vals = calloc(count + 1, sizeof(*vals));
    if (!vals) {
        spec_message_add(turn_out(outcome, SPEC_FAILED), "out of memory");
    }
    return vals;
}

static bool make_args(spec_world_t *world, spec_values_t values, const wrl_functype_t *type, wrl_val_t *args,
                      spec_outcome_t *outcome)
{
    if (values.count != type->param_count) {
        spec_message_add(turn_out(outcome, SPEC_FAILED), "the function has %zu parameters, not %" PRIu32,
                         type->param_count, values.count);
        return false;
    }
    spec_value_t value;
    for (size_t i = 0; spec_values_next(&values, &value); i++) {
        spec_message_t why;
        spec_message_clear(&why);
        spec_crossing_t crossing = spec_value_make(&world->refs, &value, type->params[i], &args[i], &why);
        if (crossing != SPEC_CROSSED) {
            spec_message_add(turn_out(outcome, crossing == SPEC_CANNOT_CROSS ? SPEC_NOT_RUN : SPEC_FAILED),
                             "argument %zu: %s", i, why.data);
            return false;
        }
    }
    return true;
}

static void invoke(spec_world_t *world, const spec_exec_t *exec, wrl_func_t func, execution_t *execution,
                   spec_outcome_t *outcome)
{
    wrl_functype_t type = wrl_func_type(world->store, func);
    wrl_val_t *args = make_vals(type.param_count, outcome);
    execution->results = make_vals(type.result_count, outcome);
    execution->result_count = type.result_count;
    execution->types = type.results;
    if (args && execution->results && make_args(world, exec->args, &type, args, outcome)) {
        wrl_error_t *call_error =
            wrl_func_call(world->store, func, args, type.param_count, execution->results, type.result_count);
        executed(execution, call_error, outcome);
    }
    free(args);
}

static void get(spec_world_t *world, wrl_global_t global, execution_t *execution, spec_outcome_t *outcome)
{
    wrl_globaltype_t type = wrl_global_type(world->store, global);
    execution->results = make_vals(1, outcome);
    execution->result_count = 1;
    execution->content = type.content;
    if (execution->results) {
        executed(execution, wrl_global_get(world->store, global, execution->results), outcome);
    }
}

static void execute_export(spec_world_t *world, const spec_exec_t *exec, execution_t *execution,
                           spec_outcome_t *outcome)
{
    const spec_module_t *module = find_instance(world, exec->module_id, outcome);
    if (!module) {
        return;
    }
    wrl_extern_t item;
    if (!wrl_instance_get_export_n(world->store, module->instance, (const char *)exec->name.data, exec->name.size,
                                   &item)) {
        spec_message_t *detail = turn_out(outcome, SPEC_FAILED);
        spec_message_add(detail, "no export ");
        spec_message_add_quoted(detail, exec->name);
    } else if (exec->kind == SPEC_INVOKE && item.kind == WRL_EXTERN_FUNC) {
        invoke(world, exec, item.of.func, execution, outcome);
    } else if (exec->kind == SPEC_GET && item.kind == WRL_EXTERN_GLOBAL) {
        get(world, item.of.global, execution, outcome);
    } else {
        spec_message_t *detail = turn_out(outcome, SPEC_FAILED);
        spec_message_add(detail, "the export ");
        spec_message_add_quoted(detail, exec->name);
        spec_message_add(detail, " is a %s", wrl_externkind_name(item.kind));
    }
}

static void execute_module(spec_world_t *world, const spec_exec_t *exec, execution_t *execution,
                           spec_outcome_t *outcome)
{
    wrl_module_t *module = compile(world, exec->module, outcome);
    if (!module) {
        return;
    }
    wrl_instance_t instance;
    wrl_error_t *error = wrl_instance_new(world->store, module, world->imports, NULL, &instance);
    if (error && status_of_failed_instance(world, module, error) == SPEC_NOT_RUN) {
        ended_by_error(outcome, SPEC_NOT_RUN, "no instance", error);
    } else {
        executed(execution, error, outcome);
    }
    wrl_module_release(module);
}

static execution_t execute(spec_world_t *world, const spec_exec_t *exec, spec_outcome_t *outcome)
{
    execution_t execution;
    memset(&execution, 0, sizeof(execution));
    execution.ending = NOT_EXECUTED;
    if (exec->kind == SPEC_INSTANTIATE) {
        execute_module(world, exec, &execution, outcome);
    } else {
        execute_export(world, exec, &execution, outcome);
    }
    return execution;
}

/* ---- Assertions ---- */

static void add_results(spec_message_t *text, const spec_world_t *world, const execution_t *execution)
{
    spec_message_add(text, "it returned");
    for (size_t i = 0; i < execution->result_count; i++) {
        spec_message_add(text, i == 0 ? " " : ", ");
        spec_message_add_val(text, world->store, &execution->results[i]);
    }
}

/* Reports an expected error that did not occur: the execution succeeded or failed with another error. */
static void ended_otherwise(const spec_world_t *world, const execution_t *execution, const char *expected,
                            spec_outcome_t *outcome)
{
    spec_message_t *detail = turn_out(outcome, SPEC_FAILED);
    spec_message_add(detail, "%s, but ", expected);
    if (execution->ending == ENDED_WELL) {
        add_results(detail, world, execution);
    } else {
        spec_message_add(detail, "there was ");
        spec_message_add_error(detail, execution->error);
    }
}

static void run_action(spec_world_t *world, const spec_record_t *record, spec_outcome_t *outcome)
{
    execution_t execution = execute(world, &record->exec, outcome);
    if (execution.ending == ENDED_BY_ERROR) {
        spec_message_add_error(turn_out(outcome, SPEC_FAILED), execution.error);
    }
    end_execution(&execution);
}

static void compare_results(spec_world_t *world, spec_values_t expected, const execution_t *execution,
                            spec_outcome_t *outcome)
{
    if (expected.count != execution->result_count) {
        spec_message_t *detail = turn_out(outcome, SPEC_FAILED);
        spec_message_add(detail, "expected %" PRIu32 " results, but ", expected.count);
        add_results(detail, world, execution);
        return;
    }
    spec_value_t value;
    for (size_t i = 0; spec_values_next(&expected, &value); i++) {
        wrl_valtype_t type = execution->types ? execution->types[i] : execution->content;
        if (!spec_match(&world->refs, &value, type, &execution->results[i])) {
            spec_message_t *detail = turn_out(outcome, SPEC_FAILED);
            spec_message_add(detail, "result %zu: expected ", i);
            spec_message_add_value(detail, &value);
            spec_message_add(detail, ", got ");
            spec_message_add_val(detail, world->store, &execution->results[i]);
            return;
        }
    }
}

static void assert_return(spec_world_t *world, const spec_record_t *record, spec_outcome_t *outcome)
{
    execution_t execution = execute(world, &record->exec, outcome);
    if (execution.ending == ENDED_BY_ERROR) {
        spec_message_add_error(turn_out(outcome, SPEC_FAILED), execution.error);
    } else if (execution.ending == ENDED_WELL) {
        compare_results(world, record->results, &execution, outcome);
    }
    end_execution(&execution);
}

/* assert_exhaustion expects another kind of trap. */
static void assert_trap(spec_world_t *world, const spec_record_t *record, spec_outcome_t *outcome)
{
    execution_t execution = execute(world, &record->exec, outcome);
    if (execution.ending != NOT_EXECUTED) {
        spec_message_t expected;
        spec_message_clear(&expected);
        /* Without a trap the code is WRL_TRAP_NONE, which no message matches. */
        if (!spec_trap_match(record->message, wrl_error_trap_code(execution.error), &expected)) {
            ended_otherwise(world, &execution, expected.data, outcome);
        }
    }
    end_execution(&execution);
}

static void assert_exception(spec_world_t *world, const spec_record_t *record, spec_outcome_t *outcome)
{
    execution_t execution = execute(world, &record->exec, outcome);
    if (execution.ending != NOT_EXECUTED && wrl_error_trap_code(execution.error) != WRL_TRAP_UNCAUGHT_EXCEPTION) {
        ended_otherwise(world, &execution, "expected an exception", outcome);
    }
    end_execution(&execution);
}

/* assert_invalid and assert_malformed. Engines detect some malformed bytes in code only during validation. */
static void assert_refused(spec_world_t *world, const spec_record_t *record, spec_outcome_t *outcome)
{
    wrl_module_t *module;
    wrl_error_t *error = wrl_module_new(world->engine, record->module.data, record->module.size, NULL, &module);
    if (error && is_module_error(error)) {
        wrl_error_delete(error);
        return;
    }
    spec_message_t *detail = turn_out(outcome, SPEC_FAILED);
    spec_message_add(detail, "expected a module that is rejected (");
    spec_message_add_quoted(detail, record->message);
    spec_message_add(detail, "), but ");
    if (error) {
        spec_message_add(detail, "there was ");
        spec_message_add_error(detail, error);
        wrl_error_delete(error);
    } else {
        spec_message_add(detail, "it compiled");
        wrl_module_release(module);
    }
}

static bool is_unlinkable(const spec_record_t *record, const wrl_error_t *error)
{
    wrl_trap_code_t code = wrl_error_trap_code(error);
    return (error && wrl_error_kind(error) == WRL_ERROR_LINK) ||
           (code != WRL_TRAP_NONE && code == spec_trap_of_segment(record->message));
}

static void assert_unlinkable(spec_world_t *world, const spec_record_t *record, spec_outcome_t *outcome)
{
    spec_exec_t exec;
    memset(&exec, 0, sizeof(exec));
    exec.kind = SPEC_INSTANTIATE;
    exec.module = record->module;
    execution_t execution = execute(world, &exec, outcome);
    if (execution.ending != NOT_EXECUTED && !is_unlinkable(record, execution.error)) {
        spec_message_t expected;
        spec_message_clear(&expected);
        spec_message_add(&expected, "expected a module that cannot be linked (");
        spec_message_add_quoted(&expected, record->message);
        spec_message_add(&expected, ")");
        ended_otherwise(world, &execution, expected.data, outcome);
    }
    end_execution(&execution);
}

/* ---- Directives ---- */

static void run_directive(spec_world_t *world, const spec_record_t *record, spec_outcome_t *outcome)
{
    passed(outcome);
    switch (record->op) {
    case SPEC_MODULE:
        run_module(world, record, outcome);
        break;
    case SPEC_MODULE_DEFINITION:
        run_definition(world, record, outcome);
        break;
    case SPEC_MODULE_INSTANCE:
        run_instance(world, record, outcome);
        break;
    case SPEC_REGISTER:
        run_register(world, record, outcome);
        break;
    case SPEC_ACTION:
        run_action(world, record, outcome);
        break;
    case SPEC_ASSERT_RETURN:
        assert_return(world, record, outcome);
        break;
    case SPEC_ASSERT_TRAP:
    case SPEC_ASSERT_EXHAUSTION:
        assert_trap(world, record, outcome);
        break;
    case SPEC_ASSERT_EXCEPTION:
        assert_exception(world, record, outcome);
        break;
    case SPEC_ASSERT_INVALID:
    case SPEC_ASSERT_MALFORMED:
        assert_refused(world, record, outcome);
        break;
    case SPEC_ASSERT_UNLINKABLE:
        assert_unlinkable(world, record, outcome);
        break;
    default:
        spec_message_add(turn_out(outcome, SPEC_NOT_RUN), "the layer does not support this directive");
        break;
    }
}

/* A module that was left out still becomes the current one, as later directives do not refer to the module before
 * it. */
static void leave_out(spec_world_t *world, const spec_record_t *record)
{
    static const uint8_t word[] = {'m', 'o', 'd', 'u', 'l', 'e'};
    const spec_bytes_t module = {word, sizeof(word)};
    if (record->message.size >= module.size && memcmp(record->message.data, word, module.size) == 0) {
        spec_module_t missing;
        memset(&missing, 0, sizeof(missing));
        missing.line = record->line;
        world->left_out = true;
        spec_outcome_t outcome;
        add_module(world, &missing, &outcome);
    }
}

static void run_records(spec_world_t *world, spec_file_t *file, spec_report_t *report)
{
    spec_record_t record;
    while (spec_file_next(file, &record)) {
        if (record.op == SPEC_TEXT) {
            spec_report_text(report, &record);
        } else if (record.op == SPEC_LEFT_OUT) {
            leave_out(world, &record);
            spec_report_left_out(report, &record);
        } else {
            spec_outcome_t outcome;
            spec_world_fill(world);
            run_directive(world, &record, &outcome);
            spec_report_outcome(report, &record, &outcome);
        }
    }
}

void spec_run_file(wrl_engine_t *engine, spec_file_t *file, spec_report_t *report)
{
    char name[1000];
    (void)snprintf(name, sizeof(name), "%.*s", (int)file->name.size, (const char *)file->name.data);
    spec_report_file(report, name);
    spec_world_t world;
    wrl_error_t *error = spec_world_begin(&world, engine);
    if (error) {
        spec_message_t detail;
        spec_message_clear(&detail);
        spec_message_add(&detail, "no store: ");
        spec_message_add_error(&detail, error);
        wrl_error_delete(error);
        spec_report_problem(report, &detail);
    } else {
        run_records(&world, file, report);
        spec_world_end(&world);
    }
    spec_report_file_end(report);
}
