#include "alloc_sites.h"

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <set>

#ifdef __GLIBC__

#include <dlfcn.h>
#include <execinfo.h>

namespace {

/* How many frames above the hook the allocating call may be. */
const int DEPTH = 8;

/* At exit, writes the addresses as file and offset. */
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
                /* The call precedes its return address. */
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
