/* The core's headers as C++ sees them, and helpers for several tests. */
#ifndef WRL_TESTS_UNIT_CORE_H
#define WRL_TESTS_UNIT_CORE_H

#include <wrl.h>
#include <wrl/sys/backend.h>

#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <string>

extern "C" {
#include "alloc.h"
#include "binary/module_info.h"
#include "error.h"
#include "idmap.h"
#include "names.h"
#include "scratch.h"
#include "text.h"
#include "type_text.h"
#include "utf8.h"
#include "work.h"

const wrl_backend_t *wrl_backend_null(uint32_t abi);
}

/* Takes ownership of an error and keeps its kind and message; "" without an error. */
struct Outcome {
    bool ok = true;
    wrl_error_kind_t kind = wrl_error_kind_t(0);
    std::string message;

    explicit Outcome(wrl_error_t *error)
    {
        if (error) {
            ok = false;
            kind = wrl_error_kind(error);
            message = wrl_error_message(error);
            wrl_error_delete(error);
        }
    }

    bool has(const std::string &words) const
    {
        return message.find(words) != std::string::npos;
    }
};

#define EXPECT_OK(call)                                                                                                \
    do {                                                                                                               \
        Outcome outcome_((call));                                                                                      \
        EXPECT_TRUE(outcome_.ok) << outcome_.message;                                                                  \
    } while (0)

#define ASSERT_OK(call)                                                                                                \
    do {                                                                                                               \
        Outcome outcome_((call));                                                                                      \
        ASSERT_TRUE(outcome_.ok) << outcome_.message;                                                                  \
    } while (0)

#define EXPECT_ERROR(call, expected_kind, words)                                                                       \
    do {                                                                                                               \
        Outcome outcome_((call));                                                                                      \
        EXPECT_FALSE(outcome_.ok);                                                                                     \
        EXPECT_EQ(outcome_.kind, expected_kind) << outcome_.message;                                                   \
        EXPECT_TRUE(outcome_.has(words)) << outcome_.message;                                                          \
    } while (0)

#endif
