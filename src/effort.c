#include "effort.h"

#include "binary/cursor.h"
#include "binary/format.h"
#include "error.h"
#include "startup.h"
#include "walk.h"
#include "wrl/engine.h"

#include <limits.h>

/* The limit of the JS API (its section "Implementation-defined Limits"). */
#define MAX_BODY_SIZE 7654321

/* Steps and bytes for each byte of a table's or memory's image. */
#define IMAGE_WORK 0.003
#define IMAGE_MEMORY 2.0

/* ---- A function ---- */

/* The cost of one unit of a quantity, in nanoseconds and bytes. */
typedef struct weight {
    double work;
    double memory;
} weight_t;

/* The quantities that cost something, see count_func(). */
enum {
    FUNC,
    LOCAL,
    VALUE,
    BYTE,
    LIVE,
    CARRIED,
    MERGED,
    CHAINED,
    CALL,
    PASSED,
    KEPT,
    ENTERED,
    ENTERED_BEYOND,
    ESCAPE,
    CAUGHT,
    HANDLER,
    SHARED,
    HANDLERS_SQUARED,
    EXCESS_SQUARED,
    NESTED,
    DETOUR,
    DETOURS_SQUARED,
    ELEMENT,
    GLOBALS_SQUARED,
    REGION,
    REGION_SET,
    REGIONS_SQUARED,
    RUN,
    RUNS_SQUARED,
    HIGHEST_SQUARED,
    BLOCKS_SQUARED,
    FUEL_SQUARED,
    IN_LOOPS,
    TRAPS,
    EXPORTS,
    REFS_IN_LOOPS,
    REFS_IN_LOOPS_SQUARED,
    LISTED,
    LISTED_OPEN,
    WIDE,
    WIDE_SQUARED,
    AMOUNTS
};

/* Measured with wasmtime 48, each quantity with code that has much of it and little else. tests/robustness/worst_case
 * checks that the weights suffice. */
static const weight_t weights[AMOUNTS] = {
    [FUNC] = {80000, 6000},
    [LOCAL] = {120, 130},
    [VALUE] = {300, 100},
    [BYTE] = {1500, 300},
    [LIVE] = {400, 40},
    [CARRIED] = {3000, 800},
    [MERGED] = {15, 0},
    [CHAINED] = {45, 15},
    [CALL] = {6000, 2500},
    [PASSED] = {10000, 1000},
    [KEPT] = {70, 17},
    [ENTERED] = {700, 50},
    [ENTERED_BEYOND] = {1500, 120},
    [ESCAPE] = {1.2, 0},
    [CAUGHT] = {40, 10},
    [HANDLER] = {4000, 800},
    [SHARED] = {1.4, 0},
    [HANDLERS_SQUARED] = {0.1, 0},
    [EXCESS_SQUARED] = {0.6, 0},
    [NESTED] = {30, 14},
    [DETOUR] = {12000, 4200},
    [DETOURS_SQUARED] = {0.8, 0},
    [ELEMENT] = {72000, 16000},
    [GLOBALS_SQUARED] = {40, 0},
    [REGION] = {2, 4},
    [REGION_SET] = {350, 0},
    [REGIONS_SQUARED] = {1.2, 0},
    [RUN] = {4000, 2800},
    [RUNS_SQUARED] = {2, 0},
    [HIGHEST_SQUARED] = {15, 0},
    [BLOCKS_SQUARED] = {0.15, 0},
    [FUEL_SQUARED] = {7, 0},
    [IN_LOOPS] = {1, 0},
    [TRAPS] = {6, 0},
    [EXPORTS] = {0.35, 0},
    [REFS_IN_LOOPS] = {6000, 1800},
    [REFS_IN_LOOPS_SQUARED] = {1.5, 0},
    [LISTED] = {6, 0},
    [LISTED_OPEN] = {350, 0},
    [WIDE] = {3000, 200},
    [WIDE_SQUARED] = {2.9, 0},
};

/* Every place where blocks begin, end or meet costs something for each value that is live there. Detours are such
 * places, too. */
static void count_places(const counts_t *c, double detours, double *amounts)
{
    enum { DETOURS_PER_PLACE = 3 };
    double places = (double)c->blocks + detours, set = (double)c->globals_set;
    amounts[LIVE] = (double)c->heights + ((double)c->blocks + detours / DETOURS_PER_PLACE) * (double)c->locals;
    /* At each call, live references are recorded for the collector. */
    amounts[KEPT] = (double)c->kept + ((double)c->calls + detours) * (double)c->refs;
    /* For each place and each global, the compiler tracks where the global was set. */
    amounts[REGION] = places * (double)c->globals;
    amounts[REGION_SET] = places * set;
    amounts[REGIONS_SQUARED] = places * set * set;
    amounts[GLOBALS_SQUARED] = (double)c->globals * (double)c->globals;
}

static double beyond(double count, double usual)
{
    return count > usual ? count - usual : 0;
}

static void count_handlers(const counts_t *c, double size, double *amounts)
{
    /* The number of locals that calls pass to handlers, for each byte of code. Real code has up to this many, and not
     * all of them have a different value at each call. Only contrived code has more. */
    enum { LOCALS_ENTERED = 40 };
    /* Likewise, real code has up to one pair of a call and a handler for each byte. */
    double handlers = (double)c->handlers, excess = beyond(handlers, size);
    amounts[HANDLER] = handlers;
    amounts[HANDLERS_SQUARED] = handlers * handlers;
    amounts[EXCESS_SQUARED] = excess * excess;
    amounts[NESTED] = (double)c->nested;
    amounts[SHARED] = c->shared;
    amounts[ENTERED] = c->entered;
    amounts[ENTERED_BEYOND] = beyond(c->entered, LOCALS_ENTERED * size);
    amounts[ESCAPE] = c->escapes;
    amounts[CAUGHT] = (double)c->caught;
}

/* Counts what depends on loops, and on how many constructs one function contains. */
static void count_shape(const walk_t *w, double *amounts)
{
    const counts_t *c = &w->counts;
    double refs = c->calls || c->detours ? (double)c->refs : 0;
    amounts[HIGHEST_SQUARED] = (double)c->highest * (double)c->highest;
    amounts[BLOCKS_SQUARED] = (double)c->blocks * (double)c->blocks;
    amounts[IN_LOOPS] = c->in_loops;
    /* For every place where a guest keeps values, compilers check what a trap may leave there. */
    amounts[TRAPS] = (double)c->traps * ((double)c->globals_set + refs);
    /* Compilers search a list to find out whether an item is exported. */
    amounts[EXPORTS] = (double)c->accesses * (double)w->info->export_count;
    amounts[REFS_IN_LOOPS] = refs * (double)c->inner_loops;
    amounts[REFS_IN_LOOPS_SQUARED] = refs * refs * c->loop_depths;
    amounts[w->has_open_types ? LISTED_OPEN : LISTED] = (double)c->listed;
}

/* Functions and types that can be called from anywhere get extra code for such calls. With many values that code takes
 * long to compile. All functions and types are assumed to be callable from anywhere. */
static void count_wide(wrl_type_record_t type, double *amounts)
{
    enum { FEW = 16 };
    double values = (double)type.param_count + type.result_count;
    if (type.is_func && values > FEW) {
        amounts[WIDE] += values;
        amounts[WIDE_SQUARED] += values * values;
    }
}

static void count_func(const walk_t *w, wrl_type_record_t type, size_t size, double *amounts)
{
    const counts_t *c = &w->counts;
    double detours = (double)c->detours + (double)c->elements / 4;
    amounts[FUNC] = 1;
    amounts[LOCAL] = w->local_count;
    amounts[VALUE] = type.param_count + type.result_count;
    amounts[BYTE] = (double)size;
    amounts[CARRIED] = (double)c->carried;
    amounts[MERGED] = (double)c->merged;
    amounts[CHAINED] = (double)c->chained;
    amounts[CALL] = (double)c->calls;
    amounts[PASSED] = (double)c->passed;
    amounts[DETOUR] = (double)c->detours;
    amounts[ELEMENT] = (double)c->elements;
    amounts[DETOURS_SQUARED] = detours * detours;
    count_places(c, detours, amounts);
    count_handlers(c, (double)size, amounts);
    count_shape(w, amounts);
    count_wide(type, amounts);
}

static wrl_effort_t weigh(const double *amounts)
{
    wrl_effort_t effort = {0, 0};
    for (size_t i = 0; i < AMOUNTS; i++) {
        effort.work += weights[i].work * amounts[i] / 1000;
        effort.memory += weights[i].memory * amounts[i];
    }
    return effort;
}

/* ---- Functions compiled in parallel ---- */

/* Engines compile as many functions at a time as there are processors. The estimate is for up to this many. */
#define SIDE_BY_SIDE 64
/* Of the memory that compiling a function takes, one part in this many stays in use: it holds the code, and tables that
 * accompany the code. */
#define STAYS 12

typedef struct sum {
    double largest[SIDE_BY_SIDE]; /* The most that functions take. */
    size_t least;                 /* The index of the smallest of these. */
    wrl_effort_t effort;
} sum_t;

static void find_least(sum_t *sum)
{
    for (size_t i = 0; i < SIDE_BY_SIDE; i++) {
        sum->least = sum->largest[i] < sum->largest[sum->least] ? i : sum->least;
    }
}

static void add_to_sum(sum_t *sum, wrl_effort_t one)
{
    double passing = one.memory - one.memory / STAYS;
    sum->effort.work += one.work;
    sum->effort.memory += one.memory / STAYS;
    if (passing > sum->largest[sum->least]) {
        sum->effort.memory += passing - sum->largest[sum->least];
        sum->largest[sum->least] = passing;
        find_least(sum);
    }
}

/* Rounds an amount for messages. */
static unsigned long long whole(double amount)
{
    return amount < 1e19 ? (unsigned long long)(amount + 0.5) : ULLONG_MAX;
}

static void check_limit(walk_t *w, double estimate, double limit, const char *what, const char *unit,
                        const char *option)
{
    if (estimate > limit) {
        wrl__walk_refuse(
            w,
            "%s: an estimated %llu %s or more for the module up to this function; %s and the module's size allow %llu",
            what, whole(estimate), unit, option, whole(limit));
    }
}

static void check_func(walk_t *w, const wrl_effort_t *limits, const wrl_effort_t *effort)
{
    check_limit(w, effort->work, limits->work, "too much to compile", "steps", "max_compile_work");
    check_limit(w, effort->memory, limits->memory, "too many values at once to compile", "bytes", "max_compile_memory");
}

static void walk_code(walk_t *w, cursor_t code, const wrl_effort_t *limits, bool takes_fuel, sum_t *sum)
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
            wrl__walk_refuse(w, "%lu bytes, more than %d", (unsigned long)size, MAX_BODY_SIZE);
            return;
        }
        w->code = (cursor_t){code.bytes, start, code.at, false};
        w->counts = (counts_t){0};
        wrl_type_record_t type = wrl__walk_type(w, wrl__module_info_type_index(w->info, WRL_EXTERN_FUNC, w->func - 1));
        wrl__walk_body(w, type);
        double amounts[AMOUNTS] = {0};
        count_func(w, type, size, amounts);
        amounts[FUEL_SQUARED] = takes_fuel ? amounts[BLOCKS_SQUARED] : 0;
        add_to_sum(sum, weigh(amounts));
        check_func(w, limits, &sum->effort);
    }
}

/* Adds what engines compile to run at instantiation, and images. The memory of images stays in use. */
static void add_startup(walk_t *w, const uint8_t *bytes, const wrl_effort_t *limits, sum_t *sum)
{
    wrl_type_record_t none = {0};
    wrl_startup_t startup;
    w->func = WRL_WALK_STARTUP;
    w->counts = (counts_t){0};
    w->local_count = 0;
    wrl__walk_startup(w, bytes, &startup);
    double amounts[AMOUNTS] = {0};
    count_func(w, none, startup.size, amounts);
    amounts[GLOBALS_SQUARED] = 0; /* They are set one after the other, and not read. */
    amounts[RUN] = (double)startup.runs;
    amounts[RUNS_SQUARED] = (double)startup.runs * (double)startup.runs;
    for (size_t i = 0; i < w->info->type_count; i++) {
        count_wide(w->info->types[i], amounts);
    }
    add_to_sum(sum, weigh(amounts));
    sum->effort.work += IMAGE_WORK * (double)startup.images;
    sum->effort.memory += IMAGE_MEMORY * (double)startup.images;
    check_func(w, limits, &sum->effort);
}

/* Whether a compiler works on a section, so that its bytes justify more compile time. Compilers ignore custom sections,
 * and data is copied when an instance is made: both may be of any size. */
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

wrl_error_t *wrl__effort_check(const wrl_module_info_t *info, const uint8_t *bytes, const wrl_effort_limits_t *limits,
                               wrl_effort_t *effort)
{
    /* Converting to double is exact enough: the numbers are estimates. */
    const double size = (double)compiled_size(info);
    const wrl_effort_t most = {(double)limits->work + size * WRL_COMPILE_WORK_PER_BYTE,
                               (double)limits->memory + size * WRL_COMPILE_MEMORY_PER_BYTE};
    walk_t w;
    if (!wrl__walk_begin(&w, info)) {
        return wrl__error_out_of_memory();
    }
    w.most_carried = most.work < 1e12 ? (uint64_t)most.work : UINT64_MAX;
    sum_t sum = {.least = 0};
    add_startup(&w, bytes, &most, &sum);
    for (size_t i = 0; i < info->section_count; i++) {
        const wrl_section_record_t *section = &info->sections[i];
        if (section->name_size == WRL_NOT_CUSTOM && section->name == SECTION_CODE) {
            cursor_t code = {bytes, section->offset, (size_t)section->offset + section->size, false};
            walk_code(&w, code, &most, limits->takes_fuel, &sum);
        }
    }
    wrl__walk_end(&w);
    *effort = sum.effort;
    return w.error;
}
