/* Writes reports to stderr, and maps errors to exit statuses. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "text.h"

void report_prefix(const char *file)
{
    fputs("wrl: ", stderr);
    if (file) {
        const char *name = strcmp(file, "-") == 0 ? "standard input" : file;
        text_print(stderr, name, strlen(name));
        fputs(": ", stderr);
    }
}

int report(int status, const char *file, const char *format, ...)
{
    va_list arguments;
    report_prefix(file);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    return status;
}

int report_out_of_memory(const char *file)
{
    return report(STATUS_HOST, file, "out of memory");
}

int usage_error(const char *command, const char *format, ...)
{
    va_list arguments;
    report_prefix(NULL);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "\nTry: wrl %s%s--help\n", command ? command : "", command ? " " : "");
    return STATUS_USAGE;
}

static int exit_status(int32_t status)
{
    /* An exit status has 8 bits. The truncation must not turn a failure into success. */
    return status != 0 && (status & 0xff) == 0 ? STATUS_GUEST : (int)(status & 0xff);
}

static int status_of(const wrl_error_t *error)
{
    switch (wrl_error_kind(error)) {
    case WRL_ERROR_TRAP:
    case WRL_ERROR_HOST:
    case WRL_ERROR_RESOURCE_LIMIT:
        return STATUS_GUEST;
    case WRL_ERROR_OUT_OF_MEMORY:
        return STATUS_HOST;
    case WRL_ERROR_EXIT:
        return exit_status(wrl_error_exit_status(error));
    default:
        return STATUS_INPUT;
    }
}

static void print_trap(const wrl_error_t *error)
{
    const char *code = wrl_trap_code_name(wrl_error_trap_code(error));
    const char *message = wrl_error_message(error);
    fputs("trap: ", stderr);
    /* The engine's message often contains the name of the code. */
    if (!strstr(message, code)) {
        fprintf(stderr, "%s: ", code);
    }
    fputs(message, stderr);
}

static void print_frame(size_t index, const wrl_frame_t *frame)
{
    fprintf(stderr, "  #%zu func %" PRIu64, index, frame->func_index);
    if (frame->func_name) {
        fputc(' ', stderr);
        text_print_quoted(stderr, frame->func_name, frame->func_name_size);
    }
    if (frame->module_name) {
        fputs(" of ", stderr);
        text_print_quoted(stderr, frame->module_name, frame->module_name_size);
    }
    if (frame->func_offset != WRL_FRAME_UNKNOWN) {
        fprintf(stderr, ", offset 0x%" PRIx64, frame->func_offset);
    }
    if (frame->module_offset != WRL_FRAME_UNKNOWN) {
        fprintf(stderr, ", module offset 0x%" PRIx64, frame->module_offset);
    }
    fputc('\n', stderr);
}

int report_error(const char *file, wrl_error_t *error)
{
    wrl_frame_t frame;
    int status = status_of(error);
    if (wrl_error_kind(error) != WRL_ERROR_EXIT) {
        report_prefix(file);
        if (wrl_error_kind(error) == WRL_ERROR_TRAP) {
            print_trap(error);
        } else {
            fputs(wrl_error_message(error), stderr);
        }
        fputc('\n', stderr);
        for (size_t i = 0; wrl_error_frame(error, i, &frame); i++) {
            print_frame(i, &frame);
        }
    }
    wrl_error_delete(error);
    return status;
}
