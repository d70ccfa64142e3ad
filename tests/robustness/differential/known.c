#include "known.h"

#include "smith.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool says(const difference_t *difference, const char *words)
{
    return strstr(difference->first_line, words) || strstr(difference->second_line, words);
}

static bool is_stack_depth(const difference_t *difference, const trial_t *trial)
{
    (void)trial;
    return strcmp(difference->what, "transcript") == 0 && says(difference, "call stack exhausted");
}

/* Returns whether js reports the first trap and the other engine the second one. */
static bool differs_as(const difference_t *difference, const char *words_of_js, const char *words)
{
    bool js_first = strcmp(difference->first, "js") == 0;
    bool js_second = strcmp(difference->second, "js") == 0;
    return strcmp(difference->what, "transcript") == 0 && js_first != js_second &&
           strstr(js_first ? difference->first_line : difference->second_line, words_of_js) &&
           strstr(js_first ? difference->second_line : difference->first_line, words);
}

static bool is_conversion(const difference_t *difference, const trial_t *trial)
{
    (void)trial;
    return differs_as(difference, "trap: integer overflow", "trap: invalid conversion to integer");
}

static bool is_indirect_call(const difference_t *difference, const trial_t *trial)
{
    (void)trial;
    return differs_as(difference, "trap: indirect call type mismatch", "trap: indirect call to null");
}

/* The same message, which the backend takes for the other trap. */
static bool is_other_call(const difference_t *difference, const trial_t *trial)
{
    (void)trial;
    return differs_as(difference, "trap: indirect call to null", "trap: indirect call type mismatch");
}

static bool is_unaligned(const difference_t *difference, const trial_t *trial)
{
    (void)trial;
    return strcmp(difference->what, "transcript") == 0 && says(difference, "trap: unaligned atomic access") &&
           says(difference, "trap: out of bounds memory access");
}

/* Returns whether a JS engine accepts a module that wasmparser rejects for this reason. */
static bool is_accepted(const difference_t *difference, const char *why)
{
    return strcmp(difference->what, "acceptance") == 0 && strncmp(difference->first, "js", 2) == 0 &&
           strcmp(difference->first_line, "accepted") == 0 && strncmp(difference->second_line, why, strlen(why)) == 0;
}

static bool is_alignment(const difference_t *difference, const trial_t *trial)
{
    (void)trial;
    return is_accepted(difference, "atomic instructions must always specify maximum alignment");
}

static bool is_dead_branch(const difference_t *difference, const trial_t *trial)
{
    (void)trial;
    return is_accepted(difference, "type mismatch: br_on_non_null target has no label types");
}

static bool is_dead_comparison(const difference_t *difference, const trial_t *trial)
{
    static const uint8_t ref_eq = 0xd3;
    const char *at = strstr(difference->second_line, "(at offset 0x");
    unsigned long long offset = at ? strtoull(at + strlen("(at offset "), NULL, 16) : 0;
    return is_accepted(difference, "type mismatch: expected ") && offset < trial->guest.size &&
           trial->guest.data[offset] == ref_eq;
}

static bool is_dead_reference(const difference_t *difference, const trial_t *trial)
{
    (void)trial;
    return is_accepted(difference, "type mismatch: expected ") && strstr(difference->second_line, ", found heap type ");
}

const known_t known_differences[] = {
    {.name = "stack depth",
     .reason =
         "Each engine has its own limit of call depth: wasmi counts calls and values, wasmtime uses the "
         "native stack. The specification permits any limit (core specification, \"Implementation Limitations\").",
     .backends = "wasmi,wasmtime",
     .text = "(module"
             "  (func $f (param i32) (result i32)"
             "    (if (result i32) (local.get 0)"
             "      (then (i32.add (i32.const 1) (call $f (i32.sub (local.get 0) (i32.const 1)))))"
             "      (else (i32.const 0))))"
             "  (func (export \"deep\") (result i32) (call $f (i32.const 20000))))",
     .explains = is_stack_depth},
    {.name = "conversion of NaN",
     .reason =
         "V8 has one message for the conversion of a NaN and of a number that is too large; exact_traps distinguishes "
         "them.",
     .backends = "js,wasmi",
     .text = "(module (func (export \"nan\") (result i32) (i32.trunc_f32_s (f32.const nan))))",
     .explains = is_conversion},
    {.name = "indirect call to null",
     .reason = "V8 with GC has one message for an indirect call to null and to a function of another type; exact_traps "
               "distinguishes them.",
     .backends = "js,wasmi",
     .needs = SMITH_GC,
     .text = "(module (table 1 funcref) (func (export \"null\") (call_indirect (i32.const 0))))",
     .explains = is_indirect_call},
    {.name = "indirect call with another type",
     .reason = "So do older versions of V8, such as that of Node 20, whose message mentions null; exact_traps "
               "distinguishes them.",
     .backends = "js,wasmi",
     .lacks = SMITH_GC,
     .text = "(module (table 1 funcref) (elem (i32.const 0) $f) (func $f (param i32))"
             "  (func (export \"other\") (call_indirect (i32.const 0))))",
     .explains = is_other_call},
    {.name = "unaligned and out of bounds",
     .reason = "An atomic access that is both: wasmtime checks its alignment first, V8 its bounds. The "
               "specification says only that both trap.",
     .backends = "js",
     .needs = SMITH_THREADS,
     .text = "(module (memory 1 1 shared)"
             "  (func (export \"both\") (result i32) (i32.atomic.load offset=0x7ffffff1 (i32.const 0))))",
     .recorder = "wasmtime",
     .recorded = "instance: \n"
                 "call 'both' ()\n  = trap: unaligned atomic access\n"
                 "call 'both' ()\n  = trap: unaligned atomic access\n"
                 "call 'both' ()\n  = trap: unaligned atomic access\n",
     .explains = is_unaligned},
    {.name = "alignment of atomics",
     .reason = "Older versions of V8, such as that of Node 20, accept atomic accesses with less than their "
               "whole alignment.",
     .backends = "js",
     .needs = SMITH_THREADS,
     .lacks = SMITH_GC,
     .text = "(module (memory 1 1 shared) (func (drop (i32.atomic.load align=1 (i32.const 0)))))",
     .why = "atomic instructions must always specify maximum alignment (at offset 0x1f)",
     .explains = is_alignment},
    {.name = "ref.eq in dead code",
     .reason = "V8 does not check the operands of ref.eq in unreachable code and accepts any type.",
     .backends = "js",
     .needs = SMITH_GC,
     .text = "(module (func (result i32) unreachable i32.const 0 ref.eq))",
     .why = "type mismatch: expected ref but found i32 (at offset 0x1b)",
     .explains = is_dead_comparison},
    {.name = "ref.as_non_null in dead code",
     .reason = "In unreachable code, V8 treats the result of ref.as_non_null as a value of any type instead of a "
               "reference.",
     .backends = "js",
     .needs = SMITH_GC,
     .text = "(module (func (result i32) unreachable ref.as_non_null i32.eqz))",
     .why = "type mismatch: expected i32, found heap type (at offset 0x1a)",
     .explains = is_dead_reference},
    {.name = "br_on_non_null in dead code",
     .reason = "In unreachable code, V8 accepts br_on_non_null to a label that takes no reference.",
     .backends = "js",
     .needs = SMITH_GC,
     .text = "(module (func unreachable br_on_non_null 0))",
     .why = "type mismatch: br_on_non_null target has no label types (at offset 0x18)",
     .explains = is_dead_branch},
};
const size_t known_count = sizeof(known_differences) / sizeof(known_differences[0]);

const char *known_name(const difference_t *difference, const trial_t *trial)
{
    for (size_t i = 0; i < known_count; i++) {
        if (known_differences[i].explains(difference, trial)) {
            return known_differences[i].name;
        }
    }
    return NULL;
}

/* Returns the verdict that is expected for the module of a known difference. */
static bool is_valid_anyway(const trial_t *trial, uint32_t proposals, bool *known)
{
    (void)proposals;
    *known = true;
    return !trial->why;
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

/* Returns whether the difference occurs. On the host of the recorder, returns whether the engine's transcript equals
 * the recorded one. */
static bool shows(const known_t *known, choir_t *choir, const trial_t *trial, bool is_recorder)
{
    difference_t difference = {0};
    if (!compare(choir, trial, &difference)) {
        return false;
    }
    if (is_recorder) {
        return !difference.what;
    }
    return difference.known && strcmp(difference.known, known->name) == 0;
}

/* Returns NULL if the difference is unchanged, otherwise the reason. */
static const char *look_for(const known_t *known, choir_t *choir, bool is_recorder)
{
    wrl_bytes_t bytes = {NULL, 0};
    wrl_error_t *error = wrl_wat_to_wasm(known->text, strlen(known->text), &bytes);
    if (error) {
        wrl_error_delete(error);
        return "its module is malformed";
    }
    trial_t trial = {.guest = {bytes.data, bytes.size, 1},
                     .is_played = true,
                     .is_valid = is_valid_anyway,
                     .why = known->why,
                     .recorder = known->recorder,
                     .transcript = known->recorded,
                     .transcript_size = known->recorded ? strlen(known->recorded) : 0};
    bool seen = shows(known, choir, &trial, is_recorder);
    wrl_bytes_delete(&bytes);
    return seen ? NULL : "is gone or has changed";
}

typedef struct counts {
    size_t passed, failed;
} counts_t;

static void run_one(const known_t *known, counts_t *counts)
{
    choir_t choir;
    bool is_recorder = known->recorder && has_backends(known->recorder);
    const char *backends = is_recorder ? known->recorder : known->backends;
    if (!has_backends(backends)) {
        (void)printf("      %s: this host does not have all of %s\n", known->name, backends);
        return;
    }
    const char *why = choir_new(&choir, backends) ? NULL : "has no engine";
    uint32_t wanted = known->needs | known->lacks;
    if (!why && (choir.voices[0].proposals & wanted) != known->needs) {
        (void)printf("      %s: not with this engine\n", known->name);
    } else {
        why = why ? why : look_for(known, &choir, is_recorder);
        (void)printf("%s  %s%s%s\n", why ? "FAIL" : "ok  ", known->name, why ? ": " : "", why ? why : "");
        counts->passed += !why;
        counts->failed += why != NULL;
    }
    choir_delete(&choir);
}

int run_known(void)
{
    counts_t counts = {0, 0};
    for (size_t i = 0; i < known_count; i++) {
        run_one(&known_differences[i], &counts);
    }
    (void)printf("%zu passed, %zu failed\n", counts.passed, counts.failed);
    return counts.failed || !counts.passed ? 1 : 0;
}
