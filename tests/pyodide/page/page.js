// Runs a task of ../run.mjs on this page. Lines go to the server one by one, in requests that are waited for, since a page that
// is busy tells nothing in any other way.
import { loadPyodide } from "/pyodide/pyodide.mjs";

import { perform } from "/task/task.mjs";

function print(stream, line) {
    const request = new XMLHttpRequest();
    request.open("POST", `/report/${stream}`, false);
    request.send(line);
}

self.addEventListener("error", (event) => print("error", `uncaught: ${event.message}`));
self.addEventListener("unhandledrejection", (event) => print("error", `unhandled: ${event.reason}`));

async function read(file) {
    const response = await fetch(file);
    if (!response.ok) {
        throw new Error(`there is no ${file}`);
    }
    return new Uint8Array(await response.arrayBuffer());
}

// Gives {status} or {failure}, a text.
globalThis.runTask = async (task) => {
    try {
        return { status: await perform({ load: loadPyodide, options: { indexURL: "/pyodide/" }, read, print, task }) };
    } catch (error) {
        return { failure: String(error?.stack ?? error) };
    }
};
