/*
 * A walk over the instructions of functions and constant expressions. It counts what costs compilers much time or
 * memory. The code is not validated. An index out of range counts as nothing.
 */
#ifndef WRL_SRC_WALK_H
#define WRL_SRC_WALK_H

#include "binary/cursor.h"
#include "binary/module_info.h"

/* walk_t::func for code that runs when a module is instantiated. */
#define WRL_WALK_STARTUP UINT32_MAX

/* An open block. */
typedef struct frame {
    uint32_t serial; /* Blocks are numbered as they begin. */
    uint32_t height; /* Of the operand stack below the block. */
    uint16_t params;
    uint16_t results;
    uint8_t op;
    uint32_t handlers; /* The number of handlers around the block, its own included. */
    uint32_t catches;  /* The number of its own handlers. */
    uint32_t loops;    /* The number of loops around the block, itself included. */
    uint32_t table;    /* The last br_table that has the block among its labels. */
    uint32_t calls;    /* The number of calls in the block. */
    uint32_t sets;     /* The number of different locals that are set in the block. */
} frame_t;

typedef struct local {
    uint32_t serial; /* Of the innermost block that is known to set the local, see set_local(). */
    uint32_t func;   /* The function that last used it, plus one. */
    bool is_ref;     /* It is a reference other than a plain funcref. */
} local_t;

typedef struct global {
    uint32_t used; /* The function that last used it, plus one. */
    uint32_t set;  /* The function that last set it, plus one. */
} global_t;

/* What is counted in a function. */
typedef struct counts {
    uint64_t blocks;   /* Places where blocks begin, end or meet. */
    uint64_t heights;  /* The sum of the operand stack's heights at these places. */
    uint64_t carried;  /* Values passed at these places: those of block types, and locals that are set in a block. */
    uint64_t locals;   /* Different locals that are used. */
    uint64_t refs;     /* Those of them that hold references. */
    uint64_t merged;   /* The sum of the squares of frame_t::sets. */
    uint64_t chained;  /* Summed over all slots of the operand stack: the square of how many times each is passed on. */
    uint64_t calls;    /* Calls. */
    uint64_t passed;   /* Arguments and results that do not fit in registers. */
    uint64_t kept;     /* The sum of the operand stack's heights at calls and detours. */
    uint64_t handlers; /* The handlers in scope, summed over all calls. */
    uint64_t nested;   /* The handlers in scope, summed over all blocks with handlers. */
    uint64_t caught;   /* The sum of the squares of the numbers of values that handlers receive. */
    double shared;     /* Summed over all handlers: the square of the calls in scope, times the handlers in scope. */
    double entered;    /* Summed over all handlers: the locals set in the block, times the calls in it. */
    double escapes;    /* Summed over all handlers: the locals set in the block, times the square of the calls in it. */
    uint64_t detours;  /* Detours of instructions, see detours.h. */
    uint64_t elements; /* Operands of array.new_fixed, which are not among the detours. */
    uint64_t globals;  /* Different globals that are used. */
    uint64_t globals_set; /* Different globals that are set. */
    uint64_t traps;       /* Instructions that may trap. */
    uint64_t accesses;    /* Instructions that access globals, tables and memories. */
    uint64_t highest;     /* The greatest height of the operand stack. */
    uint64_t inner_loops; /* Loops inside other loops. */
    double loop_depths;   /* The sum of the nesting depths of these loops. */
    double in_loops;      /* The sum, over all instructions, of the square of the number of loops around each. */
    uint64_t listed;      /* Labels of br_table, and the values that each of them passes. */
} counts_t;

typedef struct walk {
    const wrl_module_info_t *info;
    cursor_t code; /* The current body. */
    frame_t *frames;
    size_t frame_count;
    size_t frame_capacity;
    local_t *locals;
    size_t local_capacity;
    uint32_t local_count;
    uint32_t *slots; /* For each slot of the operand stack, how many times a value in it was passed on. */
    size_t slot_capacity;
    size_t slot_count;
    global_t *globals;
    uint32_t table;  /* The number of br_table instructions so far. */
    uint32_t serial; /* Of the block that began last. */
    uint32_t func;   /* The current function, plus one. */
    uint32_t height; /* Of the operand stack. */
    counts_t counts;
    uint64_t most_carried; /* The walk over a function ends when counts.carried exceeds this: the module is beyond the
                              limits in any case. */
    bool has_open_types;   /* There are types that may have subtypes. */
    wrl_error_t *error;
    int plain[256]; /* How much each one-byte instruction changes the height of the stack. */
} walk_t;

/* Begins a walk. Returns false if memory runs out. */
bool wrl__walk_begin(walk_t *w, const wrl_module_info_t *info);
void wrl__walk_end(walk_t *w);

/* Returns the record of a type, or zeros if there is no such type. */
wrl_type_record_t wrl__walk_type(const walk_t *w, uint32_t index);

/* Walks over w->code, the body of the function w->func - 1, and counts. Stops at malformed code. */
void wrl__walk_body(walk_t *w, wrl_type_record_t type);

/* Walks over a constant expression, and adds to the counts. Returns false if it is malformed. */
bool wrl__walk_expression(walk_t *w, cursor_t *cursor);

/* Counts detours of instructions that are not in the code itself, and globals that are set. */
void wrl__walk_detour(walk_t *w, uint32_t count);
void wrl__walk_set_global(walk_t *w, uint32_t index);

/* Reports that the module is beyond a limit: sets w->error, with a message that names the current function, unless
 * there is an error already. */
void wrl__walk_refuse(walk_t *w, const char *format, ...) WRL_PRINTF(2, 3);

#endif
