/* The JS side of the backend (glue.c). Handles are numbers that stand for JS objects; 0 is none. */
#ifndef WRL_BACKEND_JS_GLUE_H
#define WRL_BACKEND_JS_GLUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Unless stated otherwise, functions return 0 if JS threw an exception, and keep the exception for wrl__js_error. */

/* Addresses of functions, variables and buffers of the program, for JS. */
typedef struct js_places {
    uint32_t get_stack;   /* Function: returns the C stack pointer. */
    uint32_t set_stack;   /* Function: sets it. */
    uint32_t refer;       /* Function: wrl__jsb_refer in func.c. */
    uint32_t on_throw;    /* Function: wrl__jsb_on_throw in trap.c. */
    uint32_t on_compiled; /* Function: wrl__jsb_on_compiled. */
    uint32_t top;         /* The top of the slot stack. */
    uint32_t text;        /* A buffer for messages, */
    uint32_t text_size;   /* and its size in bytes. */
    uint32_t frames;      /* A buffer for frames, */
    uint32_t frames_size; /* and its size in bytes. */
    uint32_t on_pass;     /* Function: wrl__jsb_on_pass in trap.c. */
    uint32_t pending;     /* The pending error (stack.h). */
    uint32_t move_slots;  /* Function: wrl__jsb_move_slots in stack.c. */
    uint32_t calls;       /* The number of calls in progress (wrl_core_t). */
} js_places_t;

/* Receives the result of wrl__js_compile_async for a job: the handle of a module or of an exception (module.c). */
void wrl__jsb_on_compiled(void *job, int module, int exception);

enum {
    JS_LACKING = 0,       /* The host does not support something, or the program's table cannot grow. */
    JS_OTHER_COPY = -1,   /* Another copy of this backend is in use in place of this one. */
    JS_OTHER_THREAD = -2, /* The backend belongs to another thread. wrl__jsb_open never returns this. */
};
/* Opens the backend. Returns 1 more than a js_shield_t, or one of the above. */
int wrl__jsb_open(const js_places_t *places);
/* Whether the JS of this thread has opened the backend. */
int wrl__js_is_open(void);
int wrl__js_has_shared_memory(void);
/* Returns the kind of the exception that was caught last. Writes the message to js_places_t::text, and its size to
 * *size. */
int wrl__js_error(uint32_t *size);
enum {
    JS_THREW_OTHER = 0,     /* Anything else. */
    JS_THREW_TRAP = 1,      /* WebAssembly.RuntimeError */
    JS_THREW_OVERFLOW = 2,  /* Stack overflow. */
    JS_THREW_EXCEPTION = 3, /* WebAssembly.Exception */
    JS_THREW_COMPILE = 4,   /* WebAssembly.CompileError */
    JS_THREW_LINK = 5,      /* WebAssembly.LinkError */
    JS_THREW_RANGE = 6,     /* RangeError: a limit was exceeded. */
    JS_THREW_MEMORY = 7,    /* Thrown by the backend itself: the program's memory ran out. */
    JS_THREW_REFUSAL = 8    /* RangeError: a page's main thread may not wait for so large a module. */
};
/* Writes the name and version of the engine. Returns the size. */
int wrl__js_version(char *text, int size);
int wrl__js_has_offsets(void);

/* Records the exception with this handle as the one that was caught last, and releases the handle. */
void wrl__js_thrown(int exception);
void wrl__js_release(int handle);
/* Returns how many objects JS holds. `what` is 0 for handles, 1 for functions in their table, 2 for externrefs, 3 for
 * places in the program's table that are in use, 4 for all of its places, 5 for externrefs that the core refers to. */
int wrl__js_held(int what);

#endif
