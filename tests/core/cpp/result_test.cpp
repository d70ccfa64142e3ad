/* wrl::Error and wrl::Result. */
#include "world.h"

#include <memory>
#include <tuple>

namespace {

wrl::Result<int> one()
{
    return 1;
}

wrl::Result<int> no()
{
    return wrl::Error(WRL_ERROR_IO, "no such file");
}

/* Hides the object from the compiler, which warns when an object is moved to itself. */
template <class T> void move_to_itself(T &object)
{
    T &alias = object;
    object = std::move(alias);
}

TEST(Error, IsEmptyByDefault)
{
    wrl::Error error;
    EXPECT_FALSE(error);
    EXPECT_EQ(error.get(), nullptr);
    EXPECT_EQ(error.kind(), WRL_ERROR_INVALID_ARGUMENT);
    EXPECT_STREQ(error.message(), "error is NULL");
    EXPECT_EQ(error.frames().size(), 0U);
    EXPECT_EQ(error.frames()[0].func_index, WRL_FRAME_UNKNOWN);
}

TEST(Error, TellsWhatItWasMadeOf)
{
    wrl::Error error(WRL_ERROR_HOST, std::string("no ") + "luck");
    EXPECT_TRUE(error);
    EXPECT_EQ(error.kind(), WRL_ERROR_HOST);
    EXPECT_STREQ(error.message(), "no luck");
    EXPECT_STREQ(error.what(), "no luck");
    EXPECT_EQ(error.trap_code(), WRL_TRAP_NONE);
    EXPECT_EQ(error.data<int>(), nullptr);

    wrl::Error trap = wrl::Error::trap(WRL_TRAP_UNREACHABLE);
    EXPECT_EQ(trap.kind(), WRL_ERROR_TRAP);
    EXPECT_EQ(trap.trap_code(), WRL_TRAP_UNREACHABLE);
    EXPECT_STREQ(trap.message(), "unreachable executed");
    EXPECT_STREQ(wrl::Error::trap(WRL_TRAP_OTHER, "mine").message(), "mine");

    EXPECT_EQ(wrl::Error::exit(7).kind(), WRL_ERROR_EXIT);
    EXPECT_EQ(wrl::Error::exit(7).exit_status(), 7);
}

TEST(Error, OwnsItsData)
{
    int ended = 0;
    {
        wrl::Error error(WRL_ERROR_HOST, "with data", std::make_unique<Ended>(&ended));
        EXPECT_NE(error.data<Ended>(), nullptr);
        wrl::Error taken = std::move(error);
        EXPECT_FALSE(error);
        EXPECT_TRUE(taken);
        move_to_itself(taken);
        EXPECT_TRUE(taken);
        EXPECT_EQ(ended, 0);
    }
    EXPECT_EQ(ended, 1);
}

TEST(Error, AssignmentDeletesWhatWasThere)
{
    int first_ended = 0, second_ended = 0;
    wrl::Error first(WRL_ERROR_HOST, "first", std::make_unique<Ended>(&first_ended));
    wrl::Error second(WRL_ERROR_HOST, "second", std::make_unique<Ended>(&second_ended));
    first = std::move(second);
    EXPECT_EQ(first_ended, 1);
    EXPECT_EQ(second_ended, 0);
    EXPECT_STREQ(first.message(), "second");
    first = wrl::Error();
    EXPECT_EQ(second_ended, 1);
}

TEST(Error, GoesToCAndBack)
{
    wrl_error_t *c_error = wrl_error_new(WRL_ERROR_LINK, "from C");
    wrl::Error error = wrl::Error::adopt(c_error);
    EXPECT_EQ(error.get(), c_error);
    EXPECT_EQ(error.kind(), WRL_ERROR_LINK);
    EXPECT_EQ(error.release(), c_error);
    EXPECT_FALSE(error);
    wrl_error_delete(c_error);

    EXPECT_OK(wrl::check(nullptr));
    EXPECT_ERROR(wrl::check(wrl_error_new(WRL_ERROR_LINK, "from C")), WRL_ERROR_LINK, "from C");
}

TEST(Result, HasAValue)
{
    wrl::Result<int> result = one();
    EXPECT_TRUE(result.ok());
    EXPECT_TRUE(result);
    EXPECT_EQ(result.value(), 1);
    EXPECT_EQ(*result, 1);
    EXPECT_EQ(*one(), 1);
    EXPECT_EQ(one().value_or(5), 1);
    *result = 4;
    const wrl::Result<int> constant = std::move(result);
    EXPECT_EQ(*constant, 4);
    EXPECT_EQ(constant.value(), 4);
}

TEST(Result, HasAnError)
{
    wrl::Result<int> result = no();
    EXPECT_FALSE(result.ok());
    EXPECT_FALSE(result);
    EXPECT_EQ(result.error().kind(), WRL_ERROR_IO);
    EXPECT_EQ(no().value_or(5), 5);
    const wrl_error_t *c_error = result.error().get();
    wrl::Error error = result.take_error();
    EXPECT_EQ(error.get(), c_error);
    EXPECT_FALSE(result.ok());
    EXPECT_FALSE(result.error());
}

TEST(Result, IsMoved)
{
    int ended = 0;
    {
        wrl::Result<std::unique_ptr<Ended>> result = std::make_unique<Ended>(&ended);
        EXPECT_NE(result->get(), nullptr);
        wrl::Result<std::unique_ptr<Ended>> other = std::move(result);
        EXPECT_EQ(result.value(), nullptr);
        move_to_itself(other);
        EXPECT_NE(other.value(), nullptr);
        other = wrl::Error(WRL_ERROR_IO, "gone");
        EXPECT_EQ(ended, 1);
        EXPECT_FALSE(other);
        move_to_itself(other);
        EXPECT_STREQ(other.error().message(), "gone");
        other = std::make_unique<Ended>(&ended);
        std::unique_ptr<Ended> taken = std::move(other).value();
        EXPECT_EQ(ended, 1);
    }
    EXPECT_EQ(ended, 2);
}

TEST(Result, OfNothing)
{
    wrl::Result<void> result;
    EXPECT_TRUE(result);
    result.value();
    result = wrl::Error(WRL_ERROR_IO, "gone");
    EXPECT_FALSE(result);
    wrl::Result<void> other = std::move(result);
    EXPECT_STREQ(other.error().message(), "gone");
    EXPECT_FALSE(result.ok());
    EXPECT_FALSE(result.error());
    move_to_itself(other);
    EXPECT_STREQ(other.take_error().message(), "gone");
}

TEST(Result, HandsErrorsOn)
{
    auto outer = []() -> wrl::Result<std::string> {
        wrl::Result<int> inner = no();
        if (!inner) {
            return inner.take_error();
        }
        return std::to_string(*inner);
    };
    EXPECT_ERROR(outer(), WRL_ERROR_IO, "no such file");
}

#if WRL_CPP_EXCEPTIONS

TEST(Result, ThrowsTheSameError)
{
    wrl::Result<int> result = no();
    const wrl_error_t *c_error = result.error().get();
    try {
        static_cast<void>(result.value());
        FAIL() << "nothing was thrown";
    } catch (const wrl::Error &error) {
        EXPECT_EQ(error.get(), c_error);
    }
    EXPECT_FALSE(result.error()); /* It was taken. */
    try {
        wrl::check(wrl_error_new(WRL_ERROR_LINK, "from C")).value();
        FAIL() << "nothing was thrown";
    } catch (const std::exception &error) {
        EXPECT_STREQ(error.what(), "from C");
    }
}

TEST(Result, ThrowsWhereverItsValueIsAskedFor)
{
    EXPECT_THROW(static_cast<void>(no().value()), wrl::Error);
    EXPECT_THROW(static_cast<void>(*no()), wrl::Error);
    wrl::Result<std::string> text = wrl::Error(WRL_ERROR_IO, "gone");
    EXPECT_THROW(static_cast<void>(text->size()), wrl::Error);
    EXPECT_THROW(static_cast<void>(*text), wrl::Error);
    EXPECT_THROW(static_cast<void>(one().error()), wrl::Error);
    EXPECT_THROW(static_cast<void>(one().take_error()), wrl::Error);
    EXPECT_THROW(static_cast<void>(wrl::Result<void>().error()), wrl::Error);
    EXPECT_THROW(static_cast<void>(wrl::Result<void>().take_error()), wrl::Error);
}

TEST(Result, ThrowsACopyWhereItIsConst)
{
    const wrl::Result<std::string> trap = wrl::Error::trap(WRL_TRAP_CAST_FAILURE, "mine");
    try {
        static_cast<void>(trap->size());
        FAIL() << "nothing was thrown";
    } catch (const wrl::Error &error) {
        EXPECT_EQ(error.trap_code(), WRL_TRAP_CAST_FAILURE);
        EXPECT_STREQ(error.message(), "mine");
    }
    EXPECT_STREQ(trap.error().message(), "mine");
    const wrl::Result<int> result = no();
    EXPECT_THROW(static_cast<void>(*result), wrl::Error);
    EXPECT_THROW(static_cast<void>(result.value()), wrl::Error);
}

#else

TEST(ResultDeathTest, AbortsWithTheMessage)
{
    EXPECT_DEATH(static_cast<void>(no().value()), "wrl: no such file");
    EXPECT_DEATH(static_cast<void>(*no()), "wrl: no such file");
    const wrl::Result<int> constant = no();
    EXPECT_DEATH(static_cast<void>(*constant), "wrl: no such file");
    EXPECT_DEATH(wrl::check(wrl_error_new(WRL_ERROR_LINK, "from C")).value(), "wrl: from C");
    EXPECT_DEATH(static_cast<void>(one().error()), "wrl: error\\(\\) was asked of a result that has a value");
}

#endif

} // namespace
