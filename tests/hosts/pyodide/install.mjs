// install.mjs --pyodide FOLDER --wheel FILE --other-wheel FILE --packages FOLDER
// Installs the wheel in every way that Pyodide supports, each in a new Pyodide, and runs a guest. PACKAGES has micropip and its
// dependencies. The other wheel is for another Pyodide, so that micropip must refuse it.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const text = { type: "string" };
const { values: options } = parseArgs({ options: { pyodide: text, wheel: text, "other-wheel": text, packages: text } });
const { loadPyodide } = await import(pathToFileURL(join(resolve(options.pyodide), "pyodide.mjs")).href);

const use = `
import importlib.metadata
import wasm_runtime_layer as wrl

engine = wrl.Engine()
add_one = bytes.fromhex("0061736d0100000001060160017f017f030201000707010361646400000a09010700200041016a0b")
instance = wrl.Instance(wrl.Store(engine), wrl.Module(engine, add_one))
assert instance.exports.add(41) == 42
assert engine.backend == "js", engine.backend
assert importlib.metadata.version("wasm_runtime_layer") == wrl.__version__
`;

const read = (file) => new Uint8Array(readFileSync(file));

async function unpack(pyodide) {
    pyodide.unpackArchive(read(options.wheel), "wheel");
}

async function loadPackage(pyodide) {
    await pyodide.loadPackage(resolve(options.wheel), { messageCallback: () => {} });
}

async function micropip(pyodide, wheel = options.wheel) {
    for (const file of readdirSync(options.packages).filter((name) => /^(micropip|packaging)-/.test(name))) {
        pyodide.unpackArchive(read(join(options.packages, file)), "wheel");
    }
    pyodide.FS.writeFile(`/tmp/${basename(wheel)}`, read(wheel));
    await pyodide.runPythonAsync(`import micropip; await micropip.install("emfs:/tmp/${basename(wheel)}")`);
}

async function otherWheel(pyodide) {
    try {
        await micropip(pyodide, options["other-wheel"]);
    } catch (error) {
        if (/tag|compatible|supported|Emscripten/i.test(error.message)) {
            return;
        }
        throw error;
    }
    throw new Error("micropip installs a wheel for another Pyodide");
}

const checks = [
    ["unpackArchive()", unpack, use],
    ["loadPackage()", loadPackage, use],
    ["micropip.install()", micropip, use],
    ["micropip refuses the wheel of another Pyodide", otherWheel, ""],
];
let passed = 0;
let failed = 0;
for (const [what, install, script] of checks) {
    try {
        const pyodide = await loadPyodide();
        await install(pyodide);
        pyodide.runPython(script);
        passed++;
        console.log(`ok    ${what}`);
    } catch (error) {
        failed++;
        console.log(`FAIL  ${what}: ${error.message}`);
    }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
