/* Traps: every code, caused by a guest; the store after a trap; and backtraces. */
#include "harness.h"

#include <math.h>

/* Calls every listed export with tagged and with raw values. Each call must trap with the given code, and the instance
 * stays usable. */
static bool exports_trap(wrl_test_t *t, wrl_guest_t guest, wrl_trap_code_t code, const char *const *names, size_t count)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest, NULL, &instance));
    for (size_t i = 0; i < count; i++) {
        wrl_func_t func;
        CHECK(wrl_instance_get_func(t->store, instance, names[i], &func));
        for (int raw = 0; raw < 2; raw++) {
            wrl_error_t *error =
                raw ? wrl_func_call_raw(t->store, func, NULL, 0) : wrl_func_call(t->store, func, NULL, 0, NULL, 0);
            TRY_QUIET(test_traps(t, __FILE__, __LINE__, names[i], error, code));
        }
    }
    return true;
}

#define EXPORTS_TRAP(function, guest, code, ...)                                                                       \
    static bool function(wrl_test_t *t)                                                                                \
    {                                                                                                                  \
        static const char *const names[] = {__VA_ARGS__};                                                              \
        return exports_trap(t, guest, code, names, sizeof(names) / sizeof(names[0]));                                  \
    }

EXPORTS_TRAP(unreachable, guest_traps, WRL_TRAP_UNREACHABLE, "unreachable")
EXPORTS_TRAP(memory_out_of_bounds, guest_traps, WRL_TRAP_MEMORY_OUT_OF_BOUNDS, "load_past_end", "load_far",
             "load_offset_wraps", "store_past_end", "store_far")
EXPORTS_TRAP(table_out_of_bounds, guest_traps, WRL_TRAP_TABLE_OUT_OF_BOUNDS, "call_past_end", "call_far")
EXPORTS_TRAP(indirect_call_to_null, guest_traps, WRL_TRAP_INDIRECT_CALL_TO_NULL, "call_null")
EXPORTS_TRAP(bad_signature, guest_traps, WRL_TRAP_BAD_SIGNATURE, "call_other_type")
EXPORTS_TRAP(integer_overflow, guest_traps, WRL_TRAP_INTEGER_OVERFLOW, "div_i32_overflow", "div_i64_overflow",
             "trunc_i32_f32_overflow", "trunc_i32_f64_overflow", "trunc_i64_f32_overflow", "trunc_i64_f64_overflow")
EXPORTS_TRAP(integer_division_by_zero, guest_traps, WRL_TRAP_INTEGER_DIVISION_BY_ZERO, "div_i32_zero", "div_u32_zero",
             "rem_i32_zero", "rem_u32_zero", "div_i64_zero", "div_u64_zero", "rem_i64_zero", "rem_u64_zero")
EXPORTS_TRAP(bad_conversion_to_integer, guest_traps, WRL_TRAP_BAD_CONVERSION_TO_INTEGER, "trunc_i32_f32_nan",
             "trunc_i32_f64_nan", "trunc_i64_f32_nan", "trunc_i64_f64_nan")
EXPORTS_TRAP(stack_overflow, guest_traps, WRL_TRAP_STACK_OVERFLOW, "endless")
EXPORTS_TRAP(bulk_memory, guest_traps_bulk, WRL_TRAP_MEMORY_OUT_OF_BOUNDS, "fill_past_end", "copy_past_end",
             "init_past_end", "init_past_segment", "init_dropped")
EXPORTS_TRAP(bulk_table, guest_traps_bulk, WRL_TRAP_TABLE_OUT_OF_BOUNDS, "table_copy_past_end", "table_init_past_end",
             "table_init_past_segment")
EXPORTS_TRAP(table_instructions, guest_traps_refs, WRL_TRAP_TABLE_OUT_OF_BOUNDS, "table_get_past_end",
             "table_set_past_end", "table_fill_past_end")
EXPORTS_TRAP(null_reference, guest_traps_func_refs, WRL_TRAP_NULL_REFERENCE, "call_ref_null", "as_non_null")
EXPORTS_TRAP(gc_null_reference, guest_traps_gc, WRL_TRAP_NULL_REFERENCE, "struct_get_null", "struct_set_null",
             "array_len_null", "i31_get_null")
EXPORTS_TRAP(array_out_of_bounds, guest_traps_gc, WRL_TRAP_ARRAY_OUT_OF_BOUNDS, "array_get_past_end",
             "array_set_past_end", "array_fill_past_end")
EXPORTS_TRAP(cast_failure, guest_traps_gc, WRL_TRAP_CAST_FAILURE, "cast_failure", "cast_null")
EXPORTS_TRAP(allocation_too_large, guest_traps_gc, WRL_TRAP_ALLOCATION_TOO_LARGE, "allocation_too_large")
EXPORTS_TRAP(unaligned_atomic, guest_traps_atomics, WRL_TRAP_UNALIGNED_ATOMIC, "load_unaligned", "store_unaligned",
             "add_unaligned")
EXPORTS_TRAP(atomic_wait_non_shared, guest_traps_atomics, WRL_TRAP_ATOMIC_WAIT_NON_SHARED, "wait_non_shared")
EXPORTS_TRAP(atomic_out_of_bounds, guest_traps_atomics, WRL_TRAP_MEMORY_OUT_OF_BOUNDS, "load_past_end")
EXPORTS_TRAP(uncaught_exception, guest_traps_exceptions, WRL_TRAP_UNCAUGHT_EXCEPTION, "throw", "throw_deep")
EXPORTS_TRAP(throw_null, guest_traps_exceptions, WRL_TRAP_NULL_REFERENCE, "throw_ref_null")

static bool stack_overflow_with_values(wrl_test_t *t)
{
    wrl_func_t func;
    TRY(test_guest_func(t, guest_traps, "endless_deep", &func));
    const wrl_val_t args[] = {WRL_I64(1), WRL_I64(2), WRL_I64(3), WRL_I64(4)};
    wrl_val_t result = WRL_I32(7);
    TRAPS(wrl_func_call(t->store, func, args, 4, &result, 1), WRL_TRAP_STACK_OVERFLOW);
    /* The results are unchanged on an error. */
    CHECK(result.kind == WRL_VALKIND_I32 && result.of.i32 == 7);
    return true;
}

static bool data_segment(wrl_test_t *t)
{
    const wrl_memorytype_t type = WRL_MEMORYTYPE(1, 1);
    wrl_memory_t memory;
    OK(wrl_memory_new(t->store, &type, &memory));
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define(imports, "env", "memory", wrl_extern_from_memory(memory)));
    wrl_module_t *module;
    TRY(test_module(t, guest_data_out_of_bounds, &module));
    wrl_instance_t instance = {1, 1};
    TRAPS(wrl_instance_new(t->store, module, imports, NULL, &instance), WRL_TRAP_MEMORY_OUT_OF_BOUNDS);
    CHECK(instance.store_id == 0 && instance.index == 0);
    /* Segments before the failed one persist. */
    char text[4];
    OK(wrl_memory_read(t->store, memory, 0, text, 4));
    CHECK(memcmp(text, "kept", 4) == 0);
    return true;
}

static bool elem_segment(wrl_test_t *t)
{
    const wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 1, 1);
    const wrl_val_t null = WRL_NULL_FUNCREF;
    wrl_table_t table;
    OK(wrl_table_new(t->store, &type, &null, &table));
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define(imports, "env", "table", wrl_extern_from_table(table)));
    wrl_module_t *module;
    TRY(test_module(t, guest_elem_out_of_bounds, &module));
    wrl_instance_t instance = {1, 1};
    TRAPS(wrl_instance_new(t->store, module, imports, NULL, &instance), WRL_TRAP_TABLE_OUT_OF_BOUNDS);
    CHECK(instance.store_id == 0);
    return true;
}

static bool import_shared_memory(wrl_test_t *t, wrl_imports_t **imports)
{
    wrl_memorytype_t type = WRL_MEMORYTYPE(1, 3);
    type.is_shared = true;
    wrl_memory_t memory;
    OK(wrl_memory_new(t->store, &type, &memory));
    TRY(test_imports(t, imports));
    OK(wrl_imports_define(*imports, "env", "memory", wrl_extern_from_memory(memory)));
    return true;
}

/* Each access traps, the second time as well. */
static bool shared_accesses_trap(wrl_test_t *t, wrl_instance_t instance)
{
    static const char *const names[] = {"load_past_end", "load_far", "store_past_end"};
    for (size_t i = 0; i < 6; i++) {
        wrl_func_t func;
        CHECK(wrl_instance_get_func(t->store, instance, names[i % 3], &func));
        TRAPS(wrl_func_call(t->store, func, NULL, 0, NULL, 0), WRL_TRAP_MEMORY_OUT_OF_BOUNDS);
    }
    return true;
}

static bool memory_of_two_instances(wrl_test_t *t)
{
    wrl_imports_t *imports;
    TRY(import_shared_memory(t, &imports));
    wrl_instance_t instances[2];
    TRY(test_instance(t, guest_traps_shared, imports, &instances[0]));
    TRY(test_instance(t, guest_traps_shared, imports, &instances[1]));
    TRY(shared_accesses_trap(t, instances[0]));
    TRY(shared_accesses_trap(t, instances[1]));
    wrl_module_t *module;
    TRY(test_module(t, guest_traps_shared_start, &module));
    wrl_instance_t none;
    TRAPS(wrl_instance_new(t->store, module, imports, NULL, &none), WRL_TRAP_MEMORY_OUT_OF_BOUNDS);
    return shared_accesses_trap(t, instances[0]);
}

static bool memory_of_two_indices(wrl_test_t *t)
{
    wrl_imports_t *imports;
    TRY(import_shared_memory(t, &imports));
    wrl_instance_t instance;
    TRY(test_instance(t, guest_traps_shared_twice, imports, &instance));
    return shared_accesses_trap(t, instance);
}

/* An instance stays usable after a trap: it is called and traps many times. */
static bool store_goes_on(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_traps, NULL, &instance));
    const char *const names[] = {"unreachable", "load_far", "endless", "div_i32_zero", "call_null"};
    const wrl_trap_code_t codes[] = {WRL_TRAP_UNREACHABLE, WRL_TRAP_MEMORY_OUT_OF_BOUNDS, WRL_TRAP_STACK_OVERFLOW,
                                     WRL_TRAP_INTEGER_DIVISION_BY_ZERO, WRL_TRAP_INDIRECT_CALL_TO_NULL};
    for (size_t i = 0; i < 50; i++) {
        wrl_func_t func;
        CHECK(wrl_instance_get_func(t->store, instance, names[i % 5], &func));
        TRAPS(wrl_func_call(t->store, func, NULL, 0, NULL, 0), codes[i % 5]);
        int32_t result;
        TRY(test_call_i32(t, t->store, instance, "fine", NULL, 0, &result));
        EQUAL(result, 1);
    }
    return true;
}

static bool code_names(wrl_test_t *t)
{
    for (int i = WRL_TRAP_NONE; i <= WRL_TRAP_OUT_OF_FUEL; i++) {
        const char *name = wrl_trap_code_name((wrl_trap_code_t)i);
        CHECK(name && name[0] && strcmp(name, "unknown") != 0);
        for (int j = 0; j < i; j++) {
            CHECK(strcmp(name, wrl_trap_code_name((wrl_trap_code_t)j)) != 0);
        }
    }
    EQUAL_TEXT(wrl_trap_code_name(WRL_TRAP_MEMORY_OUT_OF_BOUNDS), "out of bounds memory access");
    EQUAL_TEXT(wrl_trap_code_name((wrl_trap_code_t)999), "unknown");
    EQUAL_TEXT(wrl_trap_code_name((wrl_trap_code_t)-1), "unknown");
    return true;
}

/* ---- Backtraces ---- */

static bool instantiate_deep(wrl_test_t *t, wrl_func_t host, wrl_instance_t *instance)
{
    return test_instance_with(t, t->store, guest_deep, "f", host, instance);
}

static bool deep_trap(wrl_test_t *t, wrl_error_t **error)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t host;
    OK(wrl_func_new_raw(t->store, &type, host_nothing_raw, NULL, NULL, &host));
    wrl_instance_t instance;
    TRY(instantiate_deep(t, host, &instance));
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, instance, "trap", &func));
    *error = wrl_func_call(t->store, func, NULL, 0, NULL, 0);
    CHECK(*error != NULL);
    TRY(test_own_error(t, *error));
    EQUAL(wrl_error_trap_code(*error), WRL_TRAP_UNREACHABLE);
    return true;
}

static bool backtrace(wrl_test_t *t)
{
    wrl_error_t *error;
    TRY(deep_trap(t, &error));
    EQUAL(wrl_error_frame_count(error), 3);
    const char *const names[] = {"trap_inner", "trap_middle", "trap_outer"};
    uint64_t last_offset = 0;
    for (size_t i = 0; i < 3; i++) {
        wrl_frame_t frame;
        CHECK(wrl_error_frame(error, i, &frame));
        /* Index 0 is the imported function, and indices 1 to 3 are the functions that lead to the host. */
        EQUAL(frame.func_index, 4 + i);
        EQUAL_TEXT(frame.func_name, names[i]);
        EQUAL(frame.func_name_size, strlen(names[i]));
        EQUAL_TEXT(frame.module_name, "deep_module");
        EQUAL(frame.module_name_size, strlen("deep_module"));
        if (frame.module_offset != WRL_FRAME_UNKNOWN) {
            CHECK(frame.module_offset < guest_deep.size);
            CHECK(frame.module_offset > last_offset);
            last_offset = frame.module_offset;
        }
        if (frame.func_offset != WRL_FRAME_UNKNOWN) {
            CHECK(frame.func_offset < guest_deep.size);
        }
    }
    return true;
}

static bool frames_past_the_end(wrl_test_t *t)
{
    wrl_error_t *error;
    TRY(deep_trap(t, &error));
    if (!test_has(t, WRL_FEATURE_BACKTRACE)) {
        EQUAL(wrl_error_frame_count(error), 0);
    }
    wrl_frame_t frame;
    memset(&frame, 0xee, sizeof(frame));
    CHECK(!wrl_error_frame(error, wrl_error_frame_count(error), &frame));
    CHECK(frame.func_name == NULL && frame.module_name == NULL && frame.func_name_size == 0);
    CHECK(!wrl_error_frame(error, SIZE_MAX, &frame));
    return true;
}

/* An error that a host function returns receives the frames through which it propagates. */
static wrl_error_t *fail_here(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    (void)slots;
    return wrl_error_new(WRL_ERROR_HOST, "failed here");
}

static bool backtrace_of_host_error(wrl_test_t *t)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32));
    wrl_func_t host;
    OK(wrl_func_new_raw(t->store, &type, fail_here, NULL, NULL, &host));
    wrl_instance_t instance;
    TRY(instantiate_deep(t, host, &instance));
    wrl_func_t func;
    CHECK(wrl_instance_get_func(t->store, instance, "call_host", &func));
    const wrl_val_t arg = WRL_I32(1);
    wrl_val_t result;
    wrl_error_t *error = wrl_func_call(t->store, func, &arg, 1, &result, 1);
    CHECK(error != NULL);
    TRY(test_own_error(t, error));
    EQUAL_TEXT(wrl_error_message(error), "failed here");
    EQUAL(wrl_error_frame_count(error), 3);
    const char *const names[] = {"inner", "middle", "outer"};
    for (size_t i = 0; i < 3; i++) {
        wrl_frame_t frame;
        CHECK(wrl_error_frame(error, i, &frame));
        EQUAL_TEXT(frame.func_name, names[i]);
    }
    return true;
}

/* Frames of one module are not attributed to another module with the same offsets. If the engine cannot distinguish the
 * two modules, the frame has no names. */
static bool frames_of_another_module(wrl_test_t *t)
{
    wrl_instance_t instance, other;
    wrl_func_t func;
    TRY(test_instance(t, guest_trap_honest, NULL, &instance));
    TRY(test_instance(t, guest_trap_blamed, NULL, &other));
    CHECK(wrl_instance_get_func(t->store, instance, "f", &func));
    wrl_error_t *error = wrl_func_call(t->store, func, NULL, 0, NULL, 0);
    CHECK(error != NULL);
    TRY(test_own_error(t, error));
    EQUAL(wrl_error_trap_code(error), WRL_TRAP_UNREACHABLE);
    EQUAL(wrl_error_frame_count(error), 1);
    wrl_frame_t frame;
    CHECK(wrl_error_frame(error, 0, &frame));
    EQUAL(frame.func_index, 0);
    CHECK(!frame.module_name || strcmp(frame.module_name, "honest") == 0);
    CHECK(!frame.func_name || strcmp(frame.func_name, "traps") == 0);
    return true;
}

/* A guest's function names may be arbitrary. Every trap is still reported, and the names appear only in the frames. */
static bool names_in_messages(wrl_test_t *t)
{
    wrl_instance_t instance;
    TRY(test_instance(t, guest_trap_names, NULL, &instance));
    const char *const names[] = {"many_times", "nested", "lines"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        wrl_func_t func;
        CHECK(wrl_instance_get_func(t->store, instance, names[i], &func));
        wrl_error_t *error = wrl_func_call(t->store, func, NULL, 0, NULL, 0);
        CHECK(error != NULL);
        TRY(test_own_error(t, error));
        EQUAL(wrl_error_trap_code(error), WRL_TRAP_UNREACHABLE);
        CHECK(strstr(wrl_error_message(error), "forged") == NULL);
        CHECK(strstr(wrl_error_message(error), "Caused by") == NULL);
        CHECK(strstr(wrl_error_message(error), "_Z1f") == NULL);
        CHECK(strlen(wrl_error_message(error)) < 200);
        if (test_has(t, WRL_FEATURE_BACKTRACE)) {
            wrl_frame_t frame;
            CHECK(wrl_error_frame(error, 0, &frame));
            CHECK(frame.func_name && strstr(frame.func_name, i == 2 ? "forged" : "_Z1f"));
        }
    }
    return true;
}

/* ---- Code that engines have recompiled, and the offsets that they report for it ---- */

/* If the engine reports offsets, checks that the first two frames are at instructions with these opcodes. */
static bool test_places(wrl_test_t *t, const wrl_error_t *error, uint8_t inner, uint8_t outer)
{
    const uint8_t expected[] = {inner, outer};
    for (size_t i = 0; i < 2 && test_has(t, WRL_FEATURE_BACKTRACE); i++) {
        wrl_frame_t frame;
        CHECK(wrl_error_frame(error, i, &frame));
        if (frame.module_offset != WRL_FRAME_UNKNOWN) {
            CHECK(frame.module_offset < guest_traps_hot.size);
            EQUAL(guest_traps_hot.bytes[frame.module_offset], expected[i]);
        }
    }
    return true;
}

static bool traps_when_hot(wrl_test_t *t, const char *name, wrl_val_t last, wrl_trap_code_t code, uint8_t place)
{
    enum { TIMES = 1000000, CALL = 0x10 };
    wrl_func_t func;
    TRY(test_guest_func(t, guest_traps_hot, name, &func));
    for (int32_t times = 1; times <= TIMES; times += TIMES - 1) {
        const wrl_val_t args[] = {WRL_I32(times), last};
        wrl_val_t result;
        wrl_error_t *error = wrl_func_call(t->store, func, args, 2, &result, strcmp(name, "call") != 0);
        CHECK(error != NULL);
        TRY(test_own_error(t, error));
        EQUAL(wrl_error_trap_code(error), code);
        TRY(test_places(t, error, place, CALL));
    }
    return true;
}

enum { TRUNC_F64_S = 0xaa, TRUNC_F32_U = 0xaf, INDIRECT = 0x11 };

static bool hot_overflow(wrl_test_t *t)
{
    TRY(traps_when_hot(t, "convert", WRL_F64(1e10), WRL_TRAP_INTEGER_OVERFLOW, TRUNC_F64_S));
    return traps_when_hot(t, "convert_single", WRL_F32(-1), WRL_TRAP_INTEGER_OVERFLOW, TRUNC_F32_U);
}

static bool hot_bad_conversion(wrl_test_t *t)
{
    TRY(traps_when_hot(t, "convert", WRL_F64((double)NAN), WRL_TRAP_BAD_CONVERSION_TO_INTEGER, TRUNC_F64_S));
    return traps_when_hot(t, "convert_single", WRL_F32(NAN), WRL_TRAP_BAD_CONVERSION_TO_INTEGER, TRUNC_F32_U);
}

static bool hot_calls(wrl_test_t *t)
{
    TRY(traps_when_hot(t, "call", WRL_I32(3), WRL_TRAP_TABLE_OUT_OF_BOUNDS, INDIRECT));
    return traps_when_hot(t, "call", WRL_I32(2), WRL_TRAP_INDIRECT_CALL_TO_NULL, INDIRECT);
}

static bool hot_bad_signature(wrl_test_t *t)
{
    return traps_when_hot(t, "call", WRL_I32(1), WRL_TRAP_BAD_SIGNATURE, INDIRECT);
}

#define MVP NEED_EXECUTION
static const wrl_test_case_t cases[] = {
    {"trap.unreachable", unreachable, {MVP}},
    {"trap.memory_out_of_bounds", memory_out_of_bounds, {MVP}},
    {"trap.table_out_of_bounds", table_out_of_bounds, {MVP}},
    {"trap.indirect_call_to_null", indirect_call_to_null, {MVP}},
    {"trap.bad_signature", bad_signature, {MVP}},
    {"trap.integer_overflow", integer_overflow, {MVP}},
    {"trap.integer_division_by_zero", integer_division_by_zero, {MVP}},
    {"trap.bad_conversion_to_integer", bad_conversion_to_integer, {MVP}},
    {"trap.stack_overflow", stack_overflow, {MVP}},
    {"trap.stack_overflow_with_values", stack_overflow_with_values, {MVP}},
    {"trap.bulk_memory", bulk_memory, {MVP, NEED_BULK_MEMORY}},
    {"trap.bulk_table", bulk_table, {MVP, NEED_BULK_MEMORY}},
    {"trap.table_instructions", table_instructions, {MVP, NEED_REFERENCE_TYPES}},
    {"trap.null_reference", null_reference, {MVP, NEED_FUNCTION_REFERENCES}},
    {"trap.gc_null_reference", gc_null_reference, {MVP, NEED_GC}},
    {"trap.array_out_of_bounds", array_out_of_bounds, {MVP, NEED_GC}},
    {"trap.cast_failure", cast_failure, {MVP, NEED_GC}},
    {"trap.allocation_too_large", allocation_too_large, {MVP, NEED_GC}},
    {"trap.unaligned_atomic", unaligned_atomic, {MVP, NEED_THREADS}},
    {"trap.atomic_wait_non_shared", atomic_wait_non_shared, {MVP, NEED_THREADS}},
    {"trap.atomic_out_of_bounds", atomic_out_of_bounds, {MVP, NEED_THREADS}},
    {"trap.uncaught_exception", uncaught_exception, {MVP, NEED_EXCEPTIONS}},
    {"trap.throw_null", throw_null, {MVP, NEED_EXCEPTIONS}},
    {"trap.data_segment", data_segment, {MVP}},
    {"trap.elem_segment", elem_segment, {MVP}},
    {"trap.memory_of_two_instances", memory_of_two_instances, {MVP, NEED_THREADS}},
    {"trap.memory_of_two_indices", memory_of_two_indices, {MVP, NEED_THREADS, NEED_MULTI_MEMORY}},
    {"trap.store_goes_on", store_goes_on, {MVP}},
    {"trap.code_names", code_names, {NEED_NOTHING}},
    {"trap.backtrace", backtrace, {MVP, NEED_BACKTRACE}},
    {"trap.backtrace_of_host_error", backtrace_of_host_error, {MVP, NEED_BACKTRACE}},
    {"trap.frames_of_another_module", frames_of_another_module, {MVP, NEED_BACKTRACE}},
    {"trap.frames_past_the_end", frames_past_the_end, {MVP}},
    {"trap.names_in_messages", names_in_messages, {MVP}},
    {"trap.hot_overflow", hot_overflow, {MVP}},
    {"trap.hot_bad_conversion", hot_bad_conversion, {MVP}},
    {"trap.hot_calls", hot_calls, {MVP}},
    {"trap.hot_bad_signature", hot_bad_signature, {MVP}},
};
WRL_TEST_GROUP(trap);
