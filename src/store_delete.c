/* Apart from store.c, since this file depends on calls.c, which depends on store.c. */
#include "turn.h"

void wrl_store_delete(wrl_store_t *store)
{
    if (!store) {
        return;
    }
#if WRL_FRAMES_VANISH
    wrl__calls_forget(WRL_CALLS_HERE());
#endif
    wrl__store_end(store);
}
