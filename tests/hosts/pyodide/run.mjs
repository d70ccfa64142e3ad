// run.mjs --pyodide FOLDER [--browser NAME --packages FOLDER [--worker]] [--module FILE]… [--wheel FILE]… [--wheels FOLDER]
//     [--file FILE]… [--seconds N] [--] SCRIPT.py [ARGUMENT…]
// Runs a Python script in the Pyodide of --pyodide FOLDER, an npm package. Without --browser the script runs in Node, otherwise on a
// page of the browser or in a worker of that page. --packages has the npm packages that drive browsers.
// Modules are added to the installed packages, wheels are unpacked there, and files and folders go to the current folder. The script's
// last line must be "N passed, N failed", and its last expression the exit status.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { launch, within } from "../browser/browsers.mjs";
import { judge } from "../browser/program.mjs";
import { serve } from "../browser/server.mjs";
import { perform } from "./task.mjs";

const text = { type: "string" };
const list = { type: "string", multiple: true, default: [] };
const { values: options, positionals } = parseArgs({
    options: {
        pyodide: text,
        browser: text,
        packages: text,
        worker: { type: "boolean" },
        module: list,
        wheel: list,
        wheels: text,
        file: list,
        seconds: text,
    },
    allowPositionals: true,
});
if (!options.pyodide || positionals.length === 0) {
    console.error("run.mjs: --pyodide or the script is missing");
    process.exit(2);
}
const seconds = Number(options.seconds ?? 300);
const here = fileURLToPath(new URL(".", import.meta.url));

// Lists files, and those in folders, with their names in Pyodide.
function named(paths) {
    const found = {};
    for (const path of paths.map((one) => resolve(one))) {
        if (!statSync(path).isDirectory()) {
            found[path] = basename(path);
            continue;
        }
        for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
            if (entry.isFile() && !entry.name.endsWith(".pyc")) {
                const file = join(entry.parentPath ?? entry.path, entry.name);
                found[file] = join(basename(path), relative(path, file));
            }
        }
    }
    return found;
}

const task = {
    modules: named(options.module),
    files: named(options.file),
    wheels: [
        ...options.wheel,
        ...(options.wheels ? readdirSync(options.wheels).map((file) => join(options.wheels, file)) : []),
    ].map((wheel) => resolve(wheel)),
    script: resolve(positionals[0]),
    args: positionals.slice(1),
};

async function runInNode(print) {
    const { loadPyodide: load } = await import(pathToFileURL(join(resolve(options.pyodide), "pyodide.mjs")).href);
    return perform({ load, options: {}, read: (file) => new Uint8Array(readFileSync(file)), print, task });
}

// The page gets copies of the files, named by numbers.
async function runInBrowser(print, errors) {
    const folder = mkdtempSync(join(tmpdir(), "wrl-pyodide-"));
    let copies = 0;
    const copy = (file) => {
        cpSync(file, join(folder, String(copies)));
        return `/files/${copies++}`;
    };
    const renamed = (files) => Object.fromEntries(Object.entries(files).map(([file, name]) => [copy(file), name]));
    const copied = {
        modules: renamed(task.modules),
        files: renamed(task.files),
        wheels: task.wheels.map(copy),
        script: copy(task.script),
        args: task.args,
    };
    const folders = { "/": join(here, "page"), "/task/": here, "/files/": folder, "/pyodide/": resolve(options.pyodide) };
    const server = await serve(folders, (kind, text) => {
        for (const line of text.split("\n")) {
            if (kind === "error") {
                errors.push(line);
            } else {
                print(kind, line);
            }
        }
    });
    const browser = await launch(options.browser, { packages: options.packages, seconds: seconds + 30 });
    try {
        console.log(`${options.browser}: ${browser.version}`);
        await browser.open(server.url);
        await browser.waitFor(() => globalThis.runTask !== undefined, [], { what: "the page's script" });
        const run = options.worker
            ? browser.evaluate((given) => globalThis.runTaskInWorker(given), copied)
            : browser.evaluate((given) => globalThis.runTask(given), copied);
        const { status, failure } = await within(seconds, "the script", run);
        if (failure !== undefined) {
            errors.push(failure);
        }
        return status ?? null;
    } finally {
        errors.push(...browser.errors);
        await browser.close();
        await server.close();
        rmSync(folder, { recursive: true });
    }
}

const lines = [];
const errors = [];
let status = null;
function print(stream, line) {
    if (stream === "stdout") {
        lines.push(line);
    }
    console.log(stream === "stdout" ? line : `${stream}: ${line}`);
}
// A script that waits for something that never happens leaves Node without tasks.
process.on("exit", () => {
    if (!ended) {
        console.log("FAIL      the script did not end\n0 passed, 1 failed");
        process.exitCode = 1;
    }
});
let ended = false;
try {
    status = await (options.browser ? runInBrowser(print, errors) : within(seconds, "the script", runInNode(print)));
} catch (error) {
    errors.push(error.stack ?? String(error));
}
ended = true;
const { passed, failed, problems } = judge({ status, lines, errors: [] });
problems.unshift(...new Set(errors));
for (const problem of problems) {
    console.log(`FAIL      ${problem.slice(0, 2000)}`);
}
// Without problems, the script's last line is the result.
if (problems.length > 0) {
    console.log(`${passed} passed, ${failed + problems.length} failed`);
}
process.exit(failed + problems.length > 0 ? 1 : 0);
