/* Functions by id, which is their place in JS's function table (func.c). */
#ifndef WRL_BACKEND_JS_FUNC_H
#define WRL_BACKEND_JS_FUNC_H

#include "backend.h"

/* Returns the host function with that identity, or NULL for a guest function. */
wrl_host_func_t *wrl__jsb_host_of(wrl_backend_ref_t func);
/* Makes the JS function of a host function. Until then, the host function only has an id. Returns 0 if memory runs out.
 */
int wrl__jsb_refer(uint32_t id);
/* Forgets the host functions of a store that is being deleted. */
void wrl__jsb_forget_hosts(js_store_t *store);

#endif
