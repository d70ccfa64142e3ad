// pyodide.mjs --pyodide FOLDER --wheel FILE [--seconds S] [--json FILE]
// Compares the Python package with js.WebAssembly in that Pyodide, in Node. Prints medians and their ratio. A row takes S seconds.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { perform } from "../../tests/hosts/pyodide/task.mjs";

const text = { type: "string" };
const { values: options } = parseArgs({ options: { pyodide: text, wheel: text, seconds: { ...text, default: "5" }, json: text } });
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const { loadPyodide: load } = await import(pathToFileURL(join(resolve(options.pyodide), "pyodide.mjs")).href);
const lines = await perform({
    load,
    options: {},
    read: (file) => new Uint8Array(readFileSync(file)),
    print: (stream, line) => console.log(line),
    task: {
        modules: {},
        files: { [here("measure.py")]: "measure.py" },
        wheels: [options.wheel],
        script: here("pyodide.py"),
        args: [options.seconds],
    },
});
if (options.json) {
    writeFileSync(options.json, lines);
}
