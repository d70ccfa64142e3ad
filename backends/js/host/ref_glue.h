/* The JS side of GC references (ref_glue.c). */
#ifndef WRL_BACKEND_JS_REF_GLUE_H
#define WRL_BACKEND_JS_REF_GLUE_H

#include <stdint.h>

/* Modules that JS needs (ref.c), and addresses. */
typedef struct js_ref_places {
    const uint8_t *heaps; /* Determines the heap type of a reference. */
    uint32_t heaps_size;
    const uint8_t *boxes; /* Puts exceptions into structs, and takes them out. */
    uint32_t boxes_size;
    uint32_t refuse; /* The function for CONVERT_REFUSE. */
} js_ref_places_t;

/* Prepares GC references, and returns whether the engine has GC. Requires wrl__jsb_open. Further calls only return the
 * result. */
int wrl__jsb_ref_open(const js_ref_places_t *places);

/* Private data: 0 for null, negative for exceptions. */
enum { JS_REF_EXCEPTION = INT32_MIN };

/* `kind` is a wrl_valkind_t. `index` is the index of a table element, or negative for a global. Functions that can fail
 * return 0, and keep the exception for wrl__js_error. wrl__js_ref_grow returns the previous size plus 1. */
int wrl__js_ref_get(const void *store, int item, double index, int is_64, int kind, void *slot);
int wrl__js_ref_set(const void *store, int item, double index, int is_64, int kind, const void *slot);
double wrl__js_ref_grow(const void *store, int table, double delta, int is_64, int kind, const void *slot);
/* Makes a global or table: instantiates a module that imports the initial value and exports the global or table. */
int wrl__js_ref_new(const void *store, int module, int kind, const void *slot);
/* Calls an accessor of a global or table with an index. Returns the result plus 1; 0 if the accessor threw an
 * exception; or -1 if there are no accessors yet and `module`, which contains them, is 0. */
double wrl__js_ref_access(const void *store, int item, int module, const char *name, double index, int is_64,
                          void *slot);
/* Whether the function with that id exists or could be made (wrl__jsb_refer). */
int wrl__js_ref_func(int func);
int wrl__js_ref_heap(const void *store, int word);
void wrl__js_ref_release(const void *store, int word);

#endif
