/* Makes errors for exceptions that JS threw. The JS API has no trap codes. The messages of V8, SpiderMonkey and
 * JavaScriptCore differ, and these engines report the location of a trap only as text, in the stack trace. */
#include "trap.h"

#include "binary/format.h"
#include "glue.h"
#include "stack.h"

#include <string.h>

char wrl__jsb_text[JS_TEXT_SIZE];
uint32_t wrl__jsb_frames[1024];

wrl_error_t *wrl__jsb_out_of_memory(const wrl_core_t *core)
{
    return core->error(WRL_ERROR_OUT_OF_MEMORY, WRL_TRAP_NONE, NULL, 0);
}

wrl_error_t *wrl__jsb_error_of_text(const wrl_core_t *core, wrl_error_kind_t kind, uint32_t size)
{
    return core->error(kind, WRL_TRAP_NONE, wrl__jsb_text, size);
}

wrl_error_t *wrl__jsb_last_error(const wrl_core_t *core, wrl_error_kind_t kind)
{
    uint32_t size;
    return wrl__js_error(&size) == JS_THREW_MEMORY ? wrl__jsb_out_of_memory(core)
                                                   : wrl__jsb_error_of_text(core, kind, size);
}

wrl_error_t *wrl__jsb_adapter_error(const wrl_core_t *core)
{
    uint32_t size;
    switch (wrl__js_error(&size)) {
    case JS_THREW_OVERFLOW:
        return core->error(WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW, NULL, 0);
    case JS_THREW_COMPILE:
    case JS_THREW_RANGE:
    case JS_THREW_REFUSAL:
        return wrl__jsb_error_of_text(core, WRL_ERROR_RESOURCE_LIMIT, size);
    default:
        return wrl__jsb_out_of_memory(core);
    }
}

/* ---- Messages ---- */

typedef struct words {
    const char *part; /* A part of the message. */
    wrl_trap_code_t code;
} words_t;

/* The first match counts. If an engine has one message for two traps, the table has the likelier one; code_of() then
 * examines the instruction that trapped, if the engine reports its offset. */
static const words_t known_words[] = {
    {"nreachable", WRL_TRAP_UNREACHABLE},
    {"by zero", WRL_TRAP_INTEGER_DIVISION_BY_ZERO},
    {"invalid conversion to integer", WRL_TRAP_BAD_CONVERSION_TO_INTEGER},
    {"divide result unrepresentable", WRL_TRAP_INTEGER_OVERFLOW},
    {"nteger overflow", WRL_TRAP_INTEGER_OVERFLOW},
    {"float unrepresentable", WRL_TRAP_INTEGER_OVERFLOW},
    {"Out of bounds Trunc", WRL_TRAP_INTEGER_OVERFLOW},
    {"null function", WRL_TRAP_INDIRECT_CALL_TO_NULL},
    {"signature", WRL_TRAP_BAD_SIGNATURE},
    {"indirect call to null", WRL_TRAP_INDIRECT_CALL_TO_NULL},
    {"null table entry", WRL_TRAP_INDIRECT_CALL_TO_NULL},
    {"call_indirect", WRL_TRAP_TABLE_OUT_OF_BOUNDS},
    {"array is too large", WRL_TRAP_ALLOCATION_TOO_LARGE},
    {"too many array elements", WRL_TRAP_ALLOCATION_TOO_LARGE},
    {"Failed to allocate new array", WRL_TRAP_ALLOCATION_TOO_LARGE},
    {"array.new_data", WRL_TRAP_MEMORY_OUT_OF_BOUNDS},
    {"array.new_elem", WRL_TRAP_TABLE_OUT_OF_BOUNDS},
    {"array element access", WRL_TRAP_ARRAY_OUT_OF_BOUNDS},
    {"bounds array", WRL_TRAP_ARRAY_OUT_OF_BOUNDS},
    {"bounds table", WRL_TRAP_TABLE_OUT_OF_BOUNDS},
    {"table", WRL_TRAP_TABLE_OUT_OF_BOUNDS},
    {"element segment", WRL_TRAP_TABLE_OUT_OF_BOUNDS},
    {"data segment", WRL_TRAP_MEMORY_OUT_OF_BOUNDS},
    {"memory access out of bounds", WRL_TRAP_MEMORY_OUT_OF_BOUNDS},
    {"bounds memory", WRL_TRAP_MEMORY_OUT_OF_BOUNDS},
    {"index out of bounds", WRL_TRAP_MEMORY_OUT_OF_BOUNDS},
    {"naligned", WRL_TRAP_UNALIGNED_ATOMIC},
    {"Atomics.wait", WRL_TRAP_ATOMIC_WAIT_NON_SHARED},
    {"illegal cast", WRL_TRAP_CAST_FAILURE},
    {"bad cast", WRL_TRAP_CAST_FAILURE},
    {"failed to cast", WRL_TRAP_CAST_FAILURE},
    {"non-shared memory", WRL_TRAP_ATOMIC_WAIT_NON_SHARED},
    {"rethrowing null", WRL_TRAP_NULL_REFERENCE},
    {"null pointer", WRL_TRAP_NULL_REFERENCE},
    {"null reference", WRL_TRAP_NULL_REFERENCE},
};

static bool contains(const char *text, size_t size, const char *part)
{
    size_t part_size = strlen(part);
    for (size_t i = 0; i + part_size <= size; i++) {
        if (memcmp(text + i, part, part_size) == 0) {
            return true;
        }
    }
    return false;
}

static wrl_trap_code_t code_of_words(const char *text, size_t size)
{
    for (size_t i = 0; i < sizeof known_words / sizeof known_words[0]; i++) {
        if (contains(text, size, known_words[i].part)) {
            return known_words[i].code;
        }
    }
    return WRL_TRAP_OTHER;
}

/* ---- Frames ---- */

typedef struct place {
    js_module_t *module; /* NULL if the module is unknown. */
    uint32_t index;
    uint32_t offset;   /* In the engine's module; UINT32_MAX if unknown. */
    bool is_ambiguous; /* Several modules fit. */
} place_t;

/* Returns the offset in the module before it was rewritten. */
static uint32_t original_offset(const js_module_t *module, uint32_t offset)
{
    if (!module->run_count || offset == UINT32_MAX) {
        return offset;
    }
    uint32_t low = 0, high = module->run_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        *(module->runs[middle].at <= offset ? &low : &high) = middle;
    }
    const wrl_run_t *run = &module->runs[low];
    uint32_t original = run->from + (offset - run->at);
    /* Code that was inserted before an instruction counts as that instruction. */
    return high < module->run_count && original > run[1].from ? run[1].from : original;
}

/* Whether a frame may belong to the module: JS does not report the module of a frame. */
static bool fits(const js_module_t *module, place_t *place)
{
    if (place->index < module->func_import_count || place->index >= module->func_count) {
        return false;
    }
    const js_range_t *body = &module->bodies[place->index - module->func_import_count];
    uint32_t offset = original_offset(module, place->offset);
    if (offset != UINT32_MAX && (offset < body->start || offset >= body->end)) {
        return false;
    }
    place->offset = offset;
    return true;
}

/* Sets place->module to the newest module of the store that fits, and is_ambiguous if other modules fit as well. */
static void find_module(const js_store_t *store, place_t *place)
{
    const place_t given = *place;
    for (const js_instance_t *instance = store->instances; instance; instance = instance->next) {
        place_t found = given;
        if (instance->module == place->module || !fits(instance->module, &found)) {
            continue;
        }
        if (place->module) {
            place->is_ambiguous = true;
            return;
        }
        found.module = instance->module;
        *place = found;
    }
}

static void add_frame(const js_store_t *store, wrl_error_t *error, const place_t *place)
{
    js_module_t *module = place->module;
    wrl_frame_t frame = {place->index, WRL_FRAME_UNKNOWN, WRL_FRAME_UNKNOWN, NULL, 0, NULL, 0};
    if (place->offset != UINT32_MAX) {
        frame.func_offset = place->offset - module->bodies[place->index - module->func_import_count].start;
        frame.module_offset = (uint64_t)((int64_t)place->offset + module->shift);
    }
    if (!module || !wrl__jsb_name_of(module, place->index, &frame.func_name, &frame.func_name_size)) {
        frame.func_name = NULL;
        frame.func_name_size = 0;
    }
    if (!module || !wrl__jsb_name_of(module, -1, &frame.module_name, &frame.module_name_size)) {
        frame.module_name = NULL;
        frame.module_name_size = 0;
    }
    store->core->error_add_frame(error, &frame);
}

/* Reads a frame that JS wrote. */
static void read_frame(const js_store_t *store, const uint32_t *numbers, place_t *place)
{
    *place = (place_t){NULL, numbers[0], numbers[1], false};
    find_module(store, place);
}

static void add_frames(const js_store_t *store, wrl_error_t *error, size_t size)
{
    for (size_t at = 0; at < size / sizeof(uint32_t); at += JS_FRAME_NUMBERS) {
        place_t place;
        read_frame(store, wrl__jsb_frames + at, &place);
        if (place.is_ambiguous) {
            /* The frame must not blame another guest. */
            place.module = NULL;
            place.offset = UINT32_MAX;
        }
        if (place.module || place.is_ambiguous) {
            add_frame(store, error, &place);
        }
    }
}

/* ---- The instruction that trapped, for SpiderMonkey ---- */

static wrl_trap_code_t code_of_access(const uint8_t *at, size_t size)
{
    unsigned second = size > 1 ? at[1] : 0;
    switch (size ? at[0] : 0) {
    case OP_CALL_INDIRECT:
    case OP_RETURN_CALL_INDIRECT:
    case OP_TABLE_GET:
    case OP_TABLE_SET:
        return WRL_TRAP_TABLE_OUT_OF_BOUNDS;
    case OP_GC: /* array.new_data and array.new_elem make the array, so they can only read past the end of a segment. */
        return second == GC_ARRAY_NEW_DATA   ? WRL_TRAP_MEMORY_OUT_OF_BOUNDS
               : second == GC_ARRAY_NEW_ELEM ? WRL_TRAP_TABLE_OUT_OF_BOUNDS
                                             : WRL_TRAP_ARRAY_OUT_OF_BOUNDS;
    case OP_BULK:
        return second >= BULK_TABLE_INIT ? WRL_TRAP_TABLE_OUT_OF_BOUNDS : WRL_TRAP_MEMORY_OUT_OF_BOUNDS;
    default:
        return WRL_TRAP_MEMORY_OUT_OF_BOUNDS;
    }
}

static wrl_trap_code_t code_of_place(const place_t *place, wrl_trap_code_t code)
{
    const js_module_t *module = place->module;
    if (!module || !module->code || place->offset == UINT32_MAX) {
        return code;
    }
    uint32_t at = place->offset - module->code_start;
    return at < module->code_size ? code_of_access(module->code + at, module->code_size - at) : code;
}

/* ---- Exceptions ---- */

static wrl_trap_code_t code_of(const js_store_t *store, int kind, size_t text_size, size_t frames_size)
{
    if (kind == JS_THREW_OVERFLOW) {
        return WRL_TRAP_STACK_OVERFLOW;
    }
    if (kind == JS_THREW_EXCEPTION) {
        return WRL_TRAP_UNCAUGHT_EXCEPTION;
    }
    wrl_trap_code_t code = code_of_words(wrl__jsb_text, text_size);
    place_t place = {0};
    if (frames_size) {
        read_frame(store, wrl__jsb_frames, &place);
    }
    if (code == WRL_TRAP_MEMORY_OUT_OF_BOUNDS) {
        return code_of_place(&place, code);
    }
    /* With JS_CHECK_CALLS, the guest tests for null before the call, and a null traps with another message. So a
     * message about the signature means a wrong signature. */
    if (code == WRL_TRAP_INDIRECT_CALL_TO_NULL && (store->checks & JS_CHECK_CALLS) &&
        contains(wrl__jsb_text, text_size, "signature")) {
        return WRL_TRAP_BAD_SIGNATURE;
    }
    /* V8 has the same message for a thread that may not wait. */
    if (code == WRL_TRAP_ATOMIC_WAIT_NON_SHARED && (!place.module || place.module->has_shared_memory)) {
        return WRL_TRAP_OTHER;
    }
    return code;
}

static wrl_error_t *error_of(const js_store_t *store, int kind, uint32_t text_size, uint32_t frames_size)
{
    uint32_t pending = wrl__jsb_pending();
    if (pending > JS_PENDING_EXCEPTION) {
        return (wrl_error_t *)(uintptr_t)pending;
    }
    return kind == JS_THREW_MEMORY ? wrl__jsb_out_of_memory(store->core)
                                   : store->core->error(WRL_ERROR_TRAP, code_of(store, kind, text_size, frames_size),
                                                        wrl__jsb_text, text_size);
}

/* The error stays pending as long as a stack overflow in the engine could unwind this function before it returns. */
wrl_error_t *wrl__jsb_on_throw(void *store, int kind, uint32_t text_size, uint32_t frames_size)
{
    const js_store_t *owner = (const js_store_t *)store;
    const wrl_core_t *core = owner->core;
    wrl_error_t *error = error_of(owner, kind, text_size, frames_size);
    wrl__jsb_set_pending((uint32_t)(uintptr_t)error);
    wrl__jsb_trim_slots();
    if (core->error_frame_count(error) == 0) {
        add_frames(owner, error, frames_size);
    }
    wrl__jsb_set_pending(JS_PENDING_NONE);
    return error;
}

void wrl__jsb_on_pass(void *store, uint32_t calls)
{
    wrl__jsb_trim_slots();
    ((js_store_t *)store)->core->calls_vanished(calls);
}

/* Returns the code for a segment that was out of bounds of its memory or table. SpiderMonkey does not report which of
 * the two, so the module's contents decide. Tables are initialized before memories. */
static wrl_trap_code_t code_of_segment(const js_module_t *module, size_t text_size)
{
    wrl_trap_code_t code = code_of_words(wrl__jsb_text, text_size);
    bool is_table = module->element_reach == WRL_REACH_BEYOND ||
                    (module->element_reach == WRL_REACH_UNKNOWN && module->has_elements && !module->has_data);
    return is_table && code == WRL_TRAP_MEMORY_OUT_OF_BOUNDS ? WRL_TRAP_TABLE_OUT_OF_BOUNDS : code;
}

wrl_error_t *wrl__jsb_instance_error(const js_module_t *module)
{
    const wrl_core_t *core = module->core;
    uint32_t size;
    switch (wrl__js_error(&size)) {
    case JS_THREW_MEMORY:
        return wrl__jsb_out_of_memory(core);
    case JS_THREW_LINK:
        return wrl__jsb_error_of_text(core, WRL_ERROR_LINK, size);
    case JS_THREW_TRAP:
        if (contains(wrl__jsb_text, size, "too many table elements") ||
            contains(wrl__jsb_text, size, "too many memory pages")) {
            return wrl__jsb_error_of_text(core, WRL_ERROR_RESOURCE_LIMIT, size);
        }
        return core->error(WRL_ERROR_TRAP, code_of_segment(module, size), wrl__jsb_text, size);
    case JS_THREW_OVERFLOW:
        return core->error(WRL_ERROR_TRAP, WRL_TRAP_STACK_OVERFLOW, wrl__jsb_text, size);
    case JS_THREW_RANGE:
        return wrl__jsb_error_of_text(core, WRL_ERROR_RESOURCE_LIMIT, size);
    default:
        return wrl__jsb_error_of_text(core, WRL_ERROR_LINK, size);
    }
}
