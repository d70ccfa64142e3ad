// example.mjs --browser NAME --packages FOLDER --page FOLDER --expected FILE --pyodide FOLDER [--screenshot FILE.png]
// Uses the page of examples/pyodide like a person with a phone, with the Pyodide in FOLDER instead of the one on the network. The
// program must print the same as natively. The last line counts the checks that passed and failed. Every error that the browser
// reports is a failure.
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { launch } from "../browser/browsers.mjs";
import { serve } from "../browser/server.mjs";
import { check, finish, Page, phone } from "../browser/visit.mjs";

const text = { type: "string" };
const { values: options } = parseArgs({
    options: { browser: text, packages: text, page: text, expected: text, pyodide: text, screenshot: text },
});
const expected = readFileSync(options.expected, "utf8").trim();
const escaped = (words) => words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Copies the page and makes it load Pyodide from that address. */
function copyPage(folder, address) {
    const { version } = JSON.parse(readFileSync(join(options.pyodide, "package.json"), "utf8"));
    const network = `"https://cdn.jsdelivr.net/pyodide/v${version}/full/"`;
    cpSync(options.page, folder, { recursive: true });
    const script = readFileSync(join(folder, "page.js"), "utf8");
    assert.equal(script.split(network).length, 2, `page.js must contain ${network} once`);
    writeFileSync(join(folder, "page.js"), script.replace(network, JSON.stringify(address)));
    const [, wheel] = /^const wheel = "(.*)";$/m.exec(script);
    assert.ok(existsSync(join(folder, wheel)), `${wheel} is missing`);
}

class PythonPage extends Page {
    async enter(program) {
        await this.browser.evaluate((content) => (document.querySelector("#program").value = content), program);
        await this.press("#run");
        await this.browser.waitFor(() => !document.querySelector("#run").disabled, [], { what: "the program's end" });
    }
}

async function drive(browser, url) {
    const page = new PythonPage(browser);
    await browser.resize(phone.width, phone.height);
    await check("the page loads, and runs the program", async () => {
        await browser.open(url);
        await page.holds("#output", new RegExp(`^${escaped(expected)}$`));
        assert.match(await page.text("#state"), /^Python 3\.\d+\.\d+, the layer \d+\.\d+\.\d+ on js, ./);
        assert.equal(await page.hidden("#error"), true);
        console.log(`      ${await page.text("#state")}`);
    });
    await check("it fits a phone", async () => {
        await page.fits("the page");
        await page.isForFingers();
        if (options.screenshot) {
            writeFileSync(options.screenshot, await browser.screenshot());
        }
    });
    await check("the program as it is changed", async () => {
        await page.enter("import wasm_runtime_layer\nprint(__name__, wasm_runtime_layer.backends()[0].name)\n'main' in globals() and no");
        await page.holds("#output", /^__main__ js$/);
        assert.equal(await page.hidden("#error"), true);
    });
    await check("a program that waits", async () => {
        await page.enter("import asyncio\nprint('one')\nawait asyncio.sleep(0.01)\nprint('two')");
        await page.holds("#output", /^one\ntwo$/);
    });
    await check("an exception", async () => {
        await page.enter("print('before')\nraise ValueError('of the program ' + 'x' * 200)");
        await page.holds("#error", /File "tour\.py", line 2(.|\n)*ValueError: of the program x+$/);
        await page.holds("#output", /^before$/);
        await page.fits("an exception");
        await page.enter("print(sum)");
        await page.holds("#output", /built-in function sum/);
        assert.equal(await page.hidden("#error"), true);
    });
    await check("what is no Python", async () => {
        await page.enter("print(");
        await page.holds("#error", /SyntaxError/);
        assert.equal(await page.text("#output"), "");
    });
    await check("a program that prints a lot", async () => {
        await page.enter("for i in range(3000): print(i, 'word ' * 20, file=__import__('sys').stderr)");
        await page.holds("#output", /^… 2000 more\n2000 word/);
        await page.fits("much output");
    });
    await check("the browser has nothing to complain about", () => assert.deepEqual(browser.errors, []));
    await check("a page without Pyodide says so", async () => {
        await browser.open(`${url}alone/`);
        await page.holds("#error", /^the page could not start: /);
        await page.fits("a failure");
    });
}

const folder = mkdtempSync(join(tmpdir(), "wrl-pyodide-page-"));
await check("the page is driven to its end", async () => {
    copyPage(join(folder, "page"), "/pyodide/");
    copyPage(join(folder, "alone"), "/nowhere/");
    const server = await serve({ "/": join(folder, "page"), "/alone/": join(folder, "alone"), "/pyodide/": options.pyodide });
    const browser = await launch(options.browser, { packages: options.packages });
    console.log(`${options.browser}: ${browser.version}`);
    try {
        await drive(browser, server.url);
    } finally {
        await browser.close();
        await server.close();
    }
});
rmSync(folder, { recursive: true, force: true });
finish();
