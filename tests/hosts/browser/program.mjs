// Runs a program that Emscripten made for browsers, on a page's main thread or in a worker.
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { within } from "./browsers.mjs";
import { serve } from "./server.mjs";

const page = fileURLToPath(new URL("page/", import.meta.url));

/**
 * Runs FOLDER/script in a browser from launch(). Options: `where` is "page" or "worker", `args` are the program's arguments,
 * `seconds` is the time limit, and `onLine(line, stream)` is called for each line as it arrives. `files` are input files by their
 * names in the program, and `outputs` are the names of files that the program writes. Both need a program that is linked with
 * its file system (-sEXPORTED_RUNTIME_METHODS=callMain,FS).
 * Resolves to {status, lines, outputs, errors}: the lines of the program's standard output, the text of each written file, and
 * every error in the browser. The status is null if the program did not end; then an error has the reason.
 */
export async function runProgram(browser, options) {
    const { folder, script, where, args, seconds, files = {}, outputs = [], onLine = () => {} } = options;
    const lines = [];
    const errors = [];
    // Each file gets a folder of its own on the server, as the files may come from anywhere.
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
        // When the browser answers the next request, it has reported all earlier errors.
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
 * Returns the problems of a suite's run as lines of text, and its counts. A suite must end with status 0 and without an error in
 * the browser. Its last line must have the counts, with none failed.
 */
export function judge({ status, lines, errors }) {
    const problems = errors.map((error) => `in the browser: ${error}`);
    const counts = closing.exec(lines.at(-1) ?? "");
    if (!counts) {
        problems.push(`the last line is not "N passed, N failed" but: ${lines.at(-1) ?? "(none)"}`);
    }
    const [passed, failed] = counts ? counts.slice(1).map(Number) : [0, 0];
    if (counts && passed === 0) {
        problems.push("no test passed");
    }
    if (status !== 0 && failed === 0) {
        problems.push(status === null ? "the program did not end" : `the program ended with status ${status}`);
    }
    return { passed, failed, problems };
}
