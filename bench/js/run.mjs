// run.mjs --folder FOLDER --packages FOLDER --json FILE --hosts node,chromium,firefox [-- ARGUMENT…]
// Runs the benchmark of a folder in Node and in browsers, prints its tables, and writes its JSON lines with the host added.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { launch } from "../../tests/hosts/browser/browsers.mjs";
import { runProgram } from "../../tests/hosts/browser/program.mjs";

const seconds = 600;
const { values: options, positionals } = parseArgs({
    options: Object.fromEntries(["folder", "packages", "json", "hosts"].map((name) => [name, { type: "string" }])),
    allowPositionals: true,
});
const folder = resolve(options.folder);
const rows = [];

function onLine(host, line) {
    if (line.startsWith("{")) {
        rows.push(JSON.stringify({ host, ...JSON.parse(line) }));
    } else {
        console.log(line);
    }
}

function argumentsWith(large) {
    return ["--json", "-", "--large", large, ...positionals];
}

async function inNode() {
    console.log(`node ${process.version}, V8 ${process.versions.v8}`);
    const args = [join(folder, "bench_js.js"), ...argumentsWith(join(folder, "esbuild.wasm"))];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((done) => child.on("close", done));
    for await (const line of createInterface({ input: child.stdout })) {
        onLine("node", line);
    }
    const status = await ended;
    if (status !== 0) {
        throw new Error(`it ended with status ${status}`);
    }
}

// Runs in a worker, where browsers allow synchronous compilation of large modules.
async function inBrowser(host) {
    const browser = await launch(host, { packages: resolve(options.packages), seconds });
    try {
        console.log(browser.version);
        const { status, errors } = await runProgram(browser, {
            folder,
            script: "bench_js_browser.js",
            where: "worker",
            args: argumentsWith("/program/esbuild.wasm"),
            seconds,
            onLine: (line) => onLine(host, line),
        });
        if (status !== 0 || errors.length > 0) {
            throw new Error(errors.join("\n") || `it ended with status ${status}`);
        }
    } finally {
        await browser.close();
    }
}

let failed = false;
for (const host of options.hosts.split(",")) {
    try {
        await (host === "node" ? inNode() : inBrowser(host));
    } catch (error) {
        console.error(`run.mjs: ${host}: ${error.message}`);
        failed = true;
    }
}
writeFileSync(options.json, rows.map((row) => `${row}\n`).join(""));
process.exit(failed ? 1 : 0);
