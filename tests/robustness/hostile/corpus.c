/* MAP_ANONYMOUS and strsignal() are not in C11. */
#define _DEFAULT_SOURCE /* NOLINT(bugprone-reserved-identifier) */

#include "corpus.h"

#include "guests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* ---- Seeds ---- */

bool seed_read(const char *path, seed_t *seed)
{
    memset(seed, 0, sizeof(*seed));
    const char *slash = strrchr(path, '/');
    (void)snprintf(seed->name, sizeof(seed->name), "%s", slash ? slash + 1 : path);
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        (void)fprintf(stderr, "hostile: cannot read %s\n", path);
        return false;
    }
    long size = ftell(file);
    rewind(file);
    seed->data = size >= 0 ? malloc((size_t)size + 1) : NULL;
    seed->size = seed->data ? fread(seed->data, 1, (size_t)size, file) : 0;
    (void)fclose(file);
    if (!seed->data || seed->size != (size_t)size) {
        (void)fprintf(stderr, "hostile: cannot read %s\n", path);
        free(seed->data);
        return false;
    }
    return true;
}

static seed_t *add_seed(corpus_t *corpus)
{
    seed_t *larger = realloc(corpus->seeds, (corpus->count + 1) * sizeof(*larger));
    if (!larger) {
        return NULL;
    }
    corpus->seeds = larger;
    return &larger[corpus->count++];
}

bool corpus_add_file(corpus_t *corpus, const char *path)
{
    seed_t seed;
    if (!seed_read(path, &seed)) {
        return false;
    }
    seed_t *added = add_seed(corpus);
    if (added) {
        *added = seed;
    }
    return added != NULL;
}

bool corpus_add_guests(corpus_t *corpus)
{
    for (size_t i = 0; i < wrl_guest_count; i++) {
        const wrl_guest_t *guest = wrl_guests[i];
        seed_t *added = add_seed(corpus);
        uint8_t *data = malloc(guest->size);
        if (!added || !data) {
            free(data);
            return false;
        }
        memset(added, 0, sizeof(*added));
        memcpy(data, guest->bytes, guest->size);
        (void)snprintf(added->name, sizeof(added->name), "guest %s", guest->name);
        added->data = data;
        added->size = guest->size;
        added->is_guest = true;
    }
    return true;
}

void corpus_free(corpus_t *corpus)
{
    for (size_t i = 0; i < corpus->count; i++) {
        free(corpus->seeds[i].data);
    }
    free(corpus->seeds);
}

/* ---- Random numbers: splitmix64, which is good enough and the same on all hosts ---- */

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static size_t below(uint64_t *state, size_t limit)
{
    return limit ? (size_t)(next_random(state) % limit) : 0;
}

/* ---- The plan ---- */

const char *treatment_name(treatment_t treatment)
{
    static const char *const names[] = {"cuts", "flipped bits", "mutations"};
    return names[treatment];
}

/*
 * The amount of work that each target completes in some minutes, for WRL_TEST_EFFORT=full. Files of up to every_cut
 * bytes are cut at every byte. Larger files are cut at some places and at the ends of their sections. every_flip is the
 * corresponding limit for bit flips. Files of up to in_place bytes are also cut at every byte, but read without a copy.
 * A case costs more in a larger file, so the number of a file's mutations is inversely proportional to the sum of its
 * size and `even`. Files larger than `largest` get no mutations.
 */
typedef struct effort {
    const char *target;
    size_t every_cut;
    size_t in_place;
    size_t every_flip;
    size_t sampled_flips;
    size_t even;
    size_t largest;
    size_t guest_mutations;
} effort_t;

static const effort_t efforts[] = {
    {"reader", 300000, 1000000, 10000, 4000, 500000, 20000000, 600},
    {"null", 10000, 0, 10000, 2000, 500000, 20000000, 100},
    {"text", 10000, 0, 2000, 200, 10000, 20000000, 0},
    {"wasmi", 300000, 0, 4000, 1000, 100000, 1000000, 200},
    {"js", 600, 0, 60, 40, 1000, 300000, 20},
    {"js+exact_traps", 600, 0, 60, 40, 1000, 300000, 20},
    {"wasmtime", 300000, 0, 150, 20, 1000, 300000, 20},
};

static const effort_t *effort_for(const char *target)
{
    const size_t count = sizeof(efforts) / sizeof(efforts[0]);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(efforts[i].target, target) == 0) {
            return &efforts[i];
        }
    }
    return &efforts[count - 1];
}

/* MAX_GROUPS is the maximum for one seed. */
enum { MUTATIONS = 10000, SAMPLED_CUTS = 2000, MAX_SECTIONS = 64, MAX_GROUPS = 4 };

/*
 * Without WRL_TEST_EFFORT=full, files larger than EVERYDAY_SIZE get a tenth of the cases, and no cuts at every byte.
 * The guests, which contain every kind of section and instruction, are smaller. In a large file most cuts within the
 * code are alike.
 */
enum { EVERYDAY_SIZE = 20000, EVERYDAY_SHARE = 10 };

static bool is_sampled(const seed_t *seed)
{
    const char *effort = getenv("WRL_TEST_EFFORT");
    return seed->size > EVERYDAY_SIZE && !(effort && strcmp(effort, "full") == 0);
}

size_t corpus_mutations(const corpus_t *corpus)
{
    bool sampled = false;
    for (size_t i = 0; i < corpus->count; i++) {
        sampled = sampled || is_sampled(&corpus->seeds[i]);
    }
    return sampled ? MUTATIONS / EVERYDAY_SHARE : MUTATIONS;
}

/* Returns the number of section ends, except for the end of the module. Writes their offsets to `ends`. */
static size_t section_ends(const seed_t *seed, size_t ends[MAX_SECTIONS])
{
    size_t count = 0;
    size_t at = 8;
    while (at < seed->size && count < MAX_SECTIONS) {
        uint64_t size = 0;
        ends[count++] = at++;
        for (unsigned shift = 0; at < seed->size && shift < 35; shift += 7) {
            uint8_t byte = seed->data[at++];
            size |= (uint64_t)(byte & 0x7F) << shift;
            if (!(byte & 0x80)) {
                break;
            }
        }
        at = size < seed->size - at ? at + (size_t)size : seed->size;
    }
    return count;
}

static void add_group(plan_t *plan, const seed_t *seed, treatment_t treatment, size_t count, bool sampled)
{
    if (count) {
        group_t *group = &plan->groups[plan->group_count];
        *group = (group_t){seed, treatment, plan->count, count, false, sampled, &plan->failed[plan->group_count]};
        plan->group_count++;
        plan->count += count;
    }
}

/* Returns the weight of a file for the distribution of mutations. */
static size_t weight(const seed_t *seed, const effort_t *effort)
{
    return !seed->is_guest && seed->size <= effort->largest ? 1 + 1000000000 / (seed->size + effort->even) : 0;
}

static void plan_seed(plan_t *plan, const seed_t *seed, const effort_t *effort, size_t mutations)
{
    size_t ends[MAX_SECTIONS];
    bool sampled = is_sampled(seed);
    size_t share = sampled ? EVERYDAY_SHARE : 1;
    bool all_cuts = seed->size <= effort->every_cut && !sampled;
    add_group(plan, seed, CUT, all_cuts ? seed->size : SAMPLED_CUTS / share + 3 * section_ends(seed, ends), !all_cuts);
    if (!all_cuts && !sampled && seed->size <= effort->in_place) {
        add_group(plan, seed, CUT, seed->size, false);
        plan->groups[plan->group_count - 1].in_place = true;
    }
    if (seed->size <= effort->largest) {
        bool all_flips = seed->size <= effort->every_flip;
        add_group(plan, seed, FLIP, all_flips ? 8 * seed->size : effort->sampled_flips / share, !all_flips);
    }
    add_group(plan, seed, MUTATE, mutations, true);
}

bool plan_set(plan_t *plan, const corpus_t *corpus, const char *target, uint64_t seed, size_t mutations)
{
    const effort_t *effort = effort_for(target);
    memset(plan, 0, sizeof(*plan));
    plan->corpus = corpus;
    plan->seed = seed;
    plan->groups = calloc(MAX_GROUPS * corpus->count, sizeof(*plan->groups));
    plan->failed =
        mmap(NULL, MAX_GROUPS * corpus->count + 1, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (!plan->groups || plan->failed == MAP_FAILED) {
        return false;
    }
    size_t total = 0;
    for (size_t i = 0; i < corpus->count; i++) {
        total += weight(&corpus->seeds[i], effort);
    }
    size_t left = mutations;
    size_t guests_left = wrl_guest_count;
    for (size_t i = 0; i < corpus->count; i++) {
        const seed_t *module = &corpus->seeds[i];
        size_t own = weight(module, effort);
        size_t share = module->is_guest ? effort->guest_mutations : 0;
        if (own) {
            share = total <= own ? left : left * own / total; /* The last file receives the remaining cases. */
            left -= share;
            total -= own;
        } else if (module->is_guest && left == mutations) {
            share += mutations / guests_left;
        }
        plan_seed(plan, module, effort, share);
    }
    return true;
}

void plan_free(plan_t *plan)
{
    (void)munmap(plan->failed, MAX_GROUPS * plan->corpus->count + 1);
    free(plan->groups);
}

static const group_t *group_of(const plan_t *plan, size_t number)
{
    size_t g = 0;
    while (g + 1 < plan->group_count && plan->groups[g + 1].first <= number) {
        g++;
    }
    return &plan->groups[g];
}

/* ---- Making a case ---- */

static bool reserve(bytes_t *bytes, size_t size)
{
    if (size > bytes->capacity) {
        uint8_t *larger = realloc(bytes->copy, size);
        if (!larger) {
            return false;
        }
        bytes->copy = larger;
        bytes->capacity = size;
    }
    return true;
}

static size_t cut_place(const group_t *group, size_t number, uint64_t *random)
{
    size_t ends[MAX_SECTIONS];
    if (!group->sampled) {
        return number;
    }
    size_t count = section_ends(group->seed, ends);
    /* Before, at and after the end of each section. */
    return number < 3 * count ? ends[number / 3] + number % 3 - 1 : below(random, group->seed->size);
}

/* Replaces `removed` bytes by a gap of `added` bytes. */
static void shift(bytes_t *bytes, size_t at, size_t removed, size_t added)
{
    memmove(bytes->copy + at + added, bytes->copy + at + removed, bytes->size - at - removed);
    bytes->size = bytes->size - removed + added;
}

enum { LONGEST_EDIT = 64 };

/* Numbers that provoke errors, in LEB128. */
static const struct {
    uint8_t bytes[10];
    size_t size;
} numbers[] = {
    {{0xFF, 0xFF, 0xFF, 0xFF, 0x0F}, 5},
    {{0x80, 0x80, 0x80, 0x80, 0x08}, 5},
    {{0xFF, 0xFF, 0xFF, 0xFF, 0x07}, 5},
    {{0x80, 0x80, 0x04}, 3},
    {{0x80, 0x00}, 2},
    {{0xFF, 0xFF, 0xFF, 0xFF, 0x7F}, 5},
    {{0xE8, 0x07}, 2},
    {{0xFF, 0x7F}, 2},
};

/* Makes one edit after the header. The buffer has space for LONGEST_EDIT more bytes. */
static void edit(const corpus_t *corpus, bytes_t *bytes, uint64_t *random)
{
    size_t at = 8 + below(random, bytes->size - 8);
    size_t rest = bytes->size - at;
    size_t run = 1 + below(random, LONGEST_EDIT);
    size_t fitting = run < rest ? run : rest;
    const seed_t *other = &corpus->seeds[below(random, corpus->count)];
    size_t number = below(random, sizeof(numbers) / sizeof(numbers[0]));
    switch (below(random, 8)) {
    case 0:
        bytes->copy[at] = (uint8_t)next_random(random);
        break;
    case 1:
        bytes->copy[at] = (uint8_t)(bytes->copy[at] ^ 1u << below(random, 8));
        break;
    case 2:
        bytes->copy[at] = (uint8_t)(bytes->copy[at] + (below(random, 2) ? 1 : 255));
        break;
    case 3: /* Repeats bytes. */
        shift(bytes, at, 0, fitting);
        break;
    case 4:
        shift(bytes, at, fitting, 0);
        break;
    case 5: /* Copies a part of this or another module. */
        fitting = fitting < other->size ? fitting : other->size;
        memcpy(bytes->copy + at, other->data + below(random, other->size - fitting + 1), fitting);
        break;
    case 6: /* Replaces a byte by a number. */
        shift(bytes, at, 1, numbers[number].size);
        memcpy(bytes->copy + at, numbers[number].bytes, numbers[number].size);
        break;
    default:
        memset(bytes->copy + at, (int)below(random, 2) ? 0xFF : 0, fitting);
        break;
    }
}

bool plan_make(const plan_t *plan, size_t number, bytes_t *bytes)
{
    const group_t *group = group_of(plan, number);
    const seed_t *seed = group->seed;
    size_t index = number - group->first;
    uint64_t random = plan->seed ^ (uint64_t)number * UINT64_C(0xD1342543DE82EF95);
    enum { MAX_EDITS = 4 };
    if (group->treatment == CUT) {
        bytes->data = seed->data;
        bytes->size = cut_place(group, index, &random);
        return true;
    }
    if (!reserve(bytes, seed->size + (size_t)(MAX_EDITS + 1) * LONGEST_EDIT)) {
        return false;
    }
    memcpy(bytes->copy, seed->data, seed->size);
    bytes->data = bytes->copy;
    bytes->size = seed->size;
    if (group->treatment == FLIP) {
        size_t bit = group->sampled ? below(&random, 8 * seed->size) : index;
        bytes->copy[bit / 8] = (uint8_t)(bytes->copy[bit / 8] ^ 1u << bit % 8);
    } else {
        for (size_t edits = 1 + below(&random, MAX_EDITS); edits && bytes->size > 8; edits--) {
            edit(plan->corpus, bytes, &random);
        }
    }
    return true;
}

bool plan_in_place(const plan_t *plan, size_t number)
{
    return group_of(plan, number)->in_place;
}

void plan_describe(const plan_t *plan, size_t number, char *text, size_t size)
{
    const group_t *group = group_of(plan, number);
    (void)snprintf(text, size, "%s of %s, number %zu, seed %llu", treatment_name(group->treatment), group->seed->name,
                   number - group->first, (unsigned long long)plan->seed);
}

void plan_fail(const plan_t *plan, size_t number)
{
    *group_of(plan, number)->failed = true;
}
