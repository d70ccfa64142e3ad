/* What JS does for references of all types (ref_glue.c). */
#ifndef WRL_BACKEND_JS_REF_GLUE_H
#define WRL_BACKEND_JS_REF_GLUE_H

#include <stdint.h>

/* Modules that JS needs (ref.c), and addresses. */
typedef struct js_ref_places {
    const uint8_t *heaps; /* Tells what a reference is. */
    uint32_t heaps_size;
    const uint8_t *boxes; /* Puts exceptions into structs, and takes them out. */
    uint32_t boxes_size;
    uint32_t refuse; /* A function: see CONVERT_REFUSE. */
} js_ref_places_t;

/* Whether the engine has GC. Once JS is open; again, it does nothing. */
int js_ref_open(const js_ref_places_t *places);

/* Words: 0 for null, and negative ones for exceptions. */
enum { JS_REF_EXCEPTION = INT32_MIN };

/* `kind` is a wrl_valkind_t. `index` is that of an element, or negative for a global. Those that can fail give 0, and
 * keep the exception for wrl_js_error; wrl_js_ref_grow gives one more than the size before. */
int wrl_js_ref_get(const void *store, int item, double index, int is_64, int kind, void *slot);
int wrl_js_ref_set(const void *store, int item, double index, int is_64, int kind, const void *slot);
double wrl_js_ref_grow(const void *store, int table, double delta, int is_64, int kind, const void *slot);
/* An item that the module exports, which imports its first value. */
int wrl_js_ref_new(const void *store, int module, int kind, const void *slot);
/* Calls a function of the accessors of an item, with its index: 1 more than the result, 0 if it threw an exception, -1
 * if there are none yet and no module to make them of. */
double wrl_js_ref_access(const void *store, int item, int module, const char *name, double index, int is_64,
                         void *slot);
/* Whether a function of that name is there, or could be made (js_refer). */
int wrl_js_ref_func(int func);
int wrl_js_ref_heap(const void *store, int word);
void wrl_js_ref_release(const void *store, int word);

#endif
