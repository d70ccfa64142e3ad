#include "effort.h"

#include "binary/cursor.h"
#include "binary/format.h"
#include "error.h"
#include "startup.h"
#include "walk.h"
#include "wrl/engine.h"

#include <string.h>

/* The limit of the JS API (its section "Implementation-defined Limits"). */
#define MAX_BODY_SIZE 7654321

/* ---- A function ---- */

/* What a count costs: nanoseconds, and bytes. */
typedef struct weight {
    double work;
    double memory;
} weight_t;

/* Measured with wasmtime 48, each with code that has much of it and little else; rounded up. tests/worst_case looks
 * whether they suffice. */
static const weight_t per_func = {80000, 6000}, per_local = {120, 130}, per_value = {300, 100}, per_byte = {1500, 300},
                      per_live = {400, 40}, per_carried = {3000, 800}, per_merged = {15, 0}, per_chained = {45, 15},
                      per_call = {6000, 2500}, per_passed = {10000, 1000}, per_kept = {70, 17}, per_entered = {700, 50},
                      per_entered_beyond = {1500, 120}, per_escape = {1.2, 0}, per_caught = {40, 10},
                      per_handler = {4000, 800}, per_shared = {1.4, 0}, per_handlers_squared = {0.1, 0},
                      per_excess_squared = {0.6, 0}, per_nested = {30, 14}, per_detour = {12000, 4200},
                      per_detours_squared = {0.8, 0}, per_element = {72000, 16000}, per_globals_squared = {40, 0},
                      per_region = {2, 4}, per_region_set = {350, 0}, per_regions_squared = {1.2, 0},
                      per_image = {3, 2}, per_run = {4000, 2800};

static void add(wrl_effort_t *effort, weight_t weight, double count)
{
    effort->work += weight.work * count / 1000;
    effort->memory += weight.memory * count;
}

/* Every place where blocks begin, end or meet costs for what lives on there. Detours are such places, too. */
static void add_places(const counts_t *c, wrl_effort_t *effort)
{
    enum { DETOURS_PER_PLACE = 3 };
    double detours = (double)(c->detours + c->elements / 4);
    double places = (double)c->blocks + detours, set = (double)c->globals_set;
    add(effort, per_live, (double)c->heights + (double)c->blocks * (double)c->locals);
    add(effort, per_live, detours / DETOURS_PER_PLACE * (double)c->locals);
    /* References that live on are written down at each call for the collector. */
    add(effort, per_kept, (double)c->kept + ((double)c->calls + detours) * (double)c->refs);
    /* For each place the compiler knows of each global where it was set. */
    add(effort, per_region, places * (double)c->globals);
    add(effort, per_region_set, places * set);
    add(effort, per_regions_squared, places * set * set);
    add(effort, per_globals_squared, (double)c->globals * (double)c->globals);
}

/*
 * Real code has up to so many, for each byte, of locals that calls hand over to handlers; not all of them have another
 * value there. Made-up code has more.
 */
enum { LOCALS_ENTERED = 40 };

static double beyond(double count, double usual)
{
    return count > usual ? count - usual : 0;
}

static void add_calls(const counts_t *c, double size, wrl_effort_t *effort)
{
    double detours = (double)(c->detours + c->elements / 4);
    /* Pairs of a call and a handler: in real code some cost much less than in made-up code, which has more of them. */
    double handlers = (double)c->handlers, excess = beyond(handlers, size);
    add(effort, per_call, (double)c->calls);
    add(effort, per_passed, (double)c->passed);
    add(effort, per_detour, (double)c->detours);
    add(effort, per_element, (double)c->elements);
    add(effort, per_detours_squared, detours * detours);
    add(effort, per_handler, handlers);
    add(effort, per_nested, (double)c->nested);
    add(effort, per_shared, c->shared);
    add(effort, per_handlers_squared, handlers * handlers);
    add(effort, per_excess_squared, excess * excess);
    add(effort, per_entered, c->entered);
    add(effort, per_entered_beyond, beyond(c->entered, LOCALS_ENTERED * size));
    add(effort, per_escape, c->escapes);
    add(effort, per_caught, (double)c->caught);
}

static void add_func(const walk_t *w, wrl_type_record_t type, size_t size, wrl_effort_t *effort)
{
    const counts_t *c = &w->counts;
    add(effort, per_func, 1);
    add(effort, per_local, w->local_count);
    add(effort, per_value, type.param_count + type.result_count);
    add(effort, per_byte, (double)size);
    add(effort, per_carried, (double)c->carried);
    add(effort, per_merged, (double)c->merged);
    add(effort, per_chained, (double)c->chained);
    add_places(c, effort);
    add_calls(c, (double)size, effort);
}

/* ---- Functions side by side ---- */

/* Engines compile as many functions at a time as there are processors: the estimate is for up to so many. */
#define SIDE_BY_SIDE 64
/* What stays of the memory that compiling a function takes: its code, and tables beside it. One part of so many. */
#define STAYS 12

typedef struct sum {
    double largest[SIDE_BY_SIDE]; /* Of what functions take, the most, */
    size_t least;                 /* and which of them is the least. */
    wrl_effort_t effort;
} sum_t;

static void find_least(sum_t *sum)
{
    for (size_t i = 0; i < SIDE_BY_SIDE; i++) {
        sum->least = sum->largest[i] < sum->largest[sum->least] ? i : sum->least;
    }
}

/* Adds a function. */
static void add_to_sum(sum_t *sum, const wrl_effort_t *one)
{
    double passing = one->memory - one->memory / STAYS;
    sum->effort.work += one->work;
    sum->effort.memory += one->memory / STAYS;
    if (passing > sum->largest[sum->least]) {
        sum->effort.memory += passing - sum->largest[sum->least];
        sum->largest[sum->least] = passing;
        find_least(sum);
    }
}

static void check_limit(walk_t *w, double estimate, double limit, const char *what, const char *unit,
                        const char *option)
{
    if (estimate > limit) {
        wrl_walk_refuse(w,
                        "%s: at least an estimated %.0f %s with what comes before; %s and the size of what is compiled "
                        "allow %.0f",
                        what, estimate, unit, option, limit);
    }
}

static void check_func(walk_t *w, const wrl_effort_t *limits, const wrl_effort_t *effort)
{
    check_limit(w, effort->work, limits->work, "too much to compile", "steps", "max_compile_work");
    check_limit(w, effort->memory, limits->memory, "too many values at once to compile", "bytes", "max_compile_memory");
}

static void walk_code(walk_t *w, cursor_t code, const wrl_effort_t *limits, sum_t *sum)
{
    w->func = (uint32_t)w->info->items[WRL_EXTERN_FUNC].import_count;
    for (uint32_t count = u32(&code); count && !w->error; count--) {
        w->func++;
        uint32_t size = u32(&code);
        size_t start = code.at;
        skip(&code, size);
        if (code.failed) {
            return;
        }
        if (size > MAX_BODY_SIZE) {
            wrl_walk_refuse(w, "%lu bytes, more than %d", (unsigned long)size, MAX_BODY_SIZE);
            return;
        }
        w->code = (cursor_t){code.bytes, start, code.at, false};
        w->counts = (counts_t){0};
        wrl_type_record_t type = wrl_walk_type(w, wrl_walk_type_of(w, WRL_EXTERN_FUNC, w->func - 1));
        wrl_walk_body(w, type);
        wrl_effort_t one = {0, 0};
        add_func(w, type, size, &one);
        add_to_sum(sum, &one);
        check_func(w, limits, &sum->effort);
    }
}

/* What engines compile to be run when the module is instantiated. */
static void add_startup(walk_t *w, const uint8_t *bytes, const wrl_effort_t *limits, sum_t *sum)
{
    wrl_type_record_t none = {0};
    wrl_startup_t startup;
    w->func = WRL_WALK_STARTUP;
    w->counts = (counts_t){0};
    w->local_count = 0;
    wrl_walk_startup(w, bytes, &startup);
    wrl_effort_t one = {0, 0};
    add_func(w, none, startup.size, &one);
    add(&one, per_run, (double)startup.runs);
    add_to_sum(sum, &one);
    add(&sum->effort, per_image, (double)startup.images);
    check_func(w, limits, &sum->effort);
}

/* Whether a compiler works on a section, so that its bytes let one expect that it takes longer. Nobody looks at custom
 * sections, and data are copied when an instance is made: either may be as large as it likes. */
static bool is_compiled(const wrl_section_record_t *section)
{
    return section->name_size == WRL_NOT_CUSTOM && section->name != SECTION_DATA;
}

static size_t compiled_size(const wrl_module_info_t *info)
{
    size_t size = 0;
    for (size_t i = 0; i < info->section_count; i++) {
        size += is_compiled(&info->sections[i]) ? info->sections[i].size : 0;
    }
    return size;
}

wrl_error_t *wrl_effort_check(const wrl_module_info_t *info, const uint8_t *bytes, const wrl_effort_limits_t *limits,
                              wrl_effort_t *effort)
{
    /* All of which is exact enough: the numbers are estimates. */
    const double size = (double)compiled_size(info);
    const wrl_effort_t most = {(double)limits->work + size * WRL_COMPILE_WORK_PER_BYTE,
                               (double)limits->memory + size * WRL_COMPILE_MEMORY_PER_BYTE};
    walk_t w;
    if (!wrl_walk_begin(&w, info)) {
        return wrl_error_out_of_memory();
    }
    w.most_carried = most.work < 1e12 ? (uint64_t)most.work : UINT64_MAX;
    sum_t sum = {.least = 0};
    add_startup(&w, bytes, &most, &sum);
    for (size_t i = 0; i < info->section_count; i++) {
        const wrl_section_record_t *section = &info->sections[i];
        if (section->name_size == WRL_NOT_CUSTOM && section->name == SECTION_CODE) {
            cursor_t code = {bytes, section->offset, (size_t)section->offset + section->size, false};
            walk_code(&w, code, &most, &sum);
        }
    }
    wrl_walk_end(&w);
    *effort = sum.effort;
    return w.error;
}
