/*
 * A walk over the instructions of functions, and over constant expressions, that counts what compilers take much time
 * or memory for. Code is counted as it comes; whether it is valid is not looked at, and what an index tells that points
 * nowhere is nothing.
 */
#ifndef WRL_SRC_WALK_H
#define WRL_SRC_WALK_H

#include "binary/cursor.h"
#include "binary/module_info.h"

/* walk_t::func for what is compiled to be run when a module is instantiated. */
#define WRL_WALK_STARTUP UINT32_MAX

/* A block that is open. */
typedef struct frame {
    uint32_t serial; /* Blocks are numbered as they begin. */
    uint32_t height; /* Of the operand stack below it. */
    uint16_t params;
    uint16_t results;
    uint8_t op;
    uint32_t handlers; /* How many there are around it, and its own. */
    uint32_t catches;  /* Its own. */
    uint32_t loops;    /* Loops around it, and itself if it is one. */
    uint32_t table;    /* The last table of branches that it is a label of. */
    uint32_t calls;    /* In it, and */
    uint32_t sets;     /* how many different locals are set in it. */
} frame_t;

typedef struct local {
    uint32_t serial; /* Of the innermost block that is known to set it, see set_local(). */
    uint32_t func;   /* The function that last used it, plus one. */
    bool is_ref;     /* Not a number, and not a plain funcref. */
} local_t;

typedef struct global {
    uint32_t used; /* The function that last used it, plus one, */
    uint32_t set;  /* and that which last set it. */
} global_t;

/* What is counted in a function. */
typedef struct counts {
    uint64_t blocks;      /* Places where blocks begin, end or meet. */
    uint64_t heights;     /* The sum of the heights of the operand stack there. */
    uint64_t carried;     /* Values handed over there: those of blocks' types, and locals that are set in a block. */
    uint64_t locals;      /* Different locals that are used, */
    uint64_t refs;        /* and those of them that hold references. */
    uint64_t merged;      /* The sum of the squares of frame_t::sets. */
    uint64_t chained;     /* The sum of the squares of how often a place of the operand stack is handed over. */
    uint64_t calls;       /* Calls, */
    uint64_t passed;      /* values handed to and fro that find no register, */
    uint64_t kept;        /* and the sum of the heights of the operand stack at calls. */
    uint64_t handlers;    /* Handlers in scope, for each call, */
    uint64_t nested;      /* and for each block of handlers. */
    uint64_t caught;      /* The sum of the squares of how many values a handler gets. */
    double shared;        /* For each handler the square of the calls in its scope, times the handlers there. */
    double entered;       /* Locals set in a block of handlers, for each handler and each call in it, */
    double escapes;       /* and for each handler and the square of the calls in it. */
    uint64_t detours;     /* Branches and calls that instructions become, */
    uint64_t elements;    /* and those of them for operands of array.new_fixed. */
    uint64_t globals;     /* Different globals that are used, */
    uint64_t globals_set; /* and those that are set. */
    uint64_t traps;       /* Instructions that may trap. */
    uint64_t accesses;    /* Instructions that access globals, tables and memories. */
    uint64_t highest;     /* How high the operand stack gets. */
    uint64_t inner_loops; /* Loops in loops, */
    double loop_depths;   /* the sum of how many loops each of them is in, */
    double in_loops;      /* and for each instruction the square of how many it is in. */
    uint64_t listed;      /* Labels of tables of branches, and values that each of them hands over. */
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
    global_t *globals;
    uint32_t table;  /* Of branches: how many there were. */
    uint32_t serial; /* Of the block that began last. */
    uint32_t func;   /* The function at hand, plus one. */
    uint32_t height; /* Of the operand stack. */
    counts_t counts;
    uint64_t most_carried; /* A walk over a function ends there: it is beyond the limits in any case. */
    bool has_open_types;   /* Types that may have subtypes. */
    wrl_error_t *error;
    int plain[256]; /* By how much instructions of one byte change the height of the stack. */
} walk_t;

/* False if there is no memory. */
bool wrl_walk_begin(walk_t *w, const wrl_module_info_t *info);
void wrl_walk_end(walk_t *w);

/* How many parameters and results a type has. */
wrl_type_record_t wrl_walk_type(const walk_t *w, uint32_t index);

/* Goes over w->code, the body of the function w->func - 1, and counts. A body that is broken is left where it is. */
void wrl_walk_body(walk_t *w, wrl_type_record_t type);

/* Goes over a constant expression, and adds to what was counted. False if it is broken. */
bool wrl_walk_expression(walk_t *w, cursor_t *cursor);

/* Counts detours of instructions that are not in the code itself, and globals that are set. */
void wrl_walk_detour(walk_t *w, uint32_t count);
void wrl_walk_set_global(walk_t *w, uint32_t index);

/* A module is beyond a limit: an error that tells of the function at hand, unless there is one already. */
void wrl_walk_refuse(walk_t *w, const char *format, ...) WRL_PRINTF(2, 3);

#endif
