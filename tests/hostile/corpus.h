/* Modules to start from, and the numbered cases that are made of them. */
#ifndef WRL_TESTS_CORPUS_H
#define WRL_TESTS_CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes of a case: the start of a seed, or an altered copy of one. */
typedef struct bytes {
    const uint8_t *data;
    size_t size;
    uint8_t *copy;
    size_t capacity; /* Of the copy. */
} bytes_t;

/* A sound module. */
typedef struct seed {
    char name[128];
    uint8_t *data;
    size_t size;
    bool is_guest; /* Of the conformance suite. */
} seed_t;

typedef struct corpus {
    seed_t *seeds;
    size_t count;
} corpus_t;

/* Each says what is wrong on standard error and returns false. */
bool seed_read(const char *path, seed_t *seed);
bool corpus_add_file(corpus_t *corpus, const char *path);
bool corpus_add_guests(corpus_t *corpus);
void corpus_free(corpus_t *corpus);

typedef enum treatment { CUT, FLIP, MUTATE } treatment_t;

const char *treatment_name(treatment_t treatment);

/* Cases of one seed, treated in one way. */
typedef struct group {
    const seed_t *seed;
    treatment_t treatment;
    size_t first; /* Number of the first case. */
    size_t count;
    bool in_place; /* Read where the seed lies, which is cheaper and hides reads beyond the end. */
    bool sampled;  /* Not every place there is, but places chosen by the random numbers and, for cuts, section ends. */
    bool *failed;  /* In memory that the child shares. */
} group_t;

typedef struct plan {
    const corpus_t *corpus;
    uint64_t seed;
    group_t *groups;
    bool *failed;
    size_t group_count;
    size_t count; /* Of cases. */
} plan_t;

/* How many mutations there are if nobody says so: less if large files are only sampled. */
size_t corpus_mutations(const corpus_t *corpus);

/* `mutations` is how many there are of the files together (or of the guests, if there are no files). */
bool plan_set(plan_t *plan, const corpus_t *corpus, const char *target, uint64_t seed, size_t mutations);
void plan_free(plan_t *plan);

/* Makes the bytes of a case. Returns false without memory. */
bool plan_make(const plan_t *plan, size_t number, bytes_t *bytes);
/* Whether the case is to be read where it lies, rather than in a copy of its own. */
bool plan_in_place(const plan_t *plan, size_t number);
void plan_describe(const plan_t *plan, size_t number, char *text, size_t size);
void plan_fail(const plan_t *plan, size_t number);

#endif
