// Loads Pyodide, installs the wheel, and runs the page's program on request.

// The wheel must match the version of Pyodide, see docs/pyodide.md.
const pyodideAddress = "https://cdn.jsdelivr.net/pyodide/v314.0.7/full/";
const wheel = "wasm_runtime_layer-0.1.0-cp311-abi3-pyemscripten_2026_0_wasm32.whl";
const program = "tour.py";
const outputLines = 1000;

const find = (id) => document.getElementById(id);

function show(id, message) {
    find(id).textContent = message;
    find(id).hidden = message === "";
}

// ---- The output. The page keeps the last lines, in case a program prints for ever ----

let lines = [];
let dropped = 0;

function print(line) {
    lines.push(line);
    if (lines.length > outputLines) {
        lines.shift();
        dropped++;
    }
}

function showOutput() {
    find("output").textContent = (dropped ? `… ${dropped} more\n` : "") + lines.join("\n");
}

// ---- Running ----

async function fetchText(address) {
    const response = await fetch(address);
    if (!response.ok) {
        throw new Error(`there is no ${address}`);
    }
    return response.text();
}

async function install() {
    const { loadPyodide } = await import(`${pyodideAddress}pyodide.mjs`);
    const pyodide = await loadPyodide({ indexURL: pyodideAddress, stdout: print, stderr: print });
    await pyodide.loadPackage(new URL(wheel, document.baseURI).href, { messageCallback: () => {} });
    // Pyodide reports a package that cannot be installed only on the console. The import turns that into an error.
    show("state", pyodide.runPython(`
        import platform
        import wasm_runtime_layer
        engine = wasm_runtime_layer.Engine()
        f"Python {platform.python_version()}, the layer {wasm_runtime_layer.__version__} on {engine.backend}, {engine.version}"`));
    return pyodide;
}

/** Runs the program as the main module, with its own global names. */
async function run(pyodide) {
    const names = pyodide.toPy({ __name__: "__main__" });
    lines = [];
    dropped = 0;
    show("error", "");
    try {
        await pyodide.runPythonAsync(find("program").value, { globals: names, filename: program });
    } catch (error) {
        show("error", error.message.trim());
    } finally {
        names.destroy();
        showOutput();
    }
}

async function start() {
    const [pyodide, text] = await Promise.all([install(), fetchText(program)]);
    const press = async () => {
        find("run").disabled = true;
        await run(pyodide);
        find("run").disabled = false;
    };
    find("program").value = text;
    find("program").disabled = false;
    find("run").addEventListener("click", press);
    await press();
}

start().catch((error) => {
    show("state", "");
    show("error", `the page could not start: ${error.message}`);
});
