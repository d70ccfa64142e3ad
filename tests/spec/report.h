/* What came out: counts, lines for people, and JSON. */
#ifndef SPEC_REPORT_H
#define SPEC_REPORT_H

#include <stdio.h>

#include "manifest.h"
#include "message.h"
#include "script.h"

typedef enum spec_status { SPEC_PASSED, SPEC_FAILED, SPEC_NOT_RUN } spec_status_t;

typedef struct spec_outcome {
    spec_status_t status;
    spec_message_t detail; /* Unless it passed: what went wrong, or what is missing. */
} spec_outcome_t;

/* Assertions, unless the comment says otherwise. */
typedef struct spec_counts {
    size_t files;
    size_t passed;
    size_t failed;       /* Directives that are no assertions as well: those that failed. */
    size_t not_run;      /* Likewise. */
    size_t superseded;   /* Failed, but are no longer true of an engine that has some feature. */
    size_t text_passed;  /* Text that the converter refused, as it had to. */
    size_t text_failed;  /* Text that it took. */
    size_t left_out;     /* Directives that the converter could not convert. */
    size_t unexplained;  /* What no manifest covers, of failed, not_run, text_failed and left_out. */
    size_t bad_manifest; /* Entries of manifests that are not true. */
} spec_counts_t;

typedef struct spec_report {
    const char *backend;
    const char *version; /* Of the engine. */
    const char *host;
    spec_manifest_t *manifest;
    FILE *json;   /* May be NULL. */
    bool list;    /* Print what manifests cover as well. */
    bool on_line; /* The progress line is shown. */
    size_t file_count;
    char file[1000];
    bool has_json_entry;
    spec_counts_t counts; /* Of the file. */
    spec_counts_t suite;  /* Of the suite that the file is in. */
    char suite_name[1000];
    spec_counts_t total;
} spec_report_t;

/* Entries of the manifest that contradict the engine. */
void spec_report_features(spec_report_t *report, const wrl_engine_t *engine);

void spec_report_file(spec_report_t *report, const char *name);
void spec_report_outcome(spec_report_t *report, const spec_record_t *record, const spec_outcome_t *outcome);
void spec_report_text(spec_report_t *report, const spec_record_t *record);
void spec_report_left_out(spec_report_t *report, const spec_record_t *record);
/* Something that is not of one record, such as a store that cannot be made: fails, and no manifest covers it. */
void spec_report_problem(spec_report_t *report, const spec_message_t *detail);
void spec_report_file_end(spec_report_t *report);

/* Prints the rest and the closing line. `all` says that whole suites were run, so that entries of the manifest for
 * files that do not exist are found. Returns whether all went well. */
bool spec_report_end(spec_report_t *report, bool all);

#endif
