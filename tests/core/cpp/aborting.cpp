/* Compiled without exceptions, unlike the rest of the program. */
#include "aborting.h"

#include <wrl.hpp>

static_assert(!WRL_CPP_EXCEPTIONS, "this file must be compiled without exceptions");

bool aborting_fails_cleanly(wrl_engine_t *engine)
{
    wrl::Result<wrl::Module> module = wrl::Module::make(wrl::Engine::retain(engine), std::string_view("no module"));
    return !module && module.error().kind() == WRL_ERROR_MALFORMED;
}

void aborting_value(wrl_engine_t *engine)
{
    wrl::Module::make(wrl::Engine::retain(engine), std::string_view("no module")).value();
}
