/* Errors: constructors, the preallocated error, data and frames. */
#include "core.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

namespace {

int finalized;

void count_finalizer(void *data)
{
    EXPECT_EQ(data, &finalized);
    finalized++;
}

wrl_frame_t frame_of(uint64_t index, const char *func, const char *module)
{
    wrl_frame_t frame = {};
    frame.func_index = index;
    frame.func_offset = frame.module_offset = WRL_FRAME_UNKNOWN;
    frame.func_name = func;
    frame.func_name_size = func ? strlen(func) : 0;
    frame.module_name = module;
    frame.module_name_size = module ? strlen(module) : 0;
    return frame;
}

} // namespace

TEST(Error, EveryKindHasItsOwnName)
{
    std::set<std::string> names;
    for (int kind = WRL_ERROR_INVALID_ARGUMENT; kind <= WRL_ERROR_EXIT; kind++) {
        names.insert(wrl_error_kind_name(static_cast<wrl_error_kind_t>(kind)));
        wrl_error_t *error = wrl_error_new(static_cast<wrl_error_kind_t>(kind), nullptr);
        EXPECT_EQ(wrl_error_kind(error), kind);
        EXPECT_STREQ(wrl_error_message(error), wrl_error_kind_name(static_cast<wrl_error_kind_t>(kind)));
        wrl_error_delete(error);
    }
    EXPECT_EQ(names.size(), 11u);
    EXPECT_EQ(names.count("unknown"), 0u);
    EXPECT_STREQ(wrl_error_kind_name(static_cast<wrl_error_kind_t>(0)), "unknown");
    EXPECT_STREQ(wrl_error_kind_name(static_cast<wrl_error_kind_t>(12)), "unknown");
}

TEST(Error, EveryTrapHasItsOwnName)
{
    std::set<std::string> names;
    for (int code = WRL_TRAP_OTHER; code <= WRL_TRAP_OUT_OF_FUEL; code++) {
        names.insert(wrl_trap_code_name(static_cast<wrl_trap_code_t>(code)));
        wrl_error_t *error = wrl_error_new_trap(static_cast<wrl_trap_code_t>(code), nullptr);
        EXPECT_EQ(wrl_error_kind(error), WRL_ERROR_TRAP);
        EXPECT_EQ(wrl_error_trap_code(error), code);
        EXPECT_STREQ(wrl_error_message(error), wrl_trap_code_name(static_cast<wrl_trap_code_t>(code)));
        wrl_error_delete(error);
    }
    EXPECT_EQ(names.size(), 18u);
    EXPECT_EQ(names.count("unknown"), 0u);
    EXPECT_STREQ(wrl_trap_code_name(static_cast<wrl_trap_code_t>(19)), "unknown");
}

TEST(Error, ValuesOutOfRange)
{
    for (int kind : {0, -1, 12, 1000}) {
        wrl_error_t *error = wrl_error_new(static_cast<wrl_error_kind_t>(kind), nullptr);
        EXPECT_EQ(wrl_error_kind(error), WRL_ERROR_HOST);
        EXPECT_STREQ(wrl_error_message(error), "host error");
        wrl_error_delete(error);
    }
    for (int code : {0, -1, 19, 1000}) {
        wrl_error_t *error = wrl_error_new_trap(static_cast<wrl_trap_code_t>(code), "x");
        EXPECT_EQ(wrl_error_trap_code(error), WRL_TRAP_OTHER);
        wrl_error_delete(error);
        error = wrl__error_from_backend(WRL_ERROR_TRAP, static_cast<wrl_trap_code_t>(code), "x", 1);
        EXPECT_EQ(wrl_error_kind(error), WRL_ERROR_TRAP);
        EXPECT_EQ(wrl_error_trap_code(error), WRL_TRAP_OTHER);
        wrl_error_delete(error);
    }
}

TEST(Error, Formats)
{
    EXPECT_ERROR(wrl_error_newf(WRL_ERROR_IO, "%s: %d%%", "file", 7), WRL_ERROR_IO, "file: 7%");
    EXPECT_ERROR(wrl_error_newf(WRL_ERROR_IO, "%s", ""), WRL_ERROR_IO, "");
    /* These are not characters in the locale "C". */
    EXPECT_ERROR(wrl_error_newf(WRL_ERROR_IO, "a file: %ls", L"\xD800\xDFFF"), WRL_ERROR_IO,
                 "invalid message format: \"a file: %ls\"");
    EXPECT_ERROR(wrl_error_newf(WRL_ERROR_IO, nullptr), WRL_ERROR_IO, "input/output error");
    std::string large(100000, 'x');
    Outcome outcome(wrl_error_newf(WRL_ERROR_IO, "%s", large.c_str()));
    EXPECT_EQ(outcome.message, large);
    EXPECT_ERROR(wrl__error_argument("index", "is %d", 3), WRL_ERROR_INVALID_ARGUMENT, "index: is 3");
    EXPECT_ERROR(wrl__error_null("store"), WRL_ERROR_INVALID_ARGUMENT, "store: is NULL");
    EXPECT_ERROR(wrl__error_prefix(wrl_error_new(WRL_ERROR_HOST, "words"), "%d: ", 5), WRL_ERROR_HOST, "5: words");
}

TEST(Error, ExitStatus)
{
    for (int32_t status : {0, 1, -1, INT32_MAX, INT32_MIN}) {
        wrl_error_t *error = wrl_error_new_exit(status);
        EXPECT_EQ(wrl_error_kind(error), WRL_ERROR_EXIT);
        EXPECT_EQ(wrl_error_exit_status(error), status);
        EXPECT_EQ(wrl_error_message(error), "exit with status " + std::to_string(status));
        wrl_error_delete(error);
    }
}

TEST(Error, NullErrors)
{
    wrl_error_delete(nullptr);
    EXPECT_STREQ(wrl_error_message(nullptr), "error is NULL");
    EXPECT_EQ(wrl_error_trap_code(nullptr), WRL_TRAP_NONE);
    EXPECT_EQ(wrl_error_exit_status(nullptr), 0);
    EXPECT_EQ(wrl_error_data(nullptr), nullptr);
    EXPECT_EQ(wrl_error_frame_count(nullptr), 0u);
    wrl_frame_t frame = frame_of(1, "f", "m");
    EXPECT_FALSE(wrl_error_frame(nullptr, 0, &frame));
    EXPECT_EQ(frame.func_name, nullptr);
    EXPECT_FALSE(wrl_error_frame(nullptr, 0, nullptr));
}

TEST(Error, DataIsFinalizedOnce)
{
    finalized = 0;
    wrl_error_t *error = wrl_error_new_with_data(WRL_ERROR_HOST, "m", &finalized, count_finalizer);
    EXPECT_EQ(wrl_error_data(error), &finalized);
    EXPECT_EQ(finalized, 0);
    wrl_error_delete(error);
    EXPECT_EQ(finalized, 1);
    wrl_error_delete(wrl_error_new_with_data(WRL_ERROR_HOST, "m", &finalized, nullptr));
    EXPECT_EQ(finalized, 1);
}

TEST(Error, WithoutMemory)
{
    finalized = 0;
    wrl__alloc_set_hook([](size_t) { return false; });
    wrl_error_t *errors[] = {
        wrl_error_new(WRL_ERROR_HOST, "m"),
        wrl_error_newf(WRL_ERROR_HOST, "%d", 1),
        wrl_error_new_with_data(WRL_ERROR_HOST, "m", &finalized, count_finalizer),
        wrl_error_new_trap(WRL_TRAP_UNREACHABLE, nullptr),
        wrl_error_new_exit(3),
        wrl__error_argument("a", "b"),
        wrl__error_from_backend(WRL_ERROR_TRAP, WRL_TRAP_UNREACHABLE, "x", 1),
        wrl__error_from_backend(WRL_ERROR_OUT_OF_MEMORY, WRL_TRAP_NONE, nullptr, 0),
        wrl__error_out_of_memory(),
    };
    wrl__alloc_set_hook(nullptr);
    EXPECT_EQ(finalized, 1);
    for (wrl_error_t *&error : errors) {
        ASSERT_NE(error, nullptr);
        EXPECT_EQ(wrl_error_kind(error), WRL_ERROR_OUT_OF_MEMORY);
        EXPECT_STREQ(wrl_error_message(error), "out of memory");
        EXPECT_EQ(wrl_error_exit_status(error), 0);
        EXPECT_EQ(wrl_error_trap_code(error), WRL_TRAP_NONE);
        EXPECT_EQ(wrl_error_data(error), nullptr);
        error = wrl__error_prefix(error, "a prefix that changes nothing: ");
        wrl_frame_t frame = frame_of(0, "f", nullptr);
        wrl__error_add_frame(error, &frame);
        EXPECT_EQ(wrl_error_frame_count(error), 0u);
        EXPECT_STREQ(wrl_error_message(error), "out of memory");
        wrl_error_delete(error);
    }
}

TEST(Error, APrefixWithoutMemoryLeavesTheWords)
{
    wrl_error_t *error = wrl_error_new(WRL_ERROR_LINK, "words");
    wrl__alloc_set_hook([](size_t) { return false; });
    error = wrl__error_prefix(error, "%s: ", "prefix");
    wrl__alloc_set_hook(nullptr);
    EXPECT_EQ(wrl_error_kind(error), WRL_ERROR_LINK);
    EXPECT_STREQ(wrl_error_message(error), "words");
    wrl_error_delete(error);
}

TEST(Error, FromBackends)
{
    EXPECT_ERROR(wrl__error_from_backend(WRL_ERROR_INVALID, WRL_TRAP_NONE, " two\n lines ", 12), WRL_ERROR_INVALID,
                 "two lines");
    EXPECT_ERROR(wrl__error_from_backend(WRL_ERROR_INVALID, WRL_TRAP_NONE, nullptr, 0), WRL_ERROR_INVALID,
                 "invalid module");
    EXPECT_ERROR(wrl__error_from_backend(WRL_ERROR_TRAP, WRL_TRAP_UNREACHABLE, "own words", 9), WRL_ERROR_TRAP,
                 "unreachable executed: own words");
    EXPECT_ERROR(wrl__error_from_backend(WRL_ERROR_TRAP, WRL_TRAP_OTHER, "own words", 9), WRL_ERROR_TRAP, "own words");
    EXPECT_ERROR(wrl__error_from_backend(WRL_ERROR_TRAP, WRL_TRAP_OTHER, nullptr, 0), WRL_ERROR_TRAP, "trap");
}

/* A message that is blank after cleaning is replaced by the code's message, and not by an out-of-memory error. */
TEST(Error, FromBackendsWithBlankWords)
{
    EXPECT_ERROR(wrl__error_from_backend(WRL_ERROR_TRAP, WRL_TRAP_OTHER, " \n", 2), WRL_ERROR_TRAP, "trap");
    EXPECT_ERROR(wrl__error_from_backend(WRL_ERROR_INVALID, WRL_TRAP_NONE, "\n", 1), WRL_ERROR_INVALID,
                 "invalid module");
}

TEST(Error, FromBackendsThatRepeatTheCode)
{
    wrl_error_t *error =
        wrl__error_from_backend(WRL_ERROR_TRAP, WRL_TRAP_MEMORY_OUT_OF_BOUNDS, "out of bounds memory access\n", 28);
    EXPECT_STREQ(wrl_error_message(error), "out of bounds memory access");
    wrl_error_delete(error);
}

TEST(Error, FramesAreCopied)
{
    wrl_error_t *error = wrl_error_new_trap(WRL_TRAP_UNREACHABLE, nullptr);
    {
        std::string func = "inner", module = "m";
        wrl_frame_t frame = frame_of(3, func.c_str(), module.c_str());
        wrl__error_add_frame(error, &frame);
    }
    wrl_frame_t nameless = frame_of(4, nullptr, nullptr);
    wrl__error_add_frame(error, &nameless);
    wrl__error_add_frame(error, nullptr);
    wrl__error_add_frame(nullptr, &nameless);
    ASSERT_EQ(wrl_error_frame_count(error), 2u);
    wrl_frame_t frame;
    ASSERT_TRUE(wrl_error_frame(error, 0, &frame));
    EXPECT_EQ(frame.func_index, 3u);
    EXPECT_STREQ(frame.func_name, "inner");
    EXPECT_EQ(frame.func_name_size, 5u);
    EXPECT_STREQ(frame.module_name, "m");
    EXPECT_EQ(frame.func_offset, WRL_FRAME_UNKNOWN);
    ASSERT_TRUE(wrl_error_frame(error, 1, &frame));
    EXPECT_EQ(frame.func_name, nullptr);
    EXPECT_FALSE(wrl_error_frame(error, 2, &frame));
    EXPECT_EQ(frame.func_index, 0u);
    wrl_error_delete(error);
}
