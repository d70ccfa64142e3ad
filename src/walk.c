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
/* Of blocks inside one another: not of the JS API. It bounds what this file takes; compilers nest some hundreds. */
#define MAX_DEPTH 50000
/* Values of the operand stack beyond so many count as if they lay in one place. */
#define MAX_SLOTS 4096

void wrl_walk_refuse(walk_t *w, const char *format, ...)
{
    wrl_text_t text = {0};
    if (w->func == WRL_WALK_STARTUP) {
        wrl_text_add(&text, "module beyond a limit: initial values of its globals, tables and memories have ");
    } else {
        wrl_text_addf(&text, "module beyond a limit: function %lu has ", (unsigned long)w->func - 1);
    }
    va_list arguments;
    va_start(arguments, format);
    wrl_text_addv(&text, format, arguments);
    va_end(arguments);
    wrl_error_t *error = wrl_error_from_text(WRL_ERROR_RESOURCE_LIMIT, &text);
    if (w->error) {
        wrl_error_delete(error);
    } else {
        w->error = error;
    }
}

static void fail_memory(walk_t *w)
{
    if (!w->error) {
        w->error = wrl_error_out_of_memory();
    }
}

/* ---- Types ---- */

/* How many parameters and results a function type has; none if there is no such type. */
wrl_type_record_t wrl_walk_type(const walk_t *w, uint32_t index)
{
    wrl_type_record_t none = {0};
    return index < w->info->type_count ? w->info->types[index] : none;
}

/* ---- The operand stack: how high it is, not what is on it ---- */

static int change_of(const walk_t *w, const wrl_instruction_t *instruction)
{
    unsigned op = instruction->op & 0xff;
    return op < OP_GC || op > OP_ATOMIC ? w->plain[op] : wrl_height_change(instruction);
}

static frame_t *top_of(const walk_t *w)
{
    return &w->frames[w->frame_count - 1];
}

/* In code that cannot be reached there may be less than is popped. */
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

/* What follows cannot be reached. */
static void die(walk_t *w)
{
    w->height = top_of(w)->height;
}

/* ---- Blocks ---- */

static bool make_slots(walk_t *w, size_t count)
{
    if (count > w->slot_count) {
        if (!wrl_grow((void **)&w->slots, &w->slot_capacity, count, sizeof *w->slots)) {
            fail_memory(w);
            return false;
        }
        memset(w->slots + w->slot_count, 0, (count - w->slot_count) * sizeof *w->slots);
        w->slot_count = count;
    }
    return true;
}

/*
 * Enters a place where blocks begin, end or meet, to which so many values are handed over: they lie on the stack from
 * `first` on. All that is below them, or on the stack elsewhere, lives on there.
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

/* How many values the label of a block takes. */
static uint32_t values_of(const frame_t *frame)
{
    return frame->op == OP_LOOP ? frame->params : frame->results;
}

/* The block of a label, or NULL. */
static frame_t *frame_at(const walk_t *w, uint32_t label)
{
    return label < w->frame_count ? &w->frames[w->frame_count - 1 - label] : NULL;
}

/* Hands values over to a label. Between blocks they lie where the block's own values do. */
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
        wrl_skip_valtype(&cursor);
        type.result_count = 1;
    } else {
        type = wrl_walk_type(w, u32(&cursor));
    }
    *after = cursor;
    return type;
}

static bool push_frame(walk_t *w, const frame_t *frame)
{
    if (w->frame_count >= MAX_DEPTH) {
        wrl_walk_refuse(w, "more than %d blocks inside one another", MAX_DEPTH);
        return false;
    }
    if (!wrl_grow((void **)&w->frames, &w->frame_capacity, w->frame_count + 1, sizeof *w->frames)) {
        fail_memory(w);
        return false;
    }
    w->frames[w->frame_count++] = *frame;
    return true;
}

/* The handlers of a block: each hands the values of an exception over to a label. Returns how many there are. */
static uint32_t catches(walk_t *w, cursor_t *cursor)
{
    enum { CATCH_REF = 1 };
    uint32_t count = u32(cursor);
    for (uint32_t i = 0; i < count && !cursor->failed && w->counts.carried <= w->most_carried; i++) {
        if (byte(cursor) <= CATCH_REF) {
            (void)u32(cursor); /* The tag: what it has is what the label takes. */
        }
        uint32_t label = u32(cursor);
        const frame_t *frame = frame_at(w, label);
        uint64_t values = frame ? values_of(frame) : 0;
        w->counts.caught += values * values;
        branch(w, label);
    }
    return count;
}

/* Loops inside one another cost more than those one after the other. */
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
 * From each call in a block a handler can be entered, and each of the locals that are set in the block may have another
 * value there: compilers hand them over from each call to each handler. The more calls share a handler, the dearer is
 * each of these edges.
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

/* Labels that are the same are one branch to compilers, but not to those who validate. */
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
 * Behind each block that sets a local, its value may depend on the way there: compilers hand it over like a value of
 * the block's own. So a block counts each local once that is set in it. All blocks around one that is known to set the
 * local are known as well, and they are those that began before it.
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

void wrl_walk_set_global(walk_t *w, uint32_t index)
{
    use_global(w, index);
    if (index < w->info->items[WRL_EXTERN_GLOBAL].count && w->globals[index].set != w->func) {
        w->globals[index].set = w->func;
        w->counts.globals_set++;
    }
}

/* ---- Calls ---- */

void wrl_walk_detour(walk_t *w, uint32_t count)
{
    w->counts.detours += count;
    w->counts.kept += (uint64_t)count * w->height;
}

/* Counts a call, or what is like one, that hands over so many values. */
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
    enum { SUBTYPE = 3, RETURNING = 4 }; /* A call in the place of a return moves its values to another frame. */
    wrl_type_record_t type = wrl_walk_type(w, type_index);
    uint32_t values = (uint32_t)type.param_count + type.result_count;
    leave(w, returns ? RETURNING * values : values);
    if (callee && type.is_open) {
        wrl_walk_detour(w, SUBTYPE); /* What is called may have a type below it, which is looked for. */
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

/* Operands that become an array are stored one by one. */
static void new_fixed(walk_t *w, uint32_t count)
{
    if (count > MAX_FIXED) {
        wrl_walk_refuse(w, "an array.new_fixed of %lu operands, more than %d", (unsigned long)count, MAX_FIXED);
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
        fields = wrl_walk_type(w, instruction->first).param_count;
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

/* Those that do more than change the height of the stack. Returns whether it was one of them. */
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
        call(w, wrl_module_info_type_index(w->info, WRL_EXTERN_FUNC, first), 0, instruction->op == OP_RETURN_CALL);
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

/* Accesses of memory, divisions, conversions; of what has a prefix all, though not all do. */
static bool may_trap(unsigned op)
{
    return (op >= OP_I32_LOAD && op < OP_MEMORY_SIZE) || (op >= 0x6d && op <= 0x70) || (op >= 0x7f && op <= 0x82) ||
           (op >= OP_I32_TRUNC_F32_S && op <= OP_I64_TRUNC_F64_U) || op == OP_REF_AS_NON_NULL || op >= OP_GC;
}

/* Of globals, tables and memories. */
static bool is_access(unsigned op)
{
    return (op >= OP_GLOBAL_GET && op <= OP_MEMORY_GROW) || op >= OP_BULK;
}

static void step(walk_t *w, const wrl_instruction_t *instruction)
{
    uint32_t detours = wrl_detours_of(instruction);
    w->counts.in_loops += (double)top_of(w)->loops * top_of(w)->loops;
    w->counts.traps += may_trap(instruction->op);
    w->counts.accesses += is_access(instruction->op);
    if (detours) {
        wrl_walk_detour(w, detours);
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
        wrl_walk_set_global(w, instruction->first);
        break;
    case OP_REF_FUNC:
        pass(w, 0); /* The engine is asked for it. */
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

/* Makes records for locals up to a count. */
static bool add_locals(walk_t *w, uint64_t count, bool refs)
{
    if (count > MAX_LOCALS) {
        return true; /* The count is what is refused, once it is known. */
    }
    if (!wrl_grow((void **)&w->locals, &w->local_capacity, count, sizeof *w->locals)) {
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
    bool made = add_locals(w, count, true); /* Parameters: what they are is not looked at. */
    for (uint32_t groups = u32(&w->code); made && groups && !w->code.failed; groups--) {
        count += u32(&w->code);
        unsigned code = w->code.at < w->code.end ? w->code.bytes[w->code.at] : 0;
        wrl_skip_valtype(&w->code);
        made = add_locals(w, count, is_ref(code));
    }
    if (count > UINT32_MAX) {
        w->code.failed = true; /* Malformed, as the engine says. */
    } else if (count > MAX_LOCALS) {
        wrl_walk_refuse(w, "%llu locals, more than %d", (unsigned long long)count, MAX_LOCALS);
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

void wrl_walk_body(walk_t *w, wrl_type_record_t type)
{
    w->local_count = 0;
    begin_locals(w, type.param_count);
    begin_code(w, type.result_count);
    while (w->frame_count && !w->error && w->counts.carried <= w->most_carried) {
        wrl_instruction_t instruction;
        if (!wrl_next_instruction(&w->code, &instruction)) {
            return; /* Left to the engine, which refuses the body, and may compile others before it comes to that. */
        }
        step(w, &instruction);
    }
}

bool wrl_walk_expression(walk_t *w, cursor_t *cursor)
{
    wrl_instruction_t instruction;
    w->local_count = 0;
    begin_code(w, 1);
    while (w->frame_count && !w->error) {
        if (!wrl_next_instruction(cursor, &instruction)) {
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

bool wrl_walk_begin(walk_t *w, const wrl_module_info_t *info)
{
    *w = (walk_t){.info = info, .most_carried = UINT64_MAX};
    for (unsigned op = 0; op < sizeof w->plain / sizeof w->plain[0]; op++) {
        w->plain[op] = op < OP_GC || op > OP_ATOMIC ? wrl_height_change(&(wrl_instruction_t){.op = op}) : 0;
    }
    for (size_t i = 0; i < info->type_count; i++) {
        w->has_open_types |= info->types[i].is_open;
    }
    w->globals = (global_t *)wrl_alloc_array(info->items[WRL_EXTERN_GLOBAL].count, sizeof *w->globals);
    return w->globals != NULL;
}

void wrl_walk_end(walk_t *w)
{
    wrl_free(w->frames);
    wrl_free(w->locals);
    wrl_free(w->slots);
    wrl_free(w->globals);
}
