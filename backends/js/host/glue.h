/* What JS does (glue.c). Handles are numbers that stand for JS objects; 0 is none. */
#ifndef WRL_BACKEND_JS_GLUE_H
#define WRL_BACKEND_JS_GLUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Functions give 0 (or as told) where JS threw an exception, and keep it for wrl_js_error. */

/* Addresses of the program's that JS works with. */
typedef struct js_places {
    uint32_t get_stack;   /* Functions: where the C stack is, */
    uint32_t set_stack;   /* put it there, */
    uint32_t refer;       /* see js_refer in func.c, */
    uint32_t on_throw;    /* see js_on_throw in trap.c, */
    uint32_t on_compiled; /* see js_on_compiled. */
    uint32_t top;         /* Where the top of the stack of slots is to be found. */
    uint32_t text;        /* Room for words, */
    uint32_t text_size;   /* so many bytes, */
    uint32_t frames;      /* and for frames, */
    uint32_t frames_size; /* so many bytes. */
    uint32_t on_pass;     /* See js_on_pass in trap.c. */
    uint32_t pending;     /* Where the pending error is to be found (stack.h). */
    uint32_t move_slots;  /* See js_move_slots in stack.c. */
    uint32_t calls;       /* Where the number of calls under way is to be found (wrl_core_t). */
} js_places_t;

/* What a job of wrl_js_compile_async came to: the handle of a module or that of an exception (module.c). */
void js_on_compiled(void *job, int module, int exception);

enum {
    JS_LACKING = 0,       /* The host lacks something, or the program's table cannot grow. */
    JS_OTHER_COPY = -1,   /* Another copy of this backend is in the place of this one. */
    JS_OTHER_THREAD = -2, /* The backend belongs to another thread; never what js_open gives. */
};
/* 1 more than a js_shield_t, or one of the above. */
int js_open(const js_places_t *places);
/* Whether it was, by the JS of this thread. */
int wrl_js_is_open(void);
int wrl_js_has_shared_memory(void);
/* What kind of exception was last caught; its words go to js_places_t::text, their size to *size. */
int wrl_js_error(uint32_t *size);
enum {
    JS_THREW_OTHER = 0,     /* Something else. */
    JS_THREW_TRAP = 1,      /* WebAssembly.RuntimeError */
    JS_THREW_OVERFLOW = 2,  /* The stack's end. */
    JS_THREW_EXCEPTION = 3, /* WebAssembly.Exception */
    JS_THREW_COMPILE = 4,   /* WebAssembly.CompileError */
    JS_THREW_LINK = 5,      /* WebAssembly.LinkError */
    JS_THREW_RANGE = 6,     /* RangeError: a limit. */
    JS_THREW_MEMORY = 7,    /* The backend itself, as the program's memory is short. */
    JS_THREW_REFUSAL = 8    /* RangeError: the main thread of a page may not wait for something so large. */
};
/* The name and version of the engine; returns the size. */
int wrl_js_version(char *text, int size);
int wrl_js_has_offsets(void);

int wrl_js_validate(const void *bytes, int size);
int wrl_js_compile(const void *bytes, int size);
/* Compiles a copy of the bytes, and calls js_on_compiled later. */
int wrl_js_compile_async(const void *bytes, int size, void *job);
/* Makes an exception with a handle, which it ends, the one that was last caught. */
void wrl_js_thrown(int exception);
void wrl_js_release(int handle);
/* How many objects JS holds: handles, functions in their table, externrefs, places in the program's table that are in
 * use and all of them, externrefs that the core refers to. */
int wrl_js_held(int what);

int wrl_js_entry(int module);
/* Its place in the program's table is free. */
void wrl_js_entry_end(uint32_t entry);
/* Drops an exception that is on its way out of calls. */
void wrl_js_lost(void);
/* The same for an entry of C's. */
int wrl_js_guard(uint32_t entry);
/* A name for a function that is yet to be made, see js_refer. */
int wrl_js_place(const void *store);
/* Gives such a name the only shim of a set. */
void wrl_js_refer(int shims, int func);
/* Shims, of which each knows its js_shim_t at `hosts`. `caller` is what they tell the calling instance by. */
int wrl_js_shims(int module, const void *caller, const void *hosts, int count);
int wrl_js_is_func(int func, int module);
int wrl_js_func_index(int func);

int wrl_js_store_new(void);
void wrl_js_store_delete(const void *store);

/* What stands for the kind of an import that is a shim. */
enum { JS_IMPORT_SHIM = 0 };
/* `names`: wrl_import_name_t; `imports`: two numbers each, kind and number. */
/* `room`: js_module_t::room. */
int wrl_js_instance(const void *store, int module, int shims, const void *names, const void *imports, int count,
                    int room);
int wrl_js_export(const void *store, int instance, const char *name, int size, int is_func);

int wrl_js_global_new(const void *store, int kind, int is_mutable, const void *slot);
int wrl_js_global_adopt(const void *store, int module);
int wrl_js_global_access(int global, int module, void *slot, int set);
void wrl_js_global_get(const void *store, int global, int is_func, void *slot);
int wrl_js_global_set(int global, int is_func, const void *slot);

int wrl_js_memory_new(const void *store, double min, double max, int is_64, int is_shared);
double wrl_js_memory_size(int memory);
double wrl_js_memory_grow(int memory, double delta);
void wrl_js_memory_copy(int memory, double offset, void *buffer, int size, int write);

int wrl_js_table_new(const void *store, int is_func, double min, double max, int is_64, const void *slot);
double wrl_js_table_size(int table);
void wrl_js_table_get(const void *store, int table, double index, int is_64, int is_func, void *slot);
int wrl_js_table_set(int table, double index, int is_64, int is_func, const void *slot);
double wrl_js_table_grow(int table, double delta, int is_64, int is_func, const void *slot);

int wrl_js_externref(const void *store, uint32_t key);
/* See wrl_backend_t. */
void wrl_js_externref_release(const void *store, int externref, int is_foreign);
uint32_t wrl_js_externref_collected(const void *store);

#endif
