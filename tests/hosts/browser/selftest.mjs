// selftest.mjs --browser NAME --packages FOLDER: checks that the driver does what tests need, and that no problem in a browser is
// taken for a success. The last line counts the checks that passed and failed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { launch, sleep, within } from "./browsers.mjs";
import { kill, marker, processesOf } from "./processes.mjs";
import { judge, runProgram } from "./program.mjs";
import { serve } from "./server.mjs";

const { values: options } = parseArgs({ options: { browser: { type: "string" }, packages: { type: "string" } } });
const folder = fileURLToPath(new URL("selftest/", import.meta.url));
const name = options.browser;
// WebDriver does not report failed requests; only pages can.
const tellsRequests = name !== "webkit";

let passed = 0;
let failed = 0;

async function check(what, body) {
    try {
        await body();
        passed++;
        console.log(`ok    ${what}`);
    } catch (error) {
        failed++;
        console.log(`FAIL  ${what}: ${error.message}`);
    }
}

const start = (seconds = 60) => launch(name, { packages: options.packages, seconds });

function status(url, path) {
    return new Promise((resolve, reject) => {
        request(url, { path }, (response) => {
            response.resume();
            response.on("end", () => resolve(response));
        })
            .on("error", reject)
            .end();
    });
}

async function checkServer(server) {
    await check("the server knows types of files", async () => {
        const { statusCode, headers } = await status(server.url, "/");
        assert.equal(statusCode, 200);
        assert.equal(headers["content-type"], "text/html; charset=utf-8");
        assert.equal((await status(server.url, "/programs.js")).headers["content-type"], "text/javascript; charset=utf-8");
    });
    for (const path of ["/missing", "/../selftest.mjs", "/..%2fselftest.mjs", "/%2e%2e/selftest.mjs", "//etc/passwd"]) {
        await check(`the server has no ${path}`, async () => {
            assert.equal((await status(server.url, path)).statusCode, 404);
        });
    }
}

async function checkActions(browser, server) {
    await check("a page is opened and asked", async () => {
        await browser.open(server.url);
        assert.equal(await browser.evaluate((a, b) => a.x + b, { x: 40 }, 2), 42);
        assert.equal(await browser.evaluate(async () => "later"), "later");
        await assert.rejects(browser.evaluate(() => Promise.reject(new Error("as asked"))), /as asked/);
    });
    await check("text, list, file and button", async () => {
        const file = join(browser.folder, "tmp", "file.txt");
        writeFileSync(file, "inside");
        await browser.type("#text", "after");
        await browser.select("#list", "two");
        await browser.upload("#file", file);
        await browser.click("#button");
        await browser.waitFor(() => document.querySelector("#output").textContent !== "");
        assert.equal(await browser.text("#output"), "true after two inside");
        await assert.rejects(browser.select("#list", "three"), /does not have the option three/);
    });
    await check("a screenshot", async () => {
        await browser.resize(400, 300);
        const png = await browser.screenshot();
        assert.equal(png.toString("latin1", 1, 4), "PNG");
        const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
        assert.ok(name === "webkit" ? width > 100 && height > 100 : width === 400 && height === 300, `${width} x ${height}`);
    });
    await check("nothing of this is an error", () => assert.deepEqual(browser.errors, []));
    if (!tellsRequests) {
        return;
    }
    const fails = {
        "an error on a page's console": [() => console.error("of the page"), /of the page/],
        "an error that a page does not catch": [() => setTimeout(() => nothing.here), /nothing is not defined/],
        "a file that is not there": [() => fetch("/missing").then(() => true), /404.*missing/],
    };
    for (const [what, [body, message]] of Object.entries(fails)) {
        await check(`${what} is noted`, async () => {
            browser.errors.length = 0;
            await browser.evaluate(body);
            for (let i = 0; i < 100 && browser.errors.length === 0; i++) {
                await sleep(50);
            }
            assert.match(browser.errors.join("\n"), message);
        });
    }
}

// Programs that run as a suite, and their expected verdicts.
const verdicts = {
    well: null,
    "a failed test": { failed: 1 },
    "a status alone": /status 3/,
    "no closing line": /last line.*and so on/,
    "no test": /no test passed/,
    "an error on the console": /told to the console/,
    "an error that nobody catches": /nobody catches this/,
    "a promise that is rejected": /nobody handles this/,
    "a trap": /unreachable/,
    "no end": /longer than 3 s/,
};

async function checkVerdict(browser, where, program, wanted, settings = {}) {
    const run = { folder, script: "programs.js", where, args: [program], seconds: 3, ...settings };
    const outcome = await runProgram(browser, run);
    const verdict = judge(outcome);
    assert.ok(outcome.lines.includes("some line"));
    if (wanted === null) {
        assert.deepEqual(verdict, { passed: 2, failed: 0, problems: [] });
    } else if (wanted instanceof RegExp) {
        assert.match(verdict.problems.join("\n"), wanted);
    } else {
        assert.equal(verdict.failed, wanted.failed);
    }
}

async function checkVerdicts(browser) {
    for (const where of ["page", "worker"]) {
        for (const [program, wanted] of Object.entries(verdicts)) {
            await check(`${where}: ${program}`, () => checkVerdict(browser, where, program, wanted));
        }
        await check(`${where}: no program`, async () => {
            const run = { folder, script: "missing.js", where, args: [], seconds: 30 };
            const { status: ended, errors } = await runProgram(browser, run);
            assert.equal(ended, null);
            assert.match(errors.join("\n"), /missing\.js|404/);
        });
    }
    await check("worker: busy for ever", () => checkVerdict(browser, "worker", "busy for ever", /longer than 3 s/));
}

async function closed(browser) {
    await within(40, "closing", browser.close());
    assert.deepEqual(processesOf(browser.folder), []);
    assert.equal(existsSync(browser.folder), false);
}

// The process that runs the page's code.
const pagesProcess = {
    chromium: (command) => command.includes("--type=renderer"),
    firefox: (command) => /\btab$/.test(command.trim()),
    webkit: (command) => command.includes("WebKitWebProcess"),
};

async function checkEnds() {
    await check("page: busy for ever, and then closed", async () => {
        const busy = await start();
        try {
            await checkVerdict(busy, "page", "busy for ever", /longer than 3 s/);
        } finally {
            await closed(busy);
        }
    });
    await check("a crash is told, not waited for", async () => {
        const crashing = await start();
        try {
            const run = { folder, script: "programs.js", where: "worker", args: ["no end"], seconds: 60 };
            const outcome = runProgram(crashing, {
                ...run,
                onLine: () => kill(crashing.processes().filter(({ command }) => pagesProcess[name](command))),
            });
            const before = Date.now();
            const verdict = judge(await outcome);
            assert.ok(Date.now() - before < 30_000, "it was waited for");
            assert.ok(verdict.problems.length > 0);
        } finally {
            await closed(crashing);
        }
    });
    await check("a driver that is told to end leaves nothing", async () => {
        const temporary = mkdtempSync(join(tmpdir(), "wrl-selftest-"));
        const code = `
            const { launch } = await import(${JSON.stringify(new URL("browsers.mjs", import.meta.url).href)});
            const browser = await launch(${JSON.stringify(name)}, { packages: ${JSON.stringify(options.packages)} });
            console.log(browser.folder);
            setInterval(() => {}, 1000);`;
        const env = { ...process.env, TMPDIR: temporary, [marker]: temporary };
        const child = spawn(process.execPath, ["--input-type=module", "-e", code], { env, stdio: ["ignore", "pipe", "inherit"] });
        try {
            const line = new Promise((resolve) => child.stdout.once("data", (text) => resolve(String(text).trim())));
            const ended = new Promise((resolve) => child.once("exit", resolve));
            const its = await within(120, "starting", line);
            assert.ok(processesOf(its).length > 1);
            child.kill("SIGTERM");
            await within(30, "ending", ended);
            for (let i = 0; i < 100 && processesOf(its).length > 0; i++) {
                await sleep(50); // A killed process exists for another moment.
            }
            assert.deepEqual(processesOf(its), []);
            assert.equal(existsSync(its), false);
        } finally {
            child.kill("SIGKILL");
            kill(processesOf(temporary));
            rmSync(temporary, { recursive: true, force: true });
        }
    });
}

const server = await serve({ "/": folder });
try {
    await checkServer(server);
    const browser = await start();
    console.log(`${name}: ${browser.version}`);
    try {
        await checkActions(browser, server);
        await checkVerdicts(browser);
    } finally {
        await check("a browser that is closed leaves nothing", () => closed(browser));
    }
    await checkEnds();
} finally {
    await server.close();
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
