#include "script.h"

#include <stdio.h>
#include <string.h>

/* Real scripts do not nest `either`. Without a limit, a script could overflow the stack. */
enum { MAX_EITHER_DEPTH = 4 };

bool spec_bytes_equal(spec_bytes_t a, spec_bytes_t b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

const char *spec_op_name(uint8_t op)
{
    switch (op) {
    case SPEC_MODULE:
        return "module";
    case SPEC_MODULE_DEFINITION:
        return "module definition";
    case SPEC_MODULE_INSTANCE:
        return "module instance";
    case SPEC_REGISTER:
        return "register";
    case SPEC_ACTION:
        return "action";
    case SPEC_ASSERT_RETURN:
        return "assert_return";
    case SPEC_ASSERT_TRAP:
        return "assert_trap";
    case SPEC_ASSERT_EXHAUSTION:
        return "assert_exhaustion";
    case SPEC_ASSERT_EXCEPTION:
        return "assert_exception";
    case SPEC_ASSERT_SUSPENSION:
        return "assert_suspension";
    case SPEC_ASSERT_INVALID:
        return "assert_invalid";
    case SPEC_ASSERT_MALFORMED:
        return "assert_malformed";
    case SPEC_ASSERT_UNLINKABLE:
        return "assert_unlinkable";
    case SPEC_TEXT:
        return "text";
    case SPEC_LEFT_OUT:
        return "left out";
    default:
        return NULL;
    }
}

bool spec_op_is_assertion(uint8_t op)
{
    return op >= SPEC_ASSERT_RETURN && op <= SPEC_ASSERT_UNLINKABLE;
}

/* ---- Parts ---- */

static void fail(spec_reader_t *reader, const char *fault)
{
    if (!reader->fault) {
        reader->fault = fault;
        reader->fault_at = reader->at;
    }
}

static const uint8_t *take(spec_reader_t *reader, size_t size)
{
    if (reader->fault || size > reader->size - reader->at) {
        fail(reader, "ends too early");
        return NULL;
    }
    const uint8_t *data = reader->data + reader->at;
    reader->at += size;
    return data;
}

static uint64_t take_number(spec_reader_t *reader, size_t size)
{
    const uint8_t *data = take(reader, size);
    uint64_t number = 0;
    for (size_t i = 0; data && i < size; i++) {
        number |= (uint64_t)data[i] << (8 * i);
    }
    return number;
}

static uint8_t take_u8(spec_reader_t *reader)
{
    return (uint8_t)take_number(reader, 1);
}

static uint32_t take_u32(spec_reader_t *reader)
{
    return (uint32_t)take_number(reader, 4);
}

/* Reads a number below `limit`. */
static uint8_t take_choice(spec_reader_t *reader, uint8_t limit, const char *fault)
{
    uint8_t choice = take_u8(reader);
    if (choice >= limit) {
        reader->at--;
        fail(reader, fault);
        return 0;
    }
    return choice;
}

static spec_bytes_t take_bytes(spec_reader_t *reader)
{
    spec_bytes_t bytes = {NULL, take_u32(reader)};
    bytes.data = take(reader, bytes.size);
    if (!bytes.data) {
        bytes.size = 0;
    }
    return bytes;
}

/* ---- Values ---- */

static spec_float_t take_float(spec_reader_t *reader, size_t size)
{
    spec_float_t value;
    value.pattern = (spec_pattern_t)take_choice(reader, SPEC_NAN_ARITHMETIC + 1, "no such pattern of NaN");
    value.bits = take_number(reader, size);
    return value;
}

static void take_v128(spec_reader_t *reader, spec_value_t *value)
{
    value->of.v128.shape = (spec_shape_t)take_choice(reader, SPEC_F64X2 + 1, "no such shape of vector");
    size_t lane = value->of.v128.shape == SPEC_F32X4 ? 4 : value->of.v128.shape == SPEC_F64X2 ? 8 : 0;
    if (lane == 0) {
        const uint8_t *bytes = take(reader, 16);
        if (bytes) {
            memcpy(value->of.v128.bytes, bytes, 16);
        }
        return;
    }
    for (size_t i = 0; i < 16 / lane; i++) {
        spec_float_t f = take_float(reader, lane);
        value->of.v128.patterns[i] = f.pattern;
        for (size_t byte = 0; byte < lane; byte++) {
            value->of.v128.bytes[i * lane + byte] = (uint8_t)(f.bits >> (8 * byte));
        }
    }
}

static spec_values_t take_values(spec_reader_t *reader, unsigned depth);

static void take_value(spec_reader_t *reader, spec_value_t *value, unsigned depth)
{
    memset(value, 0, sizeof(*value));
    value->tag = (spec_tag_t)take_choice(reader, SPEC_EITHER + 1, "no such kind of value");
    switch (value->tag) {
    case SPEC_I32:
        value->of.i32 = take_u32(reader);
        break;
    case SPEC_I64:
        value->of.i64 = take_number(reader, 8);
        break;
    case SPEC_F32:
        value->of.f = take_float(reader, 4);
        break;
    case SPEC_F64:
        value->of.f = take_float(reader, 8);
        break;
    case SPEC_V128:
        take_v128(reader, value);
        break;
    case SPEC_REF_NULL:
        value->of.heap = take_bytes(reader);
        break;
    case SPEC_REF_EXTERN:
        value->of.ref.has_number = take_choice(reader, 2, "neither with a number nor without") != 0;
        value->of.ref.number = take_u32(reader);
        break;
    case SPEC_REF_HOST:
        value->of.ref.has_number = true;
        value->of.ref.number = take_u32(reader);
        break;
    case SPEC_REF_FUNC:
    case SPEC_REF_ANY:
    case SPEC_REF_EQ:
    case SPEC_REF_ARRAY:
    case SPEC_REF_STRUCT:
    case SPEC_REF_I31:
        break;
    case SPEC_EITHER:
        value->of.either = take_values(reader, depth + 1);
        break;
    default:
        fail(reader, "no such kind of value");
        break;
    }
}

/* Skips the values, so that the position after them is known. Readers of a copy find no faults. */
static spec_values_t take_values(spec_reader_t *reader, unsigned depth)
{
    spec_values_t values;
    memset(&values, 0, sizeof(values));
    values.count = take_u32(reader);
    if (depth > MAX_EITHER_DEPTH) {
        fail(reader, "choices are nested too deeply");
    }
    values.reader = *reader;
    for (uint32_t i = 0; i < values.count && !reader->fault; i++) {
        spec_value_t value;
        take_value(reader, &value, depth);
    }
    if (reader->fault) {
        values.count = 0;
    }
    return values;
}

bool spec_values_next(spec_values_t *values, spec_value_t *value)
{
    if (values->count == 0) {
        return false;
    }
    values->count--;
    take_value(&values->reader, value, 0);
    return !values->reader.fault;
}

/* Returns whether a value can be an argument: it is a value, not a set of values. */
static bool is_argument(const spec_value_t *value)
{
    switch (value->tag) {
    case SPEC_I32:
    case SPEC_I64:
    case SPEC_REF_NULL:
    case SPEC_REF_HOST:
        return true;
    case SPEC_F32:
    case SPEC_F64:
        return value->of.f.pattern == SPEC_EXACT;
    case SPEC_V128:
        for (size_t i = 0; i < 4; i++) {
            if (value->of.v128.patterns[i] != SPEC_EXACT) {
                return false;
            }
        }
        return true;
    case SPEC_REF_EXTERN:
        return value->of.ref.has_number;
    default:
        return false;
    }
}

/* ---- Records ---- */

static void take_exec(spec_reader_t *reader, spec_exec_t *exec)
{
    exec->kind = (spec_exec_kind_t)take_choice(reader, SPEC_INSTANTIATE + 1, "no such kind of execution");
    if (exec->kind == SPEC_INSTANTIATE) {
        exec->module = take_bytes(reader);
        return;
    }
    exec->module_id = take_bytes(reader);
    exec->name = take_bytes(reader);
    if (exec->kind != SPEC_INVOKE) {
        return;
    }
    size_t at = reader->at;
    exec->args = take_values(reader, 0);
    spec_values_t args = exec->args;
    spec_value_t value;
    while (spec_values_next(&args, &value)) {
        if (!is_argument(&value)) {
            reader->at = at;
            fail(reader, "an argument is not a single value");
        }
    }
}

static void take_payload(spec_reader_t *reader, spec_record_t *record)
{
    switch (record->op) {
    case SPEC_MODULE:
    case SPEC_MODULE_DEFINITION:
    case SPEC_MODULE_INSTANCE:
        record->id = take_bytes(reader);
        record->module = take_bytes(reader);
        break;
    case SPEC_REGISTER:
        record->name = take_bytes(reader);
        record->id = take_bytes(reader);
        break;
    case SPEC_ACTION:
    case SPEC_ASSERT_EXCEPTION:
        take_exec(reader, &record->exec);
        break;
    case SPEC_ASSERT_RETURN:
        take_exec(reader, &record->exec);
        record->results = take_values(reader, 0);
        break;
    case SPEC_ASSERT_TRAP:
    case SPEC_ASSERT_EXHAUSTION:
    case SPEC_ASSERT_SUSPENSION:
        take_exec(reader, &record->exec);
        record->message = take_bytes(reader);
        break;
    case SPEC_ASSERT_INVALID:
    case SPEC_ASSERT_MALFORMED:
    case SPEC_ASSERT_UNLINKABLE:
        record->module = take_bytes(reader);
        record->message = take_bytes(reader);
        break;
    case SPEC_TEXT:
        record->text_kind = take_u8(reader);
        if (record->text_kind != SPEC_ASSERT_INVALID && record->text_kind != SPEC_ASSERT_MALFORMED) {
            fail(reader, "text that is neither invalid nor malformed");
        }
        record->text_ok = take_choice(reader, 2, "neither refused nor accepted") != 0;
        record->message = take_bytes(reader);
        record->detail = take_bytes(reader);
        break;
    case SPEC_LEFT_OUT:
        record->message = take_bytes(reader);
        record->detail = take_bytes(reader);
        break;
    default:
        fail(reader, "no such directive");
        break;
    }
}

bool spec_file_next(spec_file_t *file, spec_record_t *record)
{
    spec_reader_t *reader = &file->records;
    if (reader->fault || reader->at == reader->size) {
        return false;
    }
    memset(record, 0, sizeof(*record));
    record->op = take_u8(reader);
    record->line = take_u32(reader);
    take_payload(reader, record);
    return !reader->fault;
}

/* ---- Files ---- */

void spec_script_open(spec_reader_t *script, const void *data, size_t size)
{
    memset(script, 0, sizeof(*script));
    script->data = data;
    script->size = size;
}

/* Names appear unescaped in terminals and manifests. */
static bool is_name(spec_bytes_t name)
{
    for (size_t i = 0; i < name.size; i++) {
        if (name.data[i] < ' ' || name.data[i] > '~') {
            return false;
        }
    }
    return name.size > 0 && name.size < 1000;
}

bool spec_script_next(spec_reader_t *script, spec_file_t *file)
{
    static const char magic[] = "WRLSPEC1";
    if (script->fault || script->at == script->size) {
        return false;
    }
    const uint8_t *start = take(script, sizeof(magic) - 1);
    if (!start || memcmp(start, magic, sizeof(magic) - 1) != 0) {
        script->fault = NULL;
        fail(script, "does not begin with WRLSPEC1");
        return false;
    }
    file->name = take_bytes(script);
    if (!script->fault && !is_name(file->name)) {
        fail(script, "the file's name is empty, too long, or not plain ASCII");
    }
    size_t size = take_u32(script);
    size_t at = script->at;
    if (!take(script, size)) {
        return false;
    }
    spec_script_open(&file->records, script->data, at + size);
    file->records.at = at;
    return true;
}

static const char *describe(const spec_reader_t *reader, char *message, size_t size)
{
    (void)snprintf(message, size, "%s, at byte %zu", reader->fault, reader->fault_at);
    return message;
}

const char *spec_script_check(const void *data, size_t size, char *message, size_t message_size)
{
    spec_reader_t script;
    spec_script_open(&script, data, size);
    spec_file_t file;
    while (spec_script_next(&script, &file)) {
        spec_record_t record;
        while (spec_file_next(&file, &record)) {
        }
        if (file.records.fault) {
            return describe(&file.records, message, message_size);
        }
    }
    if (script.fault) {
        return describe(&script, message, message_size);
    }
    if (size == 0) {
        (void)snprintf(message, message_size, "contains no file");
        return message;
    }
    return NULL;
}
