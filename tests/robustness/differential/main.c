/*
 * Plays random modules on several engines, which must agree in everything that can be observed. A seed determines one
 * module, the host's actions with the module, and broken copies of the module. A module with a difference is shrunk,
 * printed as text with the difference, and written to the output folder. See --help and README.md.
 */
#include "known.h"
#include "modes.h"
#include "report.h"
#include "seeds.h"
#include "trials.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static bool run_file(const options_t *asked, progress_t *totals)
{
    /* A process whose engines are in use cannot shrink a module. */
    options_t here = *asked;
    here.no_shrink = true;
    const options_t *options = &here;
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
        bool agree = run_trial(&choir, &trial.trial, totals);
        if (options->print) {
            print_recorded(&trial.trial);
            print_voices(&choir, agree, &totals->difference);
        }
        if (!agree) {
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

static const char usage[] =
    "usage: differential [--backends A,B] [--seeds FROM-TO] [--jobs N] [--out FOLDER] [--no-shrink] [--plant]\n"
    "       differential [--backends A,B] [--seeds FROM-TO] [--newest] --write FILE\n"
    "       differential [--backends A,B] [--out FOLDER] [--print] --read FILE\n"
    "       differential [--backends A,B] [--seed N] --module FILE\n"
    "       differential [--backends A] [--seed N] [--out FOLDER] --module FILE --reader COMMAND\n"
    "       differential --known | --help\n";

static const char help[] =
    "\n"
    "Plays random modules on several engines, which must agree in everything that can be observed. The exit status\n"
    "is 0 if they do, 1 if not, 2 for wrong arguments. On JS hosts there are --read, --known and --help alone.\n"
    "\n"
    "What to play (without any of these: the modules of the seeds)\n"
    "  --seeds FROM-TO   the seeds; each makes one module and three broken copies of it. Default: 1-1000\n"
    "  --seed N          one seed; with --module, it determines what the host does\n"
    "  --module FILE     a module in the binary format: prints what each engine does with it\n"
    "  --read FILE       trials that --write has made; compares the engines with the records in them as well\n"
    "  --known           checks that each known difference (known.c) still exists\n"
    "\n"
    "How\n"
    "  --backends A,B    the backends, at most four. Default: wasmi,wasmtime. Others than the built-in ones are "
    "searched "
    "for\n"
    "                    as the library does\n"
    "  --jobs N          the number of processes, for seeds. Default: 1\n"
    "  --plant           gives the last backend modules with a fault, which must be detected: a test of this "
    "test\n"
    "\n"
    "What to tell\n"
    "  --out FOLDER      the folder for modules that engines differ on. Default: the current folder\n"
    "  --no-shrink       does not shrink these modules\n"
    "  --print           with --read: prints what each engine does with each trial\n"
    "  --help            prints this help\n"
    "\n"
    "For other hosts\n"
    "  --write FILE      writes the trials of the seeds with the first backend's transcripts; plays them on all "
    "backends\n"
    "  --newest          with --write: modules with what wasmtime and the newest JS engines support (GC, exceptions, "
    "threads,\n"
    "                    64-bit memories...), not with what all engines support\n"
    "  --reader COMMAND  with --module: shrinks the module as long as the shell command \"COMMAND --read FILE\" "
    "reports "
    "the\n"
    "                    same difference from the backend, such as \"node differential.js --backends js\"\n";

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
        {"plant", no_argument, NULL, 'p'},          {"newest", no_argument, NULL, 'N'},
        {"print", no_argument, NULL, 'P'},          {"reader", required_argument, NULL, 'R'},
        {"help", no_argument, NULL, 'h'},           {NULL, 0, NULL, 0}};
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
        case 'N':
            options->newest = true;
            break;
        case 'P':
            options->print = true;
            break;
        case 'R':
            options->reader = optarg;
            break;
        case 'h':
            options->help = true;
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
        (void)printf("FAIL  not all modules were played\n");
    }
    (void)printf(
        "%zu modules played, of whose calls %zu returned and %zu did not; %zu broken ones compiled, of which %zu "
        "were accepted; %zu known differences\n",
        totals->modules, totals->returned, totals->stopped, totals->broken, totals->accepted, totals->known);
    size_t count = totals->modules + totals->broken;
    if (planted) {
        /* Planted faults are not failures of the layer. The run checks that they are detected. */
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
        (void)fputs(usage, stderr);
        return 2;
    }
    if (options.help) {
        (void)printf("%s%s", usage, help);
        return 0;
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
    (void)fputs("differential: this host supports --read, --known and --help alone\n", stderr);
    return 2;
#endif
}
