// Runs a program that Emscripten made for browsers (wrl_compile_options(… BROWSER)), on a page or in a worker.
//
// The program's output goes to the server line by line, in synchronous requests: a busy page cannot send anything in another way,
// and a crash must not lose the lines before it.
"use strict";

function report(kind, text) {
    const request = new XMLHttpRequest();
    request.open("POST", `/report/${kind}`, false);
    request.send(text);
    if (request.status !== 204) {
        throw new Error(`the server responded to a report with ${request.status}`);
    }
}

// WebDriver does not report the console, so the page does.
const consoleError = console.error;
console.error = (...values) => {
    consoleError.apply(console, values);
    report("error", `console: ${values.join(" ")}`);
};
self.addEventListener("error", (event) => report("error", `uncaught: ${event.message}`));
self.addEventListener("unhandledrejection", (event) => report("error", `unhandled: ${event.reason}`));

function describe(error) {
    const text = String(error);
    const stack = error?.stack ?? "";
    return stack.includes(text) ? stack : `${text}\n${stack}`.trim();
}

function loadScript(url) {
    if (typeof importScripts === "function") {
        try {
            importScripts(url);
        } catch (error) {
            throw new Error(`cannot load ${url}: ${describe(error)}`);
        }
        return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = url;
        script.onload = resolve;
        script.onerror = () => reject(new Error(`cannot load ${url}`));
        document.head.append(script);
    });
}

async function fetchFile(url) {
    const response = await fetch(url);
    if (!response.ok) {
        throw new Error(`cannot load ${url}: ${response.status}`);
    }
    return new Uint8Array(await response.arrayBuffer());
}

// Resolves to {status, outputs}, the exit status and the requested files, or to {failure}, a text. A program may continue in the
// event loop after main() has returned, so that it ends when it exits.
async function runHere({ script, args, inputs, outputs }) {
    try {
        await loadScript(script);
        let onExit;
        let fail;
        const end = new Promise((resolve, reject) => ([onExit, fail] = [resolve, reject]));
        end.catch(() => {}); // It may reject before anyone waits for it.
        self.addEventListener("error", (event) => fail(event.error ?? new Error(event.message)));
        self.addEventListener("unhandledrejection", (event) => fail(event.reason));
        const program = await createProgram({
            locateFile: (file) => new URL(file, new URL(script, location.href)).href,
            print: (line) => report("stdout", line),
            printErr: (line) => report("stderr", line),
            onExit,
        });
        for (const { name, url } of inputs) {
            program.FS.writeFile(name, await fetchFile(url));
        }
        program.callMain(args);
        const status = await end;
        const read = (name) => [name, program.FS.readFile(name, { encoding: "utf8" })];
        return { status, outputs: Object.fromEntries(outputs.map(read)) };
    } catch (error) {
        return { failure: describe(error) };
    }
}

// The same in a worker, which is ended afterwards.
function runInWorker(program) {
    const worker = new Worker("worker.js");
    return new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => resolve({ failure: `in the worker: ${event.message ?? "cannot be loaded"}` });
        worker.postMessage(program);
    }).finally(() => worker.terminate());
}
