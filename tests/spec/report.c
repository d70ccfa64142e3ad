#define _POSIX_C_SOURCE 200809L /* isatty() */

#include "report.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

/* ---- JSON: one object for each file, on a line of its own ---- */

/* Writes U+FFFD for bytes that are not UTF-8. */
static void json_string(FILE *out, const char *text)
{
    size_t size = strlen(text);
    (void)fputc('"', out);
    for (size_t i = 0; i < size;) {
        uint32_t code_point;
        size_t length = text_decode(text + i, size - i, &code_point);
        if (length == 0) {
            (void)fputs("\\ufffd", out);
            i++;
        } else if (code_point < ' ' || code_point == '"' || code_point == '\\') {
            (void)fprintf(out, "\\u%04" PRIx32, code_point);
            i++;
        } else {
            (void)fwrite(text + i, 1, length, out);
            i += length;
        }
    }
    (void)fputc('"', out);
}

static void json_pair(FILE *out, const char *key, const char *value)
{
    (void)fprintf(out, "\"%s\":", key);
    if (value) {
        json_string(out, value);
    } else {
        (void)fputs("null", out);
    }
}

static void json_begin_file(spec_report_t *report)
{
    FILE *out = report->json;
    if (!out) {
        return;
    }
    const struct {
        const char *key, *value;
    } pairs[] = {{"suite", report->suite_name},
                 {"file", report->file},
                 {"backend", report->backend},
                 {"version", report->version},
                 {"host", report->host}};
    (void)fputc('{', out);
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        json_pair(out, pairs[i].key, pairs[i].value);
        (void)fputc(',', out);
    }
    (void)fputs("\"entries\":[", out);
    report->has_json_entry = false;
}

/* A comma precedes every entry but the file's first. */
static void json_begin_entry(spec_report_t *report)
{
    if (report->has_json_entry) {
        (void)fputc(',', report->json);
    }
    report->has_json_entry = true;
}

static void json_entry(spec_report_t *report, uint32_t line, const char *status, const char *what, const char *reason,
                       const char *detail)
{
    FILE *out = report->json;
    if (!out) {
        return;
    }
    json_begin_entry(report);
    (void)fprintf(out, "{\"line\":%" PRIu32 ",", line);
    json_pair(out, "status", status);
    (void)fputc(',', out);
    json_pair(out, "what", what);
    (void)fputc(',', out);
    json_pair(out, "reason", reason);
    (void)fputc(',', out);
    json_pair(out, "detail", detail);
    (void)fputc('}', out);
}

/* An entry of a manifest for a whole file becomes a single entry. */
static void json_whole(spec_report_t *report, const spec_entry_t *entry)
{
    if (!report->json) {
        return;
    }
    json_begin_entry(report);
    (void)fprintf(report->json, "{\"line\":null,\"status\":\"not_run\",\"count\":%zu,", entry->uses);
    json_pair(report->json, "reason", entry->reason);
    (void)fputc('}', report->json);
}

static void json_end_file(spec_report_t *report)
{
    if (!report->json) {
        return;
    }
    const spec_counts_t *counts = &report->counts;
    (void)fprintf(report->json,
                  "],\"passed\":%zu,\"failed\":%zu,\"not_run\":%zu,\"superseded\":%zu,\"text_passed\":%zu,"
                  "\"text_failed\":%zu,\"left_out\":%zu,\"unexplained\":%zu}\n",
                  counts->passed, counts->failed, counts->not_run, counts->superseded, counts->text_passed,
                  counts->text_failed, counts->left_out, counts->unexplained + counts->bad_manifest);
}

/* ---- Lines for people ---- */

static void clear_progress(spec_report_t *report)
{
    if (report->on_line) {
        (void)fputs("\r\033[K", stderr);
        report->on_line = false;
    }
}

/* Emscripten reports every file as a terminal. */
static bool on_terminal(void)
{
#ifdef __EMSCRIPTEN__
    return false;
#else
    return isatty(2) == 1;
#endif
}

static void show_progress(spec_report_t *report)
{
    if (!on_terminal()) {
        return;
    }
    clear_progress(report);
    (void)fprintf(stderr, "%zu files, %zu passed, %.60s ...", report->total.files,
                  report->total.passed + report->suite.passed, report->file);
    (void)fflush(stderr);
    report->on_line = true;
}

static void print_line(spec_report_t *report, const char *mark, uint32_t line, const char *what, const char *reason,
                       const char *detail)
{
    clear_progress(report);
    (void)printf("%s %s", mark, report->file);
    if (line) {
        (void)printf(":%" PRIu32, line);
    }
    (void)printf(" %s%s%s%s%s\n", what, detail[0] ? ": " : "", detail, reason ? " -- " : "", reason ? reason : "");
}

static void print_stale(spec_report_t *report, const spec_entry_t *entry, const char *problem)
{
    clear_progress(report);
    (void)printf("STALE %s:%u: %s", entry->manifest, entry->manifest_line, entry->file);
    if (entry->line) {
        (void)printf(":%" PRIu32, entry->line);
    }
    (void)printf(" %s%s: %s\n",
                 entry->kind == SPEC_OMITS   ? "omits "
                 : entry->kind == SPEC_FAILS ? "fails "
                                             : "",
                 entry->reason, problem);
}

static void print_counts(const char *name, const spec_counts_t *counts)
{
    (void)printf("%-34s %4zu files %7zu passed %5zu failed %5zu not run", name, counts->files, counts->passed,
                 counts->failed, counts->not_run);
    if (counts->text_passed + counts->text_failed) {
        (void)printf(", text refused by the converter %zu of %zu", counts->text_passed,
                     counts->text_passed + counts->text_failed);
    }
    if (counts->superseded) {
        (void)printf(", superseded %zu", counts->superseded);
    }
    if (counts->left_out) {
        (void)printf(", not converted %zu", counts->left_out);
    }
    (void)printf("\n");
}

/* ---- Counting ---- */

static void add_counts(spec_counts_t *sum, const spec_counts_t *counts)
{
    sum->files += counts->files;
    sum->passed += counts->passed;
    sum->failed += counts->failed;
    sum->not_run += counts->not_run;
    sum->superseded += counts->superseded;
    sum->text_passed += counts->text_passed;
    sum->text_failed += counts->text_failed;
    sum->left_out += counts->left_out;
    sum->unexplained += counts->unexplained;
    sum->bad_manifest += counts->bad_manifest;
}

static void end_suite(spec_report_t *report)
{
    if (report->suite.files) {
        clear_progress(report);
        print_counts(report->suite_name, &report->suite);
    }
    add_counts(&report->total, &report->suite);
    memset(&report->suite, 0, sizeof(report->suite));
}

/* The suite of "v2/i32.wast" is "v2". */
static void name_suite(const char *file, char *suite, size_t size)
{
    const char *slash = strchr(file, '/');
    (void)snprintf(suite, size, "%.*s", (int)(slash ? slash - file : 0), file);
    if (suite[0] == '\0') {
        (void)snprintf(suite, size, "no suite");
    }
}

/* Records what did not pass, whether the manifest covers it or not, and increments `count`. */
static void note(spec_report_t *report, const spec_record_t *record, bool failed, size_t *count, const char *status,
                 const char *detail)
{
    spec_entry_t *entry = spec_manifest_cover(report->manifest, report->file, record->line, failed);
    const char *what = spec_op_name(record->op);
    if (entry && entry->kind == SPEC_SUPERSEDED) {
        count = &report->counts.superseded;
        status = "superseded";
    }
    ++*count;
    if (!entry) {
        report->counts.unexplained++;
        print_line(report, failed ? "FAIL" : "NOT RUN", record->line, what, NULL, detail);
        json_entry(report, record->line, status, what, NULL, detail);
        return;
    }
    if (report->list) {
        print_line(report, failed ? "fails" : "not run", record->line, what, entry->reason, detail);
    }
    if (entry->line) {
        json_entry(report, record->line, status, what, entry->reason, detail);
    }
}

/* ---- Reports ---- */

void spec_report_features(spec_report_t *report, const wrl_engine_t *engine)
{
    for (size_t i = 0; i < report->manifest->count; i++) {
        const spec_entry_t *entry = &report->manifest->entries[i];
        if (entry->kind == SPEC_LACKS && wrl_engine_supports(engine, entry->feature)) {
            print_stale(report, entry, "the engine supports the feature");
            report->total.bad_manifest++;
        }
    }
}

void spec_report_file(spec_report_t *report, const char *name)
{
    char suite[sizeof(report->suite_name)];
    (void)snprintf(report->file, sizeof(report->file), "%s", name);
    name_suite(name, suite, sizeof(suite));
    if (strcmp(suite, report->suite_name) != 0) {
        end_suite(report);
        memcpy(report->suite_name, suite, sizeof(suite));
    }
    memset(&report->counts, 0, sizeof(report->counts));
    report->counts.files = 1;
    for (size_t i = 0; i < report->manifest->count; i++) {
        spec_entry_t *entry = &report->manifest->entries[i];
        entry->file_was_run = entry->file_was_run || strcmp(entry->file, name) == 0;
    }
    show_progress(report);
    json_begin_file(report);
}

void spec_report_outcome(spec_report_t *report, const spec_record_t *record, const spec_outcome_t *outcome)
{
    switch (outcome->status) {
    case SPEC_PASSED:
        report->counts.passed += spec_op_is_assertion(record->op);
        break;
    case SPEC_FAILED:
        note(report, record, true, &report->counts.failed, "failed", outcome->detail.data);
        break;
    case SPEC_NOT_RUN:
        note(report, record, false, &report->counts.not_run, "not_run", outcome->detail.data);
        break;
    }
}

void spec_report_text(spec_report_t *report, const spec_record_t *record)
{
    if (record->text_ok) {
        report->counts.text_passed++;
        return;
    }
    spec_message_t detail;
    spec_message_clear(&detail);
    spec_message_add(&detail, "the converter accepted %s text (",
                     record->text_kind == SPEC_ASSERT_INVALID ? "invalid" : "malformed");
    spec_message_add_quoted(&detail, record->message);
    spec_message_add(&detail, "): ");
    spec_message_add_quoted(&detail, record->detail);
    note(report, record, true, &report->counts.text_failed, "text_failed", detail.data);
}

void spec_report_left_out(spec_report_t *report, const spec_record_t *record)
{
    spec_message_t detail;
    spec_message_clear(&detail);
    spec_message_add_quoted(&detail, record->message);
    spec_message_add(&detail, ": ");
    spec_message_add_quoted(&detail, record->detail);
    note(report, record, false, &report->counts.left_out, "left_out", detail.data);
}

void spec_report_problem(spec_report_t *report, const spec_message_t *detail)
{
    report->counts.failed++;
    report->counts.unexplained++;
    print_line(report, "FAIL", 0, "file", NULL, detail->data);
    json_entry(report, 0, "failed", "file", NULL, detail->data);
}

void spec_report_file_end(spec_report_t *report)
{
    for (size_t i = 0; i < report->manifest->count; i++) {
        spec_entry_t *entry = &report->manifest->entries[i];
        if (strcmp(entry->file, report->file) != 0) {
            continue;
        }
        if (entry->uses == 0) {
            bool of_failure = entry->kind == SPEC_FAILS || entry->kind == SPEC_SUPERSEDED;
            const char *problem = of_failure ? "nothing in this line failed" : "everything was run";
            print_stale(report, entry, problem);
            json_entry(report, entry->line, "stale", "manifest", entry->reason, problem);
            report->counts.bad_manifest++;
        } else if (entry->line == 0) {
            json_whole(report, entry);
        }
    }
    json_end_file(report);
    add_counts(&report->suite, &report->counts);
}

static void check_files(spec_report_t *report)
{
    for (size_t i = 0; i < report->manifest->count; i++) {
        if (!report->manifest->entries[i].file_was_run) {
            print_stale(report, &report->manifest->entries[i], "the file does not exist");
            report->total.bad_manifest++;
        }
    }
}

bool spec_report_end(spec_report_t *report, bool all)
{
    end_suite(report);
    clear_progress(report);
    if (all) {
        check_files(report);
    }
    const spec_counts_t *total = &report->total;
    print_counts("all", total);
    size_t failed = total->unexplained + total->bad_manifest;
    (void)printf("%zu passed, %zu failed\n", total->passed, failed);
    return failed == 0 && total->files > 0;
}
