#include "alloc_sites.h"

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <set>

#ifdef __GLIBC__

#include <dlfcn.h>
#include <execinfo.h>

namespace {

/* How far up from the hook the call may be that asked for memory. */
const int DEPTH = 8;

/* Writes the addresses at the end, each as file and offset. */
class Sites {
  public:
    ~Sites()
    {
        if (!file) {
            return;
        }
        std::ofstream out(file, std::ios::app);
        for (void *address : addresses) {
            Dl_info info;
            if (dladdr(address, &info) && info.dli_fname) {
                /* The call lies before the place that it returns to. */
                out << info.dli_fname << " 0x" << std::hex
                    << reinterpret_cast<uintptr_t>(address) - reinterpret_cast<uintptr_t>(info.dli_fbase) - 1 << "\n";
            }
        }
    }
    const char *const file = std::getenv("WRL_ALLOC_SITES");
    std::set<void *> addresses;
};

} // namespace

void alloc_site_failed()
{
    static Sites sites;
    if (sites.file) {
        void *stack[DEPTH];
        sites.addresses.insert(stack, stack + backtrace(stack, DEPTH));
    }
}

#else

void alloc_site_failed()
{
}

#endif
