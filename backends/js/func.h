/* Functions by their names towards the core, which are their places in JS's table of functions (func.c). */
#ifndef WRL_BACKEND_JS_FUNC_H
#define WRL_BACKEND_JS_FUNC_H

#include "backend.h"

/* The host function of that name, or NULL for a guest's. */
wrl_host_func_t *js_host_of(wrl_backend_ref_t func);
/* Sees to it that JS has a function for a host function, which until then is a name alone: 0 if memory is short. */
int js_refer(uint32_t id);
/* Forgets the host functions of a store that ends. */
void js_forget_hosts(js_store_t *store);

#endif
