/* Modules, and the numbered cases that are made from them. */
#ifndef WRL_TESTS_CORPUS_H
#define WRL_TESTS_CORPUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes of a case: a prefix of a seed, or a modified copy of a seed. */
typedef struct bytes {
    const uint8_t *data;
    size_t size;
    uint8_t *copy;
    size_t capacity; /* The size of the copy's buffer. */
} bytes_t;

/* A valid module. */
typedef struct seed {
    char name[128];
    uint8_t *data;
    size_t size;
    bool is_guest; /* Whether it is a guest of the conformance suite. */
} seed_t;

typedef struct corpus {
    seed_t *seeds;
    size_t count;
} corpus_t;

/* On failure, each function prints the problem to standard error and returns false. */
bool seed_read(const char *path, seed_t *seed);
bool corpus_add_file(corpus_t *corpus, const char *path);
bool corpus_add_guests(corpus_t *corpus);
void corpus_free(corpus_t *corpus);

typedef enum treatment { CUT, FLIP, MUTATE } treatment_t;

const char *treatment_name(treatment_t treatment);

/* The cases of one seed with one kind of change. */
typedef struct group {
    const seed_t *seed;
    treatment_t treatment;
    size_t first; /* The number of the first case. */
    size_t count;
    bool in_place; /* Whether cases are read in the seed's memory, which is cheaper and hides reads beyond the end. */
    bool sampled;  /* Whether the places are samples: chosen at random and, for cuts, at the ends of sections. */
    bool *failed;  /* In memory that the child shares. */
} group_t;

typedef struct plan {
    const corpus_t *corpus;
    uint64_t seed;
    group_t *groups;
    bool *failed;
    size_t group_count;
    size_t count; /* The number of cases. */
} plan_t;

/* Returns the default number of mutations, which is lower if large files are only sampled. */
size_t corpus_mutations(const corpus_t *corpus);

/* `mutations` is the total for all files, or for the guests if there are no files. */
bool plan_set(plan_t *plan, const corpus_t *corpus, const char *target, uint64_t seed, size_t mutations);
void plan_free(plan_t *plan);

/* Makes the bytes of a case. Returns false if memory is out. */
bool plan_make(const plan_t *plan, size_t number, bytes_t *bytes);
/* Returns whether the case is read in the seed's memory instead of a copy. */
bool plan_in_place(const plan_t *plan, size_t number);
void plan_describe(const plan_t *plan, size_t number, char *text, size_t size);
void plan_fail(const plan_t *plan, size_t number);

#endif
