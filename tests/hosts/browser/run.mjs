// run.mjs --browser NAME --where page|worker --backend NAME --packages FOLDER --program FILE.js [--filter TEXT] [--seconds N]
// Runs the conformance suite in a browser and prints its output. Every problem in the browser fails the run as well.
import { basename, dirname } from "node:path";
import { parseArgs } from "node:util";

import { browserNames, launch } from "./browsers.mjs";
import { judge, runProgram } from "./program.mjs";

const names = ["browser", "where", "backend", "packages", "program", "filter", "seconds"];
const { values: options } = parseArgs({ options: Object.fromEntries(names.map((name) => [name, { type: "string" }])) });

function usage(message) {
    console.error(`run.mjs: ${message}`);
    process.exit(2);
}

for (const name of ["browser", "where", "backend", "packages", "program"]) {
    if (!options[name]) {
        usage(`--${name} is missing`);
    }
}
if (!browserNames.includes(options.browser)) {
    usage(`--browser must be one of ${browserNames.join(", ")}`);
}
if (!["page", "worker"].includes(options.where)) {
    usage("--where must be page or worker");
}
const seconds = Number(options.seconds ?? 300);
if (!(seconds > 0)) {
    usage("--seconds must be a number above 0");
}

async function run() {
    const browser = await launch(options.browser, { packages: options.packages, seconds: seconds + 30 });
    try {
        console.log(`${options.browser}: ${browser.version}, ${options.where}`);
        return await runProgram(browser, {
            folder: dirname(options.program),
            script: basename(options.program),
            where: options.where,
            args: ["--backend", options.backend, ...(options.filter ? ["--filter", options.filter] : [])],
            seconds,
            onLine: (line, stream) => console.log(stream === "stdout" ? line : `${stream}: ${line}`),
        });
    } finally {
        await browser.close();
    }
}

let verdict = { passed: 0, failed: 0, problems: [] };
try {
    verdict = judge(await run());
} catch (error) {
    verdict.problems.push(error.message);
}
const { passed, failed, problems } = verdict;
for (const problem of problems) {
    console.log(`FAIL      ${problem}`);
}
// Without problems, the suite's last line is the result.
if (problems.length > 0) {
    console.log(`${passed} passed, ${failed + problems.length} failed`);
}
process.exit(failed + problems.length > 0 ? 1 : 0);
