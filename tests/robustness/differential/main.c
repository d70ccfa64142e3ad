/*
 * differential [--backends A,B] [--seeds FROM-TO] [--jobs N] [--out FOLDER] [--no-shrink] [--plant]
 * differential [--backends A,B] --read FILE | --known | --module FILE.wasm [--seed N]
 * differential [--backends A,B] [--seeds FROM-TO] --write FILE
 *
 * Random modules on several engines at once, which have to agree in all that can be seen. Each seed makes one module,
 * what the host does with it, and some broken copies. A difference is shrunk and printed as text with what differs, and
 * its module written to the folder. README.md tells more.
 */
#include "known.h"
#include "modes.h"
#include "report.h"
#include "seeds.h"
#include "trials.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static bool run_file(const options_t *options, progress_t *totals)
{
    choir_t choir;
    owned_trial_t trial;
    bool broken = false;
    FILE *file = fopen(options->read, "rb");
    if (!file || !make_choir(options, &choir)) {
        (void)fprintf(stderr, "differential: %s cannot be read\n", options->read);
        return false;
    }
    size_t count = 0;
    bool good = true;
    while (good && totals->failures < MAX_FAILURES && trial_read(file, &trial, &broken)) {
        if (!run_trial(&choir, &trial.trial, totals)) {
            report(options, &trial.trial, &totals->difference);
        }
        owned_trial_free(&trial);
        good = ++count % ((size_t)BATCH * TRIALS_PER_SEED) != 0 || choir_renew(&choir);
    }
    choir_delete(&choir);
    (void)fclose(file);
    return good && !broken && count > 0;
}

/* ---- Arguments ---- */

static bool parse_seeds(const char *text, options_t *options)
{
    char *end = NULL;
    options->first = strtoull(text, &end, 10);
    options->last = *end == '-' ? strtoull(end + 1, &end, 10) : options->first;
    return *end == '\0' && options->first <= options->last && options->last < UINT64_MAX - BATCH;
}

static bool parse(int argc, char **argv, options_t *options)
{
    static const struct option known[] = {
        {"backends", required_argument, NULL, 'b'}, {"seeds", required_argument, NULL, 's'},
        {"seed", required_argument, NULL, 's'},     {"jobs", required_argument, NULL, 'j'},
        {"out", required_argument, NULL, 'o'},      {"read", required_argument, NULL, 'r'},
        {"write", required_argument, NULL, 'w'},    {"module", required_argument, NULL, 'm'},
        {"known", no_argument, NULL, 'k'},          {"no-shrink", no_argument, NULL, 'n'},
        {"plant", no_argument, NULL, 'p'},          {NULL, 0, NULL, 0}};
    *options = (options_t){.backends = "wasmi,wasmtime", .out = ".", .first = 1, .last = 1000, .jobs = 1};
    for (int c = 0; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (c) {
        case 'b':
            options->backends = optarg;
            break;
        case 's':
            if (!parse_seeds(optarg, options)) {
                return false;
            }
            break;
        case 'j':
            options->jobs = strtoull(optarg, NULL, 10);
            break;
        case 'o':
            options->out = optarg;
            break;
        case 'r':
            options->read = optarg;
            break;
        case 'w':
            options->write = optarg;
            break;
        case 'm':
            options->module = optarg;
            break;
        case 'k':
            options->known = true;
            break;
        case 'n':
            options->no_shrink = true;
            break;
        case 'p':
            options->plant = true;
            break;
        default:
            return false;
        }
    }
    return optind == argc && options->jobs > 0 && options->jobs <= MAX_JOBS;
}

static int conclude(bool ran, bool planted, const progress_t *totals)
{
    size_t failed = totals->failures + !ran;
    if (!ran) {
        (void)printf("FAIL  not all modules were tried\n");
    }
    (void)printf(
        "%zu modules played, of whose calls %zu returned and %zu did not; %zu broken ones compiled, of which %zu "
        "were accepted; %zu known differences\n",
        totals->modules, totals->returned, totals->stopped, totals->broken, totals->accepted, totals->known);
    size_t count = totals->modules + totals->broken;
    if (planted) {
        /* These are no failures of the layer's: whether they are found is what is tried. */
        (void)printf("%zu planted differences found\n", totals->failures);
        return failed ? 1 : 0;
    }
    (void)printf("%zu passed, %zu failed\n", count > totals->failures ? count - totals->failures : 0, failed);
    return failed ? 1 : 0;
}

int main(int argc, char **argv)
{
    options_t options;
    progress_t totals = {0};
    if (!parse(argc, argv, &options)) {
        (void)fprintf(stderr,
                      "usage: differential [--backends A,B] [--seeds FROM-TO] [--jobs N] [--out FOLDER] "
                      "[--no-shrink] [--plant] [--write FILE]\n"
                      "       differential [--backends A,B] --read FILE | --known | --module FILE [--seed N]\n");
        return 2;
    }
    if (options.read) {
        return conclude(run_file(&options, &totals), options.plant, &totals);
    }
    if (options.known) {
        return run_known();
    }
#ifndef __EMSCRIPTEN__
    if (options.module) {
        return run_module(&options);
    }
    if (options.write) {
        return write_trials(&options) ? 0 : 1;
    }
    return conclude(run_seeds(&options, &totals), options.plant, &totals);
#else
    return 2;
#endif
}
