/* Parts with and without exceptions in one program. */
#include "aborting.h"
#include "world.h"

namespace {

TEST(ModesDeathTest, LiveInOneProgram)
{
    wrl::Engine engine = wrl::Engine::make(backends_built[0]).value();
    EXPECT_TRUE(aborting_fails_cleanly(engine.get()));
    EXPECT_DEATH(aborting_value(engine.get()), "wrl: ");
#if WRL_CPP_EXCEPTIONS
    EXPECT_THROW(wrl::Module::make(engine, std::string_view("no module")).value(), wrl::Error);
#endif
}

} // namespace
