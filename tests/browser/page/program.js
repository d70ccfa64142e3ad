// Runs a program that Emscripten made for browsers (wrl_compile_options(… BROWSER)), on a page or in a worker.
//
// What it prints goes to the server line by line, in requests that are waited for: a page that is busy tells nothing in any
// other way, and a crash in the next line must not take this one with it.
"use strict";

function report(kind, text) {
    const request = new XMLHttpRequest();
    request.open("POST", `/report/${kind}`, false);
    request.send(text);
    if (request.status !== 204) {
        throw new Error(`the server answered a report with ${request.status}`);
    }
}

// WebDriver does not tell what is on the console, so the page does.
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

// Gives {status, outputs}, the exit status and the files asked for, or {failure}, a text. A program may go on in the event loop
// after its main() has returned, so its end is when it exits.
async function runHere({ script, args, inputs, outputs }) {
    try {
        await loadScript(script);
        let onExit;
        let fail;
        const end = new Promise((resolve, reject) => ([onExit, fail] = [resolve, reject]));
        end.catch(() => {}); // It may fail before it is waited for.
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
