#include "known.h"

#include <string.h>

static bool says(const difference_t *difference, const char *words)
{
    return strstr(difference->first_line, words) || strstr(difference->second_line, words);
}

static bool is_stack_depth(const difference_t *difference)
{
    return strcmp(difference->what, "transcript") == 0 && says(difference, "call stack exhausted");
}

const known_t known_differences[] = {
    {"stack depth",
     "How deep guests may call is each engine's own: wasmi counts calls and values, wasmtime takes the native stack. "
     "The "
     "specification leaves it open (core specification, \"Implementation Limitations\").",
     "wasmi,wasmtime",
     "(module"
     "  (func $f (param i32) (result i32)"
     "    (if (result i32) (local.get 0) (then (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1)))))"
     "      (else (i32.const 0))))"
     "  (func (export \"deep\") (result i32) (call $f (i32.const 20000))))",
     is_stack_depth},
};
const size_t known_count = sizeof(known_differences) / sizeof(known_differences[0]);

const char *known_name(const difference_t *difference)
{
    for (size_t i = 0; i < known_count; i++) {
        if (known_differences[i].explains(difference)) {
            return known_differences[i].name;
        }
    }
    return NULL;
}
