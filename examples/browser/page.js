// The page's user interface, and its calls of the C program (page.c).
import createHost from "./host.js";
import { readSlot, writeSlot } from "./values.js";

const find = (id) => document.getElementById(id);
const slotSize = 16;
const logLines = 200;
// The minimum duration of one measurement, in milliseconds.
const measured = 200;

let host; // The C program.
let opened = null; // {session, data}: the open session, and the bytes of its module.
let last = null; // {data, name}: the last module that the user tried to open.

// ---- The log ----

const lines = [];
let dropped = 0;

function log(line) {
    lines.push(line);
    if (lines.length > logLines) {
        lines.shift();
        dropped++;
    }
}

function showLog() {
    find("log").textContent = (dropped ? `… ${dropped} more\n` : "") + lines.join("\n");
}

function clearLog() {
    lines.length = 0;
    dropped = 0;
}

// ---- The program ----

const text = (pointer) => host.UTF8ToString(pointer);

const worded = (kind, message) => (message.startsWith(kind) ? message : `${kind}: ${message}`);

/** Makes an Error with everything that the program reports about its last error: kind, message, trap code, backtrace. */
function failure() {
    const trap = host._page_error_trap();
    const kind = text(host._page_error_kind());
    const message = text(host._page_error_message());
    const found = [worded(kind, message)];
    if (trap) {
        found.push(`trap code: ${text(trap)}`);
    }
    const frames = host._page_error_frame_count();
    for (let i = 0; i < frames; i++) {
        found.push(`  #${i} ${text(host._page_error_frame(i))}`);
    }
    return new Error(found.join("\n"));
}

/** Translates a module from the text format to the binary format. */
function translate(data) {
    const pointer = host._malloc(data.length || 1);
    if (!pointer) {
        throw new Error("out of memory");
    }
    try {
        host.HEAPU8.set(data, pointer);
        if (!host._page_translate(pointer, data.length)) {
            throw failure();
        }
    } finally {
        host._free(pointer);
    }
    return host.HEAPU8.slice(host._page_binary(), host._page_binary() + host._page_binary_size());
}

/** Compiles asynchronously, because browsers allow synchronous compilation only for small modules. */
async function compile(engine, data) {
    const isBinary = [0x00, 0x61, 0x73, 0x6d].every((byte, i) => data[i] === byte);
    const bytes = isBinary ? data : translate(data);
    try {
        return await host.wrlModuleNewAsync(engine, bytes);
    } catch (error) {
        throw new Error(worded(error.kind, error.message));
    }
}

/** Opens a module on the backend with that index. */
async function openSession(backend, data, quiet) {
    const session = host._page_open(host._page_backend_name(backend), quiet);
    if (!session) {
        throw failure();
    }
    try {
        const module = await compile(host._page_engine(session), data);
        if (!host._page_start(session, module)) {
            throw failure();
        }
        return session;
    } catch (error) {
        host._page_close(session);
        throw error;
    }
}

const slots = (session) => new DataView(host.HEAPU8.buffer, host._page_slots(session));

function writeArguments(session, index, values) {
    const view = slots(session);
    values.forEach((value, i) => writeSlot(view, i * slotSize, text(host._page_param_kind(session, index, i)), value));
}

function readResults(session, index) {
    const view = slots(session);
    return Array.from({ length: host._page_result_count(session, index) }, (_, i) =>
        readSlot(view, i * slotSize, text(host._page_result_kind(session, index, i))),
    );
}

// ---- The page ----

function element(tag, content, name = "") {
    const made = document.createElement(tag);
    made.className = name;
    made.append(...[content].flat());
    return made;
}

function show(id, message) {
    find(id).textContent = message;
    find(id).hidden = message === "";
}

/** Runs a function, and shows an error that it throws in the element `place`. */
async function attempt(place, body) {
    show(place, "");
    try {
        await body();
    } catch (error) {
        show(place, error instanceof WebAssembly.RuntimeError ? `the program has failed: ${error.message}` : error.message);
    }
    showLog();
}

function item(name, kind, type) {
    return element("li", [element("code", name), " ", element("span", kind, "kind"), " ", element("code", type)]);
}

function list(id, items) {
    find(id).replaceChildren(...items);
    find(`no-${id}`).hidden = items.length > 0;
}

/** Returns the module's imports or exports. */
function items(session, isImport) {
    return Array.from({ length: host._page_item_count(session, isImport) }, (_, index) => ({
        index,
        module: text(host._page_item_module(session, isImport, index)),
        name: text(host._page_item_name(session, isImport, index)),
        kind: text(host._page_item_kind(session, isImport, index)),
        type: text(host._page_item_type(session, isImport, index)),
    }));
}

function showItems(session) {
    const exports = items(session, false);
    list("imports", items(session, true).map(({ module, name, kind, type }) => item(`${module}.${name}`, kind, type)));
    list("exports", exports.map(({ name, kind, type }) => item(name, kind, type)));
    const functions = exports.filter(({ kind }) => kind === "function");
    find("export").replaceChildren(...functions.map(({ index, name }) => new Option(name, index)));
    find("calling").hidden = find("timing").hidden = functions.length === 0;
}

function showParameters() {
    const { session } = opened;
    const index = Number(find("export").value);
    const fields = Array.from({ length: host._page_param_count(session, index) }, (_, i) => {
        const kind = text(host._page_param_kind(session, index, i));
        const field = document.createElement("input");
        field.id = `argument-${i}`;
        field.autocomplete = "off";
        field.value = { i32: "10", i64: "10", f32: "1.5", f64: "1.5", v128: "0x0" }[kind] ?? "null";
        const label = element("label", `Argument ${i + 1}, ${kind}`);
        label.htmlFor = field.id;
        return [label, field];
    });
    find("arguments").replaceChildren(...fields.flat());
    show("result", "");
    show("call-error", "");
    find("times").replaceChildren();
}

const typedArguments = () => [...find("arguments").querySelectorAll("input")].map((field) => field.value);

function closeModule() {
    if (opened) {
        host._page_close(opened.session);
        opened = null;
    }
    find("opened").hidden = true;
}

function openModule(data, name) {
    return attempt("open-error", async () => {
        const backend = find("backend");
        const chosen = opened ? find("export").selectedOptions[0]?.text : undefined;
        const typed = typedArguments();
        closeModule();
        clearLog();
        show("state", "");
        last = { data, name };
        const turn = last;
        const session = await openSession(Number(backend.value), data, false);
        if (last !== turn) {
            // The user has opened another module in the meantime.
            host._page_close(session);
            return;
        }
        opened = { session, data };
        showItems(opened.session);
        // If this is the same module on another backend, keep the selected function and its arguments.
        const same = [...find("export").options].find((option) => option.text === chosen);
        if (same) {
            same.selected = true;
        }
        if (find("export").options.length > 0) {
            showParameters();
        }
        const fields = [...find("arguments").querySelectorAll("input")];
        if (same && fields.length === typed.length) {
            fields.forEach((field, i) => (field.value = typed[i]));
        }
        find("opened").hidden = false;
        show("state", `${name} is open on ${backend.selectedOptions[0].text}.`);
    });
}

const openText = () => openModule(new TextEncoder().encode(find("text").value), "The text");

async function openFile() {
    const file = find("file").files[0];
    if (file) {
        await openModule(new Uint8Array(await file.arrayBuffer()), file.name);
    }
}

function call() {
    return attempt("call-error", () => {
        const { session } = opened;
        const index = Number(find("export").value);
        show("result", "");
        writeArguments(session, index, typedArguments());
        if (!host._page_call(session, index, 1)) {
            throw failure();
        }
        show("result", readResults(session, index).join("\n") || "The function returned. It has no results.");
    });
}

// ---- Comparing ----

/** Returns the nanoseconds per call on one backend, or null if the backend runs no code. */
async function measure(backend, data, index, values) {
    const session = await openSession(backend, data, true);
    try {
        if (!host._page_runs_code(session)) {
            return null;
        }
        writeArguments(session, index, values);
        for (let times = 1; ; times *= 2) {
            // The previous call has overwritten the arguments in the slots with its results.
            writeArguments(session, index, values);
            const begin = performance.now();
            if (!host._page_call(session, index, times)) {
                throw failure();
            }
            const elapsed = performance.now() - begin;
            if (elapsed >= measured || times >= 2 ** 30) {
                return (elapsed * 1e6) / times;
            }
        }
    } finally {
        host._page_close(session);
    }
}

function duration(nanoseconds) {
    const [unit, size] = [["s", 1e9], ["ms", 1e6], ["µs", 1e3], ["ns", 1]].find(([, least]) => nanoseconds >= least) ?? ["ns", 1];
    return `${(nanoseconds / size).toPrecision(3)} ${unit}`;
}

// Lets the browser show changes before the next measurement blocks it.
const shown = () => new Promise((resolve) => setTimeout(resolve, 50));

async function compare() {
    const index = Number(find("export").value);
    const values = typedArguments();
    const { data } = opened;
    const rows = [];
    find("compare").disabled = true;
    find("times").textContent = "Measuring…";
    for (const option of find("backend").options) {
        await shown();
        try {
            const time = await measure(Number(option.value), data, index, values);
            if (time !== null) {
                rows.push({ name: option.text, time });
            }
        } catch (error) {
            rows.push({ name: option.text, error: error.message });
        }
    }
    const best = Math.min(...rows.map(({ time }) => time ?? Infinity));
    const table = element("table", element("tr", ["Backend", "Per call", "Ratio"].map((head) => element("th", head))));
    for (const { name, time, error } of rows) {
        const cells = error ? [error, ""] : [duration(time), (time / best).toPrecision(3)];
        const style = error ? "" : "figure";
        table.append(element("tr", [element("td", name), ...cells.map((cell) => element("td", cell, style))]));
    }
    find("times").replaceChildren(table);
    find("compare").disabled = false;
}

// ---- Starting ----

async function start() {
    host = await createHost({ print: log, printErr: log });
    host._page_begin();
    const count = host._page_backend_count();
    for (let i = 0; i < count; i++) {
        find("backend").append(new Option(`${text(host._page_backend_name(i))}: ${text(host._page_backend_engine(i))}`, i));
    }
    find("backend").addEventListener("change", () => last && openModule(last.data, last.name));
    find("open").addEventListener("click", openText);
    find("file").addEventListener("change", openFile);
    find("export").addEventListener("change", showParameters);
    find("call").addEventListener("click", call);
    find("compare").addEventListener("click", compare);
    for (const id of ["backend", "open", "file"]) {
        find(id).disabled = false;
    }
    show("state", "Ready.");
}

start().catch((error) => show("open-error", `the page could not start: ${error.message}`));
