#include "known.h"

#include <stdio.h>
#include <string.h>

static bool says(const difference_t *difference, const char *words)
{
    return strstr(difference->first_line, words) || strstr(difference->second_line, words);
}

static bool is_stack_depth(const difference_t *difference)
{
    return strcmp(difference->what, "transcript") == 0 && says(difference, "call stack exhausted");
}

/* Whether the calls agree but for the words that js has where others have those. */
static bool differs_as(const difference_t *difference, const char *words_of_js, const char *words)
{
    bool js_first = strcmp(difference->first, "js") == 0;
    bool js_second = strcmp(difference->second, "js") == 0;
    return strcmp(difference->what, "transcript") == 0 && js_first != js_second &&
           strstr(js_first ? difference->first_line : difference->second_line, words_of_js) &&
           strstr(js_first ? difference->second_line : difference->first_line, words);
}

static bool is_conversion(const difference_t *difference)
{
    return differs_as(difference, "trap: integer overflow", "trap: invalid conversion to integer");
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
    {"conversion of NaN",
     "V8 has one message for a NaN and for a number too large that become an integer; js_exact tells them apart.",
     "js,wasmi", "(module (func (export \"nan\") (result i32) (i32.trunc_f32_s (f32.const nan))))", is_conversion},
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

/* What is expected of a module that is shown to be known. */
static bool is_valid_anyway(const trial_t *trial, uint32_t proposals, bool *known)
{
    (void)trial;
    (void)proposals;
    *known = true;
    return true;
}

static bool has_backends(const char *backends)
{
    char names[64];
    bool found = true;
    (void)snprintf(names, sizeof(names), "%s", backends);
    for (char *name = strtok(names, ","); name; name = strtok(NULL, ",")) {
        found = found && wrl_backend_find(name, NULL);
    }
    return found;
}

/* NULL if the difference is seen, otherwise why not. */
static const char *look_for(const known_t *known)
{
    choir_t choir;
    difference_t difference = {0};
    wrl_bytes_t bytes = {NULL, 0};
    wrl_error_t *error = wrl_wat_to_wasm(known->text, strlen(known->text), &bytes);
    if (error) {
        wrl_error_delete(error);
        return "its module is no module";
    }
    trial_t trial = {.guest = {bytes.data, bytes.size, 1}, .is_played = true, .is_valid = is_valid_anyway};
    bool seen = choir_new(&choir, known->backends) && compare(&choir, &trial, &difference) && difference.known &&
                strcmp(difference.known, known->name) == 0;
    choir_delete(&choir);
    wrl_bytes_delete(&bytes);
    return seen ? NULL : "is gone, or has become another";
}

int run_known(void)
{
    size_t passed = 0, failed = 0;
    for (size_t i = 0; i < known_count; i++) {
        const known_t *known = &known_differences[i];
        if (!has_backends(known->backends)) {
            (void)printf("      %s: this host has not all of %s\n", known->name, known->backends);
            continue;
        }
        const char *why = look_for(known);
        (void)printf("%s  %s%s%s\n", why ? "FAIL" : "ok  ", known->name, why ? ": " : "", why ? why : "");
        passed += !why;
        failed += why != NULL;
    }
    (void)printf("%zu passed, %zu failed\n", passed, failed);
    return failed || !passed ? 1 : 0;
}
