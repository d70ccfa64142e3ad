// The page: what is on it, and what it asks of the program in C (page.c).
import createHost from "./host.js";
import { readSlot, writeSlot } from "./values.js";

const find = (id) => document.getElementById(id);
const slotSize = 16;
const logLines = 200;
// How long the calls of one measurement take together, at least.
const measured = 200;

let host; // The program in C.
let opened = null; // {session, data}: what the user looks at, and its bytes.
let last = null; // {data, name}: what was opened last, or could not be.

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

/** An error as the program tells it: kind, message, trap code, and where in the guest it was. */
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

/** The binary format of a module in the text format. */
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

/** Compiles while the page goes on: browsers let it wait for small modules only. */
async function compile(engine, data) {
    const isBinary = [0x00, 0x61, 0x73, 0x6d].every((byte, i) => data[i] === byte);
    const bytes = isBinary ? data : translate(data);
    try {
        return await host.wrlModuleNewAsync(engine, bytes);
    } catch (error) {
        throw new Error(worded(error.kind, error.message));
    }
}

/** Opens a module on the backend of that number. */
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

/** Runs a part of the page; what it throws is shown there. */
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

/** What the module imports, or what it exports. */
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
            // Something else was opened meanwhile.
            host._page_close(session);
            return;
        }
        opened = { session, data };
        showItems(opened.session);
        // Another backend, the same module: the user goes on where they were.
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
        show("result", readResults(session, index).join("\n") || "It returned, and has no results.");
    });
}

// ---- Comparing ----

/** Nanoseconds a call, on one backend; null if it runs no code. */
async function measure(backend, data, index, values) {
    const session = await openSession(backend, data, true);
    try {
        if (!host._page_runs_code(session)) {
            return null;
        }
        writeArguments(session, index, values);
        for (let times = 1; ; times *= 2) {
            // A call leaves its results in the slots; the arguments are put there anew.
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

// The browser shows what was changed, before what follows keeps it busy.
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
