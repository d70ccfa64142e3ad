#include "walk.h"

#include "alloc.h"
#include "binary/format.h"
#include "binary/height.h"
#include "detours.h"
#include "error.h"
#include "text.h"

#include <string.h>

/* The limits of the JS API (its section "Implementation-defined Limits"). */
#define MAX_LOCALS 50000
#define MAX_FIXED 10000
/* The limit on nested blocks. It is not a limit of the JS API: it bounds the memory that this file needs. Compilers
 * nest a few hundred blocks. */
#define MAX_DEPTH 50000
/* Values of the operand stack beyond this many count as if they shared one slot. */
#define MAX_SLOTS 4096

void wrl__walk_refuse(walk_t *w, const char *format, ...)
{
    wrl_text_t text = {0};
    if (w->func == WRL_WALK_STARTUP) {
        wrl__text_add(&text, "module limit exceeded: initial values of globals, tables and memories have ");
    } else {
        wrl__text_addf(&text, "module limit exceeded: function %lu has ", (unsigned long)w->func - 1);
    }
    va_list arguments;
    va_start(arguments, format);
    wrl__text_addv(&text, format, arguments);
    va_end(arguments);
    wrl_error_t *error = wrl__error_from_text(WRL_ERROR_RESOURCE_LIMIT, &text);
    if (w->error) {
        wrl_error_delete(error);
    } else {
        w->error = error;
    }
}

static void fail_memory(walk_t *w)
{
    if (!w->error) {
        w->error = wrl__error_out_of_memory();
    }
}

/* ---- Types ---- */

wrl_type_record_t wrl__walk_type(const walk_t *w, uint32_t index)
{
    wrl_type_record_t none = {0};
    return index < w->info->type_count ? w->info->types[index] : none;
}

/* ---- The height of the operand stack ---- */

static int change_of(const walk_t *w, const wrl_instruction_t *instruction)
{
    unsigned op = instruction->op & 0xff;
    return op < OP_GC || op > OP_ATOMIC ? w->plain[op] : wrl__height_change(instruction);
}

static frame_t *top_of(const walk_t *w)
{
    return &w->frames[w->frame_count - 1];
}

/* In unreachable code the stack may hold fewer values than are popped. */
static void pop(walk_t *w, uint32_t count)
{
    uint32_t base = top_of(w)->height;
    w->height = w->height - base > count ? w->height - count : base;
}

static void push(walk_t *w, uint32_t count)
{
    w->height += count;
    w->counts.highest = w->height > w->counts.highest ? w->height : w->counts.highest;
}

/* The code that follows is unreachable. */
static void die(walk_t *w)
{
    w->height = top_of(w)->height;
}

/* ---- Blocks ---- */

static bool make_slots(walk_t *w, size_t count)
{
    if (count > w->slot_count) {
        if (!wrl__grow((void **)&w->slots, &w->slot_capacity, count, sizeof *w->slots)) {
            fail_memory(w);
            return false;
        }
        memset(w->slots + w->slot_count, 0, (count - w->slot_count) * sizeof *w->slots);
        w->slot_count = count;
    }
    return true;
}

/*
 * Counts a place where blocks begin, end or meet, and to which this many values are passed. These values lie on the
 * stack from `first` on. All other values on the stack, those below included, are live there.
 */
static void meet(walk_t *w, uint32_t first, uint32_t values)
{
    w->counts.blocks++;
    w->counts.heights += w->height;
    w->counts.carried += values;
    uint32_t last = first + values < MAX_SLOTS ? first + values : MAX_SLOTS;
    if (values && make_slots(w, last)) {
        for (uint32_t i = first < MAX_SLOTS ? first : MAX_SLOTS - 1; i < last; i++) {
            w->counts.chained += 2 * (uint64_t)w->slots[i]++ + 1;
        }
    }
}

/* Returns how many values the label of a block takes. */
static uint32_t values_of(const frame_t *frame)
{
    return frame->op == OP_LOOP ? frame->params : frame->results;
}

/* Returns the block of a label, or NULL. */
static frame_t *frame_at(const walk_t *w, uint32_t label)
{
    return label < w->frame_count ? &w->frames[w->frame_count - 1 - label] : NULL;
}

/* Passes values to a label. They end up where the block's own values lie. */
static void branch(walk_t *w, uint32_t label)
{
    const frame_t *frame = frame_at(w, label);
    if (frame) {
        meet(w, frame->height, values_of(frame));
    }
}

static wrl_type_record_t block_type(const walk_t *w, const wrl_instruction_t *instruction, cursor_t *after)
{
    cursor_t cursor = {w->code.bytes, instruction->at, w->code.end, false};
    wrl_type_record_t type = {0};
    unsigned code = cursor.at < cursor.end ? cursor.bytes[cursor.at] : BLOCK_EMPTY;
    if (code == BLOCK_EMPTY) {
        cursor.at++;
    } else if (code > BLOCK_EMPTY && code < 0x80) {
        wrl__skip_valtype(&cursor);
        type.result_count = 1;
    } else {
        type = wrl__walk_type(w, u32(&cursor));
    }
    *after = cursor;
    return type;
}

static bool push_frame(walk_t *w, const frame_t *frame)
{
    if (w->frame_count >= MAX_DEPTH) {
        wrl__walk_refuse(w, "more than %d nested blocks", MAX_DEPTH);
        return false;
    }
    if (!wrl__grow((void **)&w->frames, &w->frame_capacity, w->frame_count + 1, sizeof *w->frames)) {
        fail_memory(w);
        return false;
    }
    w->frames[w->frame_count++] = *frame;
    return true;
}

/* Counts the handlers of a block. Each passes the values of an exception to a label. Returns the number of handlers. */
static uint32_t catches(walk_t *w, cursor_t *cursor)
{
    enum { CATCH_REF = 1 };
    uint32_t count = u32(cursor);
    for (uint32_t i = 0; i < count && !cursor->failed && w->counts.carried <= w->most_carried; i++) {
        if (byte(cursor) <= CATCH_REF) {
            (void)u32(cursor); /* The tag: its values are those that the label takes. */
        }
        uint32_t label = u32(cursor);
        const frame_t *frame = frame_at(w, label);
        uint64_t values = frame ? values_of(frame) : 0;
        w->counts.caught += values * values;
        branch(w, label);
    }
    return count;
}

/* Nested loops cost more than consecutive ones. */
static void enter_loop(walk_t *w, frame_t *frame)
{
    frame->loops++;
    if (frame->loops > 1) {
        w->counts.inner_loops++;
        w->counts.loop_depths += frame->loops;
    }
}

static void begin_block(walk_t *w, const wrl_instruction_t *instruction)
{
    cursor_t after;
    wrl_type_record_t type = block_type(w, instruction, &after);
    if (instruction->op == OP_IF) {
        pop(w, 1);
    }
    pop(w, type.param_count);
    frame_t frame = {.serial = ++w->serial,
                     .height = w->height,
                     .params = type.param_count,
                     .results = type.result_count,
                     .op = (uint8_t)instruction->op,
                     .handlers = top_of(w)->handlers,
                     .loops = top_of(w)->loops};
    if (instruction->op == OP_LOOP) {
        enter_loop(w, &frame);
    }
    if (instruction->op == OP_TRY_TABLE) {
        frame.catches = catches(w, &after);
    } else if (instruction->op == OP_TRY) {
        frame.catches = 1;
    }
    frame.handlers += frame.catches;
    w->counts.nested += frame.catches ? frame.handlers : 0;
    if (push_frame(w, &frame)) {
        push(w, type.param_count);
        meet(w, frame.height, type.param_count);
    }
}

static void middle_of_block(walk_t *w)
{
    const frame_t *top = top_of(w);
    w->height = top->height + top->params;
    meet(w, top->height, top->params);
}

/*
 * Each call in a block may enter each of the block's handlers, and each local that is set in the block may have a
 * different value at each call. Compilers therefore pass these locals from each call to each handler. The more calls
 * share a handler, the more each of these edges costs.
 */
static void end_handlers(walk_t *w, const frame_t *block)
{
    double calls = block->calls, pairs = (double)block->catches * block->sets;
    w->counts.shared += (double)block->catches * block->handlers * calls * calls;
    w->counts.entered += pairs * calls;
    w->counts.escapes += pairs * calls * calls;
}

static void end_block(walk_t *w)
{
    frame_t block = w->frames[--w->frame_count];
    w->height = block.height + block.results;
    end_handlers(w, &block);
    if (w->frame_count) {
        top_of(w)->calls += block.calls;
    }
    meet(w, block.height, block.results);
}

/* Compilers merge equal labels into one branch. Validators look at each of them. */
static void list_label(walk_t *w, uint32_t label)
{
    w->counts.listed++;
    frame_t *frame = frame_at(w, label);
    if (!frame) {
        return;
    }
    if (frame->table != w->table) {
        frame->table = w->table;
        branch(w, label);
    }
    w->counts.listed += values_of(frame);
}

static void branch_by_table(walk_t *w, const wrl_instruction_t *instruction)
{
    cursor_t cursor = {w->code.bytes, instruction->at, w->code.end, false};
    w->table++;
    for (uint64_t count = (uint64_t)u32(&cursor) + 1; count && !cursor.failed && w->counts.carried <= w->most_carried;
         count--) {
        list_label(w, u32(&cursor));
    }
}

/* ---- Locals and globals ---- */

static local_t *use_local(walk_t *w, uint32_t index)
{
    if (index >= w->local_count) {
        return NULL;
    }
    local_t *local = &w->locals[index];
    if (local->func != w->func) {
        local->serial = 0;
        local->func = w->func;
        w->counts.locals++;
        w->counts.refs += local->is_ref;
    }
    return local;
}

/*
 * After a block that sets a local, the value of the local may depend on the path taken. Compilers pass it on like a
 * value of the block's own, so a block counts each local that is set in it once. If a block is known to set the local,
 * so are all blocks around it. These are the open blocks that began before it.
 */
static void set_local(walk_t *w, uint32_t index)
{
    local_t *local = use_local(w, index);
    if (!local) {
        return;
    }
    for (size_t i = w->frame_count; i > 1 && w->frames[i - 1].serial > local->serial; i--) {
        w->counts.merged += 2 * (uint64_t)w->frames[i - 1].sets++ + 1;
        w->counts.carried++;
    }
    local->serial = top_of(w)->serial;
}

static void use_global(walk_t *w, uint32_t index)
{
    if (index < w->info->items[WRL_EXTERN_GLOBAL].count && w->globals[index].used != w->func) {
        w->globals[index].used = w->func;
        w->counts.globals++;
    }
}

void wrl__walk_set_global(walk_t *w, uint32_t index)
{
    use_global(w, index);
    if (index < w->info->items[WRL_EXTERN_GLOBAL].count && w->globals[index].set != w->func) {
        w->globals[index].set = w->func;
        w->counts.globals_set++;
    }
}

/* ---- Calls ---- */

void wrl__walk_detour(walk_t *w, uint32_t count)
{
    w->counts.detours += count;
    w->counts.kept += (uint64_t)count * w->height;
}

/* Counts a call, or an instruction like a call, that passes this many values. */
static void pass(walk_t *w, uint32_t values)
{
    enum { REGISTERS = 8 };
    w->counts.calls++;
    w->counts.kept += w->height;
    w->counts.passed += values > REGISTERS ? values - REGISTERS : 0;
}

/* Counts a call that may end in a handler. */
static void leave(walk_t *w, uint32_t values)
{
    pass(w, values);
    w->counts.handlers += top_of(w)->handlers;
    top_of(w)->calls++;
}

static void call(walk_t *w, uint32_t type_index, uint32_t callee, bool returns)
{
    enum { SUBTYPE = 3, RETURNING = 4 }; /* A tail call moves its values to another frame. */
    wrl_type_record_t type = wrl__walk_type(w, type_index);
    uint32_t values = (uint32_t)type.param_count + type.result_count;
    leave(w, returns ? RETURNING * values : values);
    if (callee && type.is_open) {
        wrl__walk_detour(w, SUBTYPE); /* The callee may be of a subtype, which compiled code checks. */
    }
    pop(w, (uint32_t)type.param_count + callee);
    if (returns) {
        die(w);
    } else {
        push(w, type.result_count);
    }
}

static void throw_exception(walk_t *w)
{
    leave(w, 0);
    die(w);
}

/* ---- Instructions ---- */

/* The operands of an array are stored one by one. */
static void new_fixed(walk_t *w, uint32_t count)
{
    if (count > MAX_FIXED) {
        wrl__walk_refuse(w, "an array.new_fixed of %lu operands, more than %d", (unsigned long)count, MAX_FIXED);
    }
    w->counts.elements += count;
    pop(w, count);
}

static void collected(walk_t *w, const wrl_instruction_t *instruction)
{
    uint32_t fields;
    switch (instruction->code) {
    case GC_STRUCT_NEW:
    case GC_STRUCT_NEW_DEFAULT:
        fields = wrl__walk_type(w, instruction->first).param_count;
        pass(w, fields);
        pop(w, instruction->code == GC_STRUCT_NEW ? fields : 0);
        break;
    case GC_ARRAY_NEW_FIXED:
        new_fixed(w, instruction->second);
        break;
    case GC_BR_ON_CAST:
    case GC_BR_ON_CAST_FAIL:
        branch(w, instruction->first);
        break;
    default:
        break;
    }
}

/* Handles instructions that do more than change the height of the stack. Returns whether this was one of them. */
static bool step_special(walk_t *w, const wrl_instruction_t *instruction)
{
    uint32_t first = instruction->first;
    switch (instruction->op) {
    case OP_BLOCK:
    case OP_LOOP:
    case OP_IF:
    case OP_TRY:
    case OP_TRY_TABLE:
        begin_block(w, instruction);
        return true;
    case OP_ELSE:
    case OP_CATCH:
    case OP_CATCH_ALL:
        middle_of_block(w);
        return true;
    case OP_END:
    case OP_DELEGATE:
        end_block(w);
        return true;
    case OP_BR_TABLE:
        pop(w, 1);
        branch_by_table(w, instruction);
        die(w);
        return true;
    case OP_BR:
        branch(w, first);
        die(w);
        return true;
    case OP_UNREACHABLE:
        die(w);
        return true;
    case OP_RETURN:
        branch(w, (uint32_t)w->frame_count - 1);
        die(w);
        return true;
    case OP_THROW:
    case OP_RETHROW:
    case OP_THROW_REF:
        throw_exception(w);
        return true;
    case OP_CALL:
    case OP_RETURN_CALL:
        call(w, wrl__module_info_type_index(w->info, WRL_EXTERN_FUNC, first), 0, instruction->op == OP_RETURN_CALL);
        return true;
    case OP_CALL_INDIRECT:
    case OP_RETURN_CALL_INDIRECT:
        call(w, first, 1, instruction->op == OP_RETURN_CALL_INDIRECT);
        return true;
    case OP_CALL_REF:
    case OP_RETURN_CALL_REF:
        call(w, first, 1, instruction->op == OP_RETURN_CALL_REF);
        return true;
    default:
        return false;
    }
}

/* Memory accesses, divisions, conversions. All instructions with a prefix are included, though not all of them may
 * trap. */
static bool may_trap(unsigned op)
{
    return (op >= OP_I32_LOAD && op < OP_MEMORY_SIZE) || (op >= 0x6d && op <= 0x70) || (op >= 0x7f && op <= 0x82) ||
           (op >= OP_I32_TRUNC_F32_S && op <= OP_I64_TRUNC_F64_U) || op == OP_REF_AS_NON_NULL || op >= OP_GC;
}

/* Accesses to globals, tables and memories. */
static bool is_access(unsigned op)
{
    return (op >= OP_GLOBAL_GET && op <= OP_MEMORY_GROW) || op >= OP_BULK;
}

static void step(walk_t *w, const wrl_instruction_t *instruction)
{
    uint32_t detours = wrl__detours_of(instruction);
    w->counts.in_loops += (double)top_of(w)->loops * top_of(w)->loops;
    w->counts.traps += may_trap(instruction->op);
    w->counts.accesses += is_access(instruction->op);
    if (detours) {
        wrl__walk_detour(w, detours);
    }
    if (step_special(w, instruction)) {
        return;
    }
    switch (instruction->op) {
    case OP_LOCAL_GET:
        (void)use_local(w, instruction->first);
        break;
    case OP_LOCAL_SET:
    case OP_LOCAL_TEE:
        set_local(w, instruction->first);
        break;
    case OP_GLOBAL_GET:
        use_global(w, instruction->first);
        break;
    case OP_GLOBAL_SET:
        wrl__walk_set_global(w, instruction->first);
        break;
    case OP_REF_FUNC:
        pass(w, 0); /* Compiled code asks the engine for the reference. */
        break;
    case OP_BR_IF:
    case OP_BR_ON_NULL:
    case OP_BR_ON_NON_NULL:
        branch(w, instruction->first);
        break;
    case OP_GC:
        collected(w, instruction);
        break;
    default:
        break;
    }
    int change = change_of(w, instruction);
    if (change < 0) {
        pop(w, (uint32_t)-change);
    } else {
        push(w, (uint32_t)change);
    }
}

/* ---- Functions ---- */

static bool is_ref(unsigned code)
{
    return code < CODE_V128 && code != CODE_FUNCREF;
}

/* Makes records for locals, up to `count` in all. Returns false if memory runs out. */
static bool add_locals(walk_t *w, uint64_t count, bool refs)
{
    if (count > MAX_LOCALS) {
        return true; /* The caller refuses the count once it is complete. */
    }
    if (!wrl__grow((void **)&w->locals, &w->local_capacity, count, sizeof *w->locals)) {
        fail_memory(w);
        return false;
    }
    for (; w->local_count < count; w->local_count++) {
        w->locals[w->local_count] = (local_t){.is_ref = refs};
    }
    return true;
}

static void begin_locals(walk_t *w, uint32_t param_count)
{
    uint64_t count = param_count;
    bool made = add_locals(w, count, true); /* The types of parameters are not looked at. */
    for (uint32_t groups = u32(&w->code); made && groups && !w->code.failed; groups--) {
        count += u32(&w->code);
        unsigned code = w->code.at < w->code.end ? w->code.bytes[w->code.at] : 0;
        wrl__skip_valtype(&w->code);
        made = add_locals(w, count, is_ref(code));
    }
    if (count > UINT32_MAX) {
        w->code.failed = true; /* Malformed, which the engine reports. */
    } else if (count > MAX_LOCALS) {
        wrl__walk_refuse(w, "%llu locals, more than %d", (unsigned long long)count, MAX_LOCALS);
    }
}

static void begin_code(walk_t *w, uint16_t results)
{
    w->frame_count = 0;
    w->height = 0;
    w->slot_count = 0;
    frame_t whole = {.serial = ++w->serial, .results = results, .op = OP_BLOCK};
    (void)push_frame(w, &whole);
}

void wrl__walk_body(walk_t *w, wrl_type_record_t type)
{
    w->local_count = 0;
    begin_locals(w, type.param_count);
    begin_code(w, type.result_count);
    while (w->frame_count && !w->error && w->counts.carried <= w->most_carried) {
        wrl_instruction_t instruction;
        if (!wrl__next_instruction(&w->code, &instruction)) {
            return; /* Left to the engine, which rejects the body, and may compile others before that. */
        }
        step(w, &instruction);
    }
}

bool wrl__walk_expression(walk_t *w, cursor_t *cursor)
{
    wrl_instruction_t instruction;
    w->local_count = 0;
    begin_code(w, 1);
    while (w->frame_count && !w->error) {
        if (!wrl__next_instruction(cursor, &instruction)) {
            return false;
        }
        if (instruction.op == OP_END) {
            return true;
        }
        w->code = *cursor;
        step(w, &instruction);
    }
    return false;
}

/* ---- The walk itself ---- */

bool wrl__walk_begin(walk_t *w, const wrl_module_info_t *info)
{
    *w = (walk_t){.info = info, .most_carried = UINT64_MAX};
    for (unsigned op = 0; op < sizeof w->plain / sizeof w->plain[0]; op++) {
        w->plain[op] = op < OP_GC || op > OP_ATOMIC ? wrl__height_change(&(wrl_instruction_t){.op = op}) : 0;
    }
    for (size_t i = 0; i < info->type_count; i++) {
        w->has_open_types |= info->types[i].is_open;
    }
    w->globals = (global_t *)wrl__alloc_array(info->items[WRL_EXTERN_GLOBAL].count, sizeof *w->globals);
    return w->globals != NULL;
}

void wrl__walk_end(walk_t *w)
{
    wrl__free(w->frames);
    wrl__free(w->locals);
    wrl__free(w->slots);
    wrl__free(w->globals);
}
