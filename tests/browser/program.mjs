// Runs a program that Emscripten made for browsers, in a browser: on a page's main thread, or in a worker.
import { fileURLToPath } from "node:url";

import { within } from "./browsers.mjs";
import { serve } from "./server.mjs";

const page = fileURLToPath(new URL("page/", import.meta.url));

/**
 * Runs FOLDER/script in a browser from launch(). Options: `where` is "page" or "worker", `args` are the program's arguments,
 * `seconds` is how long it may take, `onLine(line, stream)` gets each line as it comes.
 * Gives {status, lines, errors}: the lines of its standard output, and all that went wrong in the browser. The status is
 * null if the program did not come to its end; then there is an error that says why.
 */
export async function runProgram(browser, { folder, script, where, args, seconds, onLine = () => {} }) {
    const lines = [];
    const errors = [];
    const server = await serve({ "/": page, "/program/": folder }, (kind, text) => {
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
    try {
        await browser.open(server.url);
        const run = browser.evaluate(
            (inWorker, url, list) => (inWorker ? runInWorker(url, list) : runHere(url, list)),
            where === "worker",
            `/program/${script}`,
            args,
        );
        const end = await within(seconds, `${script} (${where})`, run);
        status = end.status ?? null;
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
    return { status, lines, errors: [...new Set(errors)] };
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
