// Runs a task of ../run.mjs on this page or in a worker, where worker.js imports this. Sends lines to the server whenever the page is
// not busy. During synchronous requests Firefox would run other tasks, in the middle of Python code.
import { loadPyodide } from "/pyodide/pyodide.mjs";

import { perform } from "/task/task.mjs";

let waiting = [];
let sending = null;

async function send() {
    while (waiting.length > 0) {
        const { stream, lines } = waiting.shift();
        // Chromium counts a request as failed if nobody reads the response.
        await (await fetch(`/report/${stream}`, { method: "POST", body: lines.join("\n") })).text();
    }
    sending = null;
}

function print(stream, line) {
    if (waiting.at(-1)?.stream !== stream) {
        waiting.push({ stream, lines: [] });
    }
    waiting.at(-1).lines.push(line);
    sending ??= Promise.resolve().then(send);
}

self.addEventListener("error", (event) => print("error", `uncaught: ${event.message}`));
self.addEventListener("unhandledrejection", (event) => print("error", `unhandled: ${event.reason}`));

async function read(file) {
    const response = await fetch(file);
    if (!response.ok) {
        throw new Error(`${file} does not exist`);
    }
    return new Uint8Array(await response.arrayBuffer());
}

// Resolves to {status}, or to {failure}, a text.
globalThis.runTask = async (task) => {
    let end;
    try {
        end = { status: await perform({ load: loadPyodide, options: { indexURL: "/pyodide/" }, read, print, task }) };
    } catch (error) {
        end = { failure: String(error?.stack ?? error) };
    }
    await sending;
    return end;
};

globalThis.runTaskInWorker = (task) =>
    new Promise((resolve) => {
        const worker = new Worker("worker.js", { type: "module" });
        worker.addEventListener("message", (event) => resolve(event.data));
        worker.addEventListener("error", (event) => resolve({ failure: `the worker: ${event.message}` }));
        worker.postMessage(task);
    });
