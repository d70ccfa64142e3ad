// Runs a program that Emscripten made for browsers, in a browser: on a page's main thread, or in a worker.
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { within } from "./browsers.mjs";
import { serve } from "./server.mjs";

const page = fileURLToPath(new URL("page/", import.meta.url));

/**
 * Runs FOLDER/script in a browser from launch(). Options: `where` is "page" or "worker", `args` are the program's arguments,
 * `seconds` is how long it may take, `onLine(line, stream)` gets each line as it comes. `files` are such as the program finds,
 * by their names there, and `outputs` are names of such as it writes; for these it has to be linked with its file system
 * (-sEXPORTED_RUNTIME_METHODS=callMain,FS).
 * Gives {status, lines, outputs, errors}: the lines of its standard output, the text of each file written, and all that went
 * wrong in the browser. The status is null if the program did not come to its end; then there is an error that says why.
 */
export async function runProgram(browser, options) {
    const { folder, script, where, args, seconds, files = {}, outputs = [], onLine = () => {} } = options;
    const lines = [];
    const errors = [];
    // Each file has a folder of its own on the server, as they may come from anywhere.
    const inputs = Object.entries(files).map(([name, file], index) => ({ name, file, folder: `/file/${index}/` }));
    const folders = Object.fromEntries(inputs.map((input) => [input.folder, dirname(input.file)]));
    const server = await serve({ "/": page, "/program/": folder, ...folders }, (kind, text) => {
        if (kind === "error") {
            errors.push(text);
            return;
        }
        if (kind === "stdout") {
            lines.push(text);
        }
        onLine(text, kind);
    });
    const seen = browser.errors.length;
    let status = null;
    let written = {};
    try {
        await browser.open(server.url);
        const run = browser.evaluate(
            (inWorker, program) => (inWorker ? runInWorker(program) : runHere(program)),
            where === "worker",
            {
                script: `/program/${script}`,
                args,
                inputs: inputs.map((input) => ({ name: input.name, url: input.folder + basename(input.file) })),
                outputs,
            },
        );
        const end = await within(seconds, `${script} (${where})`, run);
        status = end.status ?? null;
        written = end.outputs ?? {};
        if (end.failure !== undefined) {
            errors.push(end.failure);
        }
        // What the browser has to say about it has been said when it answers the next question.
        await within(30, "the page's answer after the end", browser.evaluate(() => true));
    } catch (error) {
        errors.push(error.message ?? String(error));
    } finally {
        await server.close();
    }
    errors.push(...browser.errors.slice(seen));
    return { status, lines, outputs: written, errors: [...new Set(errors)] };
}

const closing = /^(\d+) passed, (\d+) failed$/;

/**
 * What is wrong with the run of a suite, as lines of text, and its counts. A suite has to end with status 0, with its counts as
 * the last line, with none failed, and without an error in the browser.
 */
export function judge({ status, lines, errors }) {
    const problems = errors.map((error) => `in the browser: ${error}`);
    const counts = closing.exec(lines.at(-1) ?? "");
    if (!counts) {
        problems.push(`the last line is not "N passed, N failed", but: ${lines.at(-1) ?? "there is none"}`);
    }
    const [passed, failed] = counts ? counts.slice(1).map(Number) : [0, 0];
    if (counts && passed === 0) {
        problems.push("no test passed");
    }
    if (status !== 0 && failed === 0) {
        problems.push(status === null ? "it did not come to its end" : `it ended with status ${status}`);
    }
    return { passed, failed, problems };
}
