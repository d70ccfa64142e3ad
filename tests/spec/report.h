/* Results: counts, lines for people, and JSON. */
#ifndef SPEC_REPORT_H
#define SPEC_REPORT_H

#include <stdio.h>

#include "manifest.h"
#include "message.h"
#include "script.h"

typedef enum spec_status { SPEC_PASSED, SPEC_FAILED, SPEC_NOT_RUN } spec_status_t;

typedef struct spec_outcome {
    spec_status_t status;
    spec_message_t detail; /* What went wrong, or what is missing. Empty if the assertion passed. */
} spec_outcome_t;

/* Counts of assertions, unless the comment says otherwise. */
typedef struct spec_counts {
    size_t files;
    size_t passed;
    size_t failed;       /* Includes other directives that failed. */
    size_t not_run;      /* Includes other directives that were not run. */
    size_t superseded;   /* Failed, but withdrawn by a later version, for engines with some feature. */
    size_t text_passed;  /* Text that the converter rejected, as required. */
    size_t text_failed;  /* Text that the converter accepted. */
    size_t left_out;     /* Directives that the converter could not convert. */
    size_t unexplained;  /* Those of failed, not_run, text_failed and left_out that no manifest covers. */
    size_t bad_manifest; /* Entries of manifests that are out of date. */
} spec_counts_t;

typedef struct spec_report {
    const char *backend;
    const char *version; /* The engine's. */
    const char *host;
    spec_manifest_t *manifest;
    FILE *json;   /* May be NULL. */
    bool list;    /* Also print what manifests cover. */
    bool on_line; /* Whether the progress line is shown. */
    size_t file_count;
    char file[1000];
    bool has_json_entry;
    spec_counts_t counts; /* Of the current file. */
    spec_counts_t suite;  /* Of the current suite. */
    char suite_name[1000];
    spec_counts_t total;
} spec_report_t;

/* Reports the entries of the manifest that contradict the engine. */
void spec_report_features(spec_report_t *report, const wrl_engine_t *engine);

void spec_report_file(spec_report_t *report, const char *name);
void spec_report_outcome(spec_report_t *report, const spec_record_t *record, const spec_outcome_t *outcome);
void spec_report_text(spec_report_t *report, const spec_record_t *record);
void spec_report_left_out(spec_report_t *report, const spec_record_t *record);
/* Reports a problem that belongs to no record, such as a store that cannot be made. It is a failure that no manifest
 * covers. */
void spec_report_problem(spec_report_t *report, const spec_message_t *detail);
void spec_report_file_end(spec_report_t *report);

/* Prints the rest and the last line. If `all` is true, whole suites have run, so that entries for files that do not
 * exist are reported. Returns whether everything passed. */
bool spec_report_end(spec_report_t *report, bool all);

#endif
