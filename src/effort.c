#include "effort.h"

#include "alloc.h"
#include "binary/cursor.h"
#include "binary/format.h"
#include "binary/instruction.h"
#include "error.h"
#include "text.h"
#include "wrl/engine.h"

#include <string.h>

/* The limits of the JS API (its section "Implementation-defined Limits"). */
#define MAX_BODY_SIZE 7654321
#define MAX_LOCALS 50000
#define MAX_FIXED 10000
/* Of blocks inside one another: not of the JS API. It bounds what this file takes; compilers nest some hundreds. */
#define MAX_DEPTH 50000

/* A block that is open. */
typedef struct frame {
    uint32_t serial; /* Blocks are numbered as they begin. */
    uint32_t height; /* Of the operand stack below it. */
    uint16_t params;
    uint16_t results;
    uint8_t op;
    uint32_t handlers; /* How many there are around it, and its own. */
    uint32_t sets;     /* How many different locals are set in it. */
} frame_t;

typedef struct local {
    uint32_t serial; /* Of the innermost block that is known to set it, see set_local(). */
    uint32_t func;   /* The function that last used it, plus one. */
} local_t;

/* Values of the operand stack beyond so many count as if they lay in one place. */
#define MAX_SLOTS 4096

/* What is counted in a function. */
typedef struct counts {
    uint64_t blocks;   /* Places where blocks begin, end or meet. */
    uint64_t heights;  /* The sum of the heights of the operand stack there. */
    uint64_t carried;  /* Values handed over there: those of blocks' types, and locals that are set in a block. */
    uint64_t locals;   /* Different locals that are used. */
    uint64_t merged;   /* The sum of the squares of frame_t::sets. */
    uint64_t chained;  /* The sum of the squares of how often a place of the operand stack is handed over. */
    uint64_t calls;    /* Calls, */
    uint64_t indirect; /* those that look up what they call, */
    uint64_t passed;   /* and values handed to and fro that find no register. */
    uint64_t handlers; /* Handlers in scope, for each call, */
    uint64_t nested;   /* and for each block of handlers. */
    uint64_t objects;  /* Structs and arrays that are made. */
    uint64_t globals;  /* Different globals. */
} counts_t;

typedef struct walk {
    const wrl_module_info_t *info;
    cursor_t code; /* The body at hand. */
    frame_t *frames;
    size_t frame_count;
    size_t frame_capacity;
    local_t *locals;
    size_t local_capacity;
    uint32_t local_count;
    uint32_t *slots; /* For each place of the operand stack, how often a value in it was handed over. */
    size_t slot_capacity;
    size_t slot_count;
    uint32_t *global_funcs; /* For each global, the function that last used it, plus one. */
    uint32_t serial;        /* Of the block that began last. */
    uint32_t func;          /* The function at hand, plus one. */
    uint32_t height;        /* Of the operand stack. */
    counts_t counts;
    uint64_t most_carried; /* More than that in one function is beyond the limits in any case. */
    wrl_error_t *error;
    int8_t plain[256]; /* By how much instructions of one byte change the height of the stack. */
} walk_t;

static void refuse(walk_t *w, const char *format, ...) WRL_PRINTF(2, 3);

static void refuse(walk_t *w, const char *format, ...)
{
    wrl_text_t text = {0};
    wrl_text_addf(&text, "module beyond a limit: function %lu has ", (unsigned long)w->func - 1);
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
static wrl_type_record_t type_at(const walk_t *w, uint32_t index)
{
    wrl_type_record_t none = {0};
    return index < w->info->type_count ? w->info->types[index] : none;
}

/* The type index of a function or tag, or one that is not there. */
static uint32_t type_of(const walk_t *w, wrl_externkind_t kind, uint32_t index)
{
    const wrl_items_t *items = &w->info->items[kind];
    if (index >= items->count) {
        return UINT32_MAX;
    }
    return index < items->import_count ? w->info->imports[items->imports[index]].type
                                       : items->types[index - items->import_count];
}

/* ---- The operand stack: how high it is, not what is on it ---- */

/* By how much instructions change it, up to and with a code. */
typedef struct change {
    uint16_t last;
    int8_t by;
} change_t;

static const change_t plain_changes[] = {
    {0x0c, 0}, {0x0e, -1}, {0x19, 0},  {0x1a, -1}, {0x1c, -2}, {0x1f, 0},  {0x20, 1},  {0x21, -1},
    {0x22, 0}, {0x23, 1},  {0x24, -1}, {0x25, 0},  {0x26, -2}, {0x35, 0},  {0x3e, -2}, {0x3f, 1},
    {0x40, 0}, {0x44, 1},  {0x45, 0},  {0x4f, -1}, {0x50, 0},  {0x66, -1}, {0x69, 0},  {0x78, -1},
    {0x7b, 0}, {0x8a, -1}, {0x91, 0},  {0x98, -1}, {0x9f, 0},  {0xa6, -1}, {0xcf, 0},  {0xd0, 1},
    {0xd1, 0}, {0xd2, 1},  {0xd3, -1}, {0xd5, 0},  {0xd6, -1}, {0xff, 0},
};

static const change_t collected_changes[] = {
    {0, 1},   {1, 1},   {4, 0},  {5, -2},  {6, -1},  {7, 0},   {8, 1},          {10, -1},
    {13, -1}, {14, -3}, {15, 0}, {16, -4}, {17, -5}, {19, -4}, {UINT16_MAX, 0},
};

static const change_t bulk_changes[] = {
    {7, 0},   {8, -3}, {9, 0},   {12, -3}, {13, 0},  {14, -3},
    {15, -1}, {16, 1}, {17, -3}, {18, 0},  {20, -2}, {UINT16_MAX, 0},
};

static const change_t vector_changes[] = {
    {10, 0},   {11, -2},  {12, 1},   {14, -1},  {22, 0},   {23, -1},  {25, 0},   {26, -1},  {27, 0},
    {28, -1},  {29, 0},   {30, -1},  {31, 0},   {32, -1},  {33, 0},   {34, -1},  {76, -1},  {77, 0},
    {81, -1},  {82, -2},  {83, 0},   {87, -1},  {91, -2},  {100, 0},  {102, -1}, {106, 0},  {115, -1},
    {117, 0},  {121, -1}, {122, 0},  {123, -1}, {129, 0},  {130, -1}, {132, 0},  {134, -1}, {138, 0},
    {147, -1}, {148, 0},  {159, -1}, {170, 0},  {191, -1}, {202, 0},  {223, -1}, {227, 0},  {235, -1},
    {239, 0},  {247, -1}, {255, 0},  {256, -1}, {260, 0},  {268, -2}, {274, -1}, {275, -2}, {UINT16_MAX, 0},
};

static const change_t atomic_changes[] = {
    {0, -1}, {2, -2}, {0x16, 0}, {0x1d, -2}, {0x47, -1}, {0x4e, -2}, {UINT16_MAX, 0},
};

static int find_change(const change_t *changes, uint32_t code)
{
    while (code > changes->last && changes->last < UINT16_MAX) {
        changes++;
    }
    return changes->by;
}

static int change_of(const walk_t *w, const wrl_instruction_t *instruction)
{
    switch (instruction->op) {
    case OP_GC:
        return find_change(collected_changes, instruction->code);
    case OP_BULK:
        return find_change(bulk_changes, instruction->code);
    case OP_SIMD:
        return find_change(vector_changes, instruction->code);
    case OP_ATOMIC:
        return find_change(atomic_changes, instruction->code);
    default:
        return w->plain[instruction->op & 0xff];
    }
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

/* Enters a place where blocks begin, end or meet, to which so many values are handed over from the top of the stack. */
static void meet(walk_t *w, uint32_t values)
{
    w->counts.blocks++;
    w->counts.heights += w->height;
    w->counts.carried += values;
    uint32_t first = w->height > values ? w->height - values : 0;
    uint32_t last = w->height < MAX_SLOTS ? w->height : MAX_SLOTS;
    if (values && make_slots(w, last)) {
        for (uint32_t i = first < MAX_SLOTS ? first : MAX_SLOTS - 1; i < last; i++) {
            w->counts.chained += 2 * (uint64_t)w->slots[i]++ + 1;
        }
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
        skip_valtype(&cursor);
        type.result_count = 1;
    } else {
        type = type_at(w, u32(&cursor));
    }
    *after = cursor;
    return type;
}

static bool push_frame(walk_t *w, const frame_t *frame)
{
    if (w->frame_count >= MAX_DEPTH) {
        refuse(w, "more than %d blocks inside one another", MAX_DEPTH);
        return false;
    }
    if (!wrl_grow((void **)&w->frames, &w->frame_capacity, w->frame_count + 1, sizeof *w->frames)) {
        fail_memory(w);
        return false;
    }
    w->frames[w->frame_count++] = *frame;
    return true;
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
                     .handlers = w->frame_count ? top_of(w)->handlers : 0};
    if (instruction->op == OP_TRY_TABLE) {
        frame.handlers += u32(&after);
        w->counts.nested += frame.handlers;
    } else if (instruction->op == OP_TRY) {
        w->counts.nested += ++frame.handlers;
    }
    if (push_frame(w, &frame)) {
        push(w, type.param_count);
        meet(w, type.param_count);
    }
}

static void middle_of_block(walk_t *w)
{
    const frame_t *top = top_of(w);
    w->height = top->height + top->params;
    meet(w, top->params);
}

static void end_block(walk_t *w)
{
    frame_t top = w->frames[--w->frame_count];
    w->height = top.height + top.results;
    meet(w, top.results);
}

static void branch(walk_t *w, uint32_t label)
{
    if (label < w->frame_count) {
        const frame_t *frame = &w->frames[w->frame_count - 1 - label];
        meet(w, frame->op == OP_LOOP ? frame->params : frame->results);
    }
}

static void branch_by_table(walk_t *w, const wrl_instruction_t *instruction)
{
    cursor_t cursor = {w->code.bytes, instruction->at, w->code.end, false};
    uint32_t last = UINT32_MAX;
    for (uint64_t count = (uint64_t)u32(&cursor) + 1; count && !cursor.failed; count--) {
        uint32_t label = u32(&cursor);
        if (label != last) { /* Those that are the same are one branch to compilers. */
            branch(w, label);
        }
        last = label;
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
        *local = (local_t){.func = w->func};
        w->counts.locals++;
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
    if (index < w->info->items[WRL_EXTERN_GLOBAL].count && w->global_funcs[index] != w->func) {
        w->global_funcs[index] = w->func;
        w->counts.globals++;
    }
}

/* ---- Calls ---- */

/* Counts a call that hands over so many values. Calls in the place of a return move their values to another frame. */
static void pass(walk_t *w, uint32_t values, bool returns)
{
    enum { REGISTERS = 8, RETURNING = 4 };
    uint64_t beyond = values > REGISTERS ? values - REGISTERS : 0;
    w->counts.calls++;
    w->counts.passed += returns ? RETURNING * beyond : beyond;
}

static void call(walk_t *w, uint32_t type_index, bool is_indirect, bool returns)
{
    wrl_type_record_t type = type_at(w, type_index);
    pass(w, (uint32_t)type.param_count + type.result_count, returns);
    w->counts.indirect += is_indirect;
    w->counts.handlers += top_of(w)->handlers;
    pop(w, (uint32_t)type.param_count + is_indirect);
    if (returns) {
        die(w);
    } else {
        push(w, type.result_count);
    }
}

static void throw_tag(walk_t *w)
{
    w->counts.handlers += top_of(w)->handlers;
    w->counts.calls++;
    w->counts.indirect++;
    die(w);
}

/* ---- Instructions ---- */

static void collected(walk_t *w, const wrl_instruction_t *instruction)
{
    enum { STRUCT_NEW = 0, STRUCT_NEW_DEFAULT = 1, ARRAY_NEW = 6, ARRAY_NEW_FIXED = 8, ARRAY_NEW_ELEM = 10 };
    w->counts.objects += instruction->code <= STRUCT_NEW_DEFAULT ||
                         (instruction->code >= ARRAY_NEW && instruction->code <= ARRAY_NEW_ELEM);
    if (instruction->code <= STRUCT_NEW_DEFAULT) {
        uint32_t fields = type_at(w, instruction->first).param_count;
        pass(w, fields, false);
        pop(w, instruction->code == STRUCT_NEW ? fields : 0);
    } else if (instruction->code == ARRAY_NEW_FIXED) {
        if (instruction->second > MAX_FIXED) {
            refuse(w, "an array.new_fixed of %lu operands, more than %d", (unsigned long)instruction->second,
                   MAX_FIXED);
        }
        pass(w, instruction->second, false);
        pop(w, instruction->second);
    } else {
        pass(w, 0, false);
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
        throw_tag(w);
        return true;
    case OP_CALL:
    case OP_RETURN_CALL:
        call(w, type_of(w, WRL_EXTERN_FUNC, first), false, instruction->op == OP_RETURN_CALL);
        return true;
    case OP_CALL_INDIRECT:
    case OP_RETURN_CALL_INDIRECT:
        call(w, first, true, instruction->op == OP_RETURN_CALL_INDIRECT);
        return true;
    case OP_CALL_REF:
    case OP_RETURN_CALL_REF:
        call(w, first, true, instruction->op == OP_RETURN_CALL_REF);
        return true;
    default:
        return false;
    }
}

static void step(walk_t *w, const wrl_instruction_t *instruction)
{
    enum { BR_ON_NULL = 0xd5, BR_ON_NON_NULL = 0xd6 };
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
    case OP_GLOBAL_SET:
        use_global(w, instruction->first);
        break;
    case OP_BR_IF:
    case BR_ON_NULL:
    case BR_ON_NON_NULL:
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

/* Reads how many locals there are, and makes records for them. */
static void begin_locals(walk_t *w, uint32_t param_count)
{
    uint64_t count = param_count;
    for (uint32_t groups = u32(&w->code); groups && !w->code.failed; groups--) {
        count += u32(&w->code);
        skip_valtype(&w->code);
    }
    if (count > UINT32_MAX) {
        w->code.failed = true; /* Malformed, as the engine says. */
        return;
    }
    if (count > MAX_LOCALS) {
        refuse(w, "%llu locals, more than %d", (unsigned long long)count, MAX_LOCALS);
        return;
    }
    if (!wrl_grow((void **)&w->locals, &w->local_capacity, count, sizeof *w->locals)) {
        fail_memory(w);
        return;
    }
    w->local_count = (uint32_t)count;
}

static void walk_body(walk_t *w, wrl_type_record_t type)
{
    w->frame_count = 0;
    w->height = 0;
    w->slot_count = 0;
    w->local_count = 0;
    begin_locals(w, type.param_count);
    frame_t whole = {.serial = ++w->serial, .results = type.result_count, .op = OP_BLOCK};
    (void)push_frame(w, &whole);
    while (w->frame_count && !w->error && w->counts.carried <= w->most_carried) {
        wrl_instruction_t instruction;
        if (!wrl_next_instruction(&w->code, &instruction)) {
            return; /* Left to the engine, which refuses the body, and may compile others before it comes to that. */
        }
        step(w, &instruction);
    }
}

/* ---- The estimate ---- */

/* What a count costs: nanoseconds, and bytes. */
typedef struct weight {
    double work;
    double memory;
} weight_t;

/* Measured with wasmtime 48, each with code that has much of it and little else; rounded up. tests/worst_case looks
 * whether they suffice. */
static const weight_t per_func = {80000, 6000}, per_local = {120, 130}, per_value = {300, 100}, per_byte = {1500, 300},
                      per_live = {400, 40}, per_carried = {3000, 800}, per_merged = {15, 0}, per_chained = {45, 15},
                      per_call = {6000, 1500}, per_indirect = {110000, 16000}, per_passed = {10000, 1000},
                      per_handler = {4000, 800}, per_handlers_squared = {0.1, 0}, per_excess_squared = {2, 0},
                      per_nested = {30, 14}, per_object = {50000, 22000}, per_objects_squared = {60, 0},
                      per_globals_squared = {40, 0};

static void add(wrl_effort_t *effort, weight_t weight, double count)
{
    effort->work += weight.work * count / 1000;
    effort->memory += weight.memory * count;
}

static void add_func(const walk_t *w, wrl_type_record_t type, size_t size, wrl_effort_t *effort)
{
    const counts_t *c = &w->counts;
    double handlers = (double)c->handlers, globals = (double)c->globals, objects = (double)c->objects;
    /* Pairs of a call and a handler in its scope: real code of a megabyte has a million, and takes a minute. Made-up
     * code takes longer, but has more of them than bytes. */
    double excess = handlers > (double)size ? handlers - (double)size : 0;
    add(effort, per_func, 1);
    add(effort, per_local, w->local_count);
    add(effort, per_value, type.param_count + type.result_count);
    add(effort, per_byte, (double)size);
    add(effort, per_live, (double)c->heights + (double)c->blocks * (double)c->locals);
    add(effort, per_carried, (double)c->carried);
    add(effort, per_merged, (double)c->merged);
    add(effort, per_chained, (double)c->chained);
    add(effort, per_call, (double)c->calls);
    add(effort, per_indirect, (double)c->indirect);
    add(effort, per_passed, (double)c->passed);
    add(effort, per_object, objects);
    add(effort, per_objects_squared, objects * objects);
    add(effort, per_handler, handlers);
    add(effort, per_nested, (double)c->nested);
    add(effort, per_handlers_squared, handlers * handlers);
    add(effort, per_excess_squared, excess * excess);
    add(effort, per_globals_squared, globals * globals);
}

static void check_limit(walk_t *w, double estimate, double limit, const char *what, const char *unit,
                        const char *option)
{
    if (estimate > limit) {
        refuse(w,
               "%s: at least an estimated %.0f %s with the functions before it; %s and the size of what is compiled "
               "allow %.0f",
               what, estimate, unit, option, limit);
    }
}

static void check_func(walk_t *w, const wrl_effort_t *limits, const wrl_effort_t *effort)
{
    check_limit(w, effort->work, limits->work, "too much to compile", "steps", "max_compile_work");
    check_limit(w, effort->memory, limits->memory, "too many values at once to compile", "bytes", "max_compile_memory");
}

static void walk_code(walk_t *w, cursor_t code, const wrl_effort_t *limits, wrl_effort_t *effort)
{
    w->func = (uint32_t)w->info->items[WRL_EXTERN_FUNC].import_count;
    for (uint32_t count = u32(&code); count && !w->error; count--) {
        w->func++;
        uint32_t size = u32(&code);
        size_t start = code.at;
        skip(&code, size);
        if (code.failed) {
            return;
        }
        if (size > MAX_BODY_SIZE) {
            refuse(w, "%lu bytes, more than %d", (unsigned long)size, MAX_BODY_SIZE);
            return;
        }
        w->code = (cursor_t){code.bytes, start, code.at, false};
        w->counts = (counts_t){0};
        wrl_type_record_t type = type_at(w, type_of(w, WRL_EXTERN_FUNC, w->func - 1));
        walk_body(w, type);
        add_func(w, type, size, effort);
        check_func(w, limits, effort);
    }
}

static void free_walk(walk_t *w)
{
    wrl_free(w->frames);
    wrl_free(w->locals);
    wrl_free(w->slots);
    wrl_free(w->global_funcs);
}

/* Whether a compiler works on a section, so that its bytes let one expect that it takes longer. Nobody looks at custom
 * sections, and data are copied when an instance is made: either may be as large as it likes. */
static bool is_compiled(const wrl_section_record_t *section)
{
    return section->name_size == WRL_NOT_CUSTOM && section->name != SECTION_DATA;
}

static size_t compiled_size(const wrl_module_info_t *info)
{
    size_t size = 0;
    for (size_t i = 0; i < info->section_count; i++) {
        size += is_compiled(&info->sections[i]) ? info->sections[i].size : 0;
    }
    return size;
}

wrl_error_t *wrl_effort_check(const wrl_module_info_t *info, const uint8_t *bytes, const wrl_effort_limits_t *limits,
                              wrl_effort_t *effort)
{
    /* All of which is exact enough: the numbers are estimates. */
    const double size = (double)compiled_size(info);
    const wrl_effort_t most = {(double)limits->work + size * WRL_COMPILE_WORK_PER_BYTE,
                               (double)limits->memory + size * WRL_COMPILE_MEMORY_PER_BYTE};
    walk_t w = {.info = info};
    w.most_carried = most.work < 1e12 ? (uint64_t)most.work : UINT64_MAX;
    for (unsigned op = 0; op < 256; op++) {
        w.plain[op] = (int8_t)find_change(plain_changes, op);
    }
    w.global_funcs = (uint32_t *)wrl_alloc_array(info->items[WRL_EXTERN_GLOBAL].count, sizeof *w.global_funcs);
    if (!w.global_funcs) {
        return wrl_error_out_of_memory();
    }
    for (size_t i = 0; i < info->section_count; i++) {
        const wrl_section_record_t *section = &info->sections[i];
        if (section->name_size == WRL_NOT_CUSTOM && section->name == SECTION_CODE) {
            cursor_t code = {bytes, section->offset, (size_t)section->offset + section->size, false};
            walk_code(&w, code, &most, effort);
        }
    }
    free_walk(&w);
    return w.error;
}
