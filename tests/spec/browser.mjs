// browser.mjs --browser NAME --backend NAME --packages FOLDER --program FILE.js --json FILE [--seconds N] [--manifest FILE]… SCRIPT…
// Runs wrl_spec in a browser, on the main thread of a page. The page fetches the scripts and manifests and returns
// the program's output. Every problem in the browser fails the run as well.
import { writeFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { parseArgs } from "node:util";

import { browserNames, launch } from "../hosts/browser/browsers.mjs";
import { judge, runProgram } from "../hosts/browser/program.mjs";

function usage(message) {
    console.error(`browser.mjs: ${message}`);
    process.exit(2);
}

const string = { type: "string" };
const { values: options, positionals: scripts } = parseArgs({
    allowPositionals: true,
    options: {
        browser: string,
        backend: string,
        packages: string,
        program: string,
        json: string,
        seconds: { ...string, default: "300" },
        manifest: { ...string, multiple: true, default: [] },
    },
});
for (const name of ["browser", "backend", "packages", "program", "json"]) {
    if (!options[name]) {
        usage(`--${name} is missing`);
    }
}
if (!browserNames.includes(options.browser)) {
    usage(`--browser must be one of ${browserNames.join(", ")}`);
}
const seconds = Number(options.seconds);
if (!(seconds > 0)) {
    usage("--seconds must be a number above 0");
}
if (scripts.length === 0) {
    usage("no script was given");
}

const results = "results.jsonl";

async function run() {
    const browser = await launch(options.browser, { packages: options.packages, seconds: seconds + 30 });
    try {
        console.log(`${options.browser}: ${browser.version}`);
        const named = (file) => [basename(file), file];
        return await runProgram(browser, {
            folder: dirname(options.program),
            script: basename(options.program),
            where: "page",
            args: [
                ...["--backend", options.backend, "--host", options.browser, "--json", results],
                ...options.manifest.flatMap((file) => ["--manifest", basename(file)]),
                ...scripts.map((file) => basename(file)),
            ],
            files: Object.fromEntries([...options.manifest, ...scripts].map(named)),
            outputs: [results],
            seconds,
            onLine: (line, stream) => console.log(stream === "stdout" ? line : `${stream}: ${line}`),
        });
    } finally {
        await browser.close();
    }
}

let verdict = { passed: 0, failed: 0, problems: [] };
try {
    const end = await run();
    verdict = judge(end);
    if (end.outputs[results]) {
        writeFileSync(options.json, end.outputs[results]);
    } else {
        verdict.problems.push("the program wrote no results");
    }
} catch (error) {
    verdict.problems.push(error.message);
}
const { passed, failed, problems } = verdict;
for (const problem of problems) {
    console.log(`FAIL      ${problem}`);
}
// Without problems, the program's last line is the result.
if (problems.length > 0) {
    console.log(`${passed} passed, ${failed + problems.length} failed`);
}
process.exit(failed + problems.length > 0 ? 1 : 0);
