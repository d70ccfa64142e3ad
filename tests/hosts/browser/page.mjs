// page.mjs --browser NAME --packages FOLDER --page FOLDER --backend NAME... [--screenshot FILE.png]
// Uses the page of examples/browser like a person with a phone, on each of the backends, all of which run code. The last line counts
// the checks that passed and failed. Every complaint of the browser is a failure.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { launch } from "./browsers.mjs";
import { serve } from "./server.mjs";
import { check, finish, Page, phone } from "./visit.mjs";

const text = { type: "string" };
const { values: options } = parseArgs({
    options: { browser: text, packages: text, page: text, backend: { ...text, multiple: true }, screenshot: text },
});
const screenshotHeight = 940;

const values = `(module $values
  (import "env" "two words" (func $f (param i32 i64 f32 f64 v128 externref) (result i32)))
  (import "env" "memory" (memory 1 2))
  (import "env" "table" (table 3 funcref))
  (import "env" "global" (global (mut f64)))
  (func (export "all") (param i32 i64 f32 f64 v128 externref) (result externref v128 f64 f32 i64 i32)
    (drop (call $f (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5)))
    (local.get 5) (local.get 4) (local.get 3) (local.get 2) (local.get 1) (local.get 0))
  (func (export "many") (loop (drop (call $f (i32.const 7) (i64.const 0) (f32.const 0) (f64.const 0)
    (v128.const i64x2 0 0) (ref.null extern))) (global.set 0 (f64.add (global.get 0) (f64.const 1)))
    (br_if 0 (f64.lt (global.get 0) (f64.const 1000)))))
  (global (export "g") i64 (i64.const 3))
  (export "memory" (memory 0)))`;
// (module (func (export "sum") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))
const binary = Buffer.from("0061736d0100000001070160027f7f017f030201000707010373756d00000a09010700200020016a0b", "hex");
// (module (func (export "last") (result i32) (i32.load8_u (i32.const 0x8fffff))) (memory 144) (data (i32.const 0) …)):
// 9 MiB, beyond Chromium's limit for a module that a page compiles synchronously.
const large = Buffer.concat([
    Buffer.from("0061736d010000000105016000017f03020100050401009001070801046c61737400000a0c010a0041ffffbf042d00000b", "hex"),
    Buffer.from("0b8980c004010041000b8080c004", "hex"),
    Buffer.alloc(9 << 20, 7),
]);

/** The page of examples/browser. */
class TryPage extends Page {
    /** Selects a backend by its id. The option's text also has the engine. */
    async backend(name) {
        const labels = await this.browser.evaluate(() => [...document.querySelectorAll("#backend option")].map(({ text }) => text));
        const label = labels.find((candidate) => candidate.startsWith(`${name}: `));
        assert.ok(label, `${labels} has no ${name}`);
        await this.choose("#backend", label);
    }

    async enter(wat) {
        await this.browser.evaluate((content) => (document.querySelector("#text").value = content), wat);
        await this.press("#open");
    }

    async call(name, ...args) {
        await this.choose("#export", name);
        for (const [i, argument] of args.entries()) {
            await this.browser.type(`#argument-${i}`, argument);
        }
        await this.press("#call");
    }
}

async function checkSample(page, backend) {
    await check(`${backend}: the sample`, async () => {
        await page.press("#open");
        await page.holds("#state", /^The text is open on /);
        assert.match(await page.text("#imports"), /page\.print function \(i32\) -> \(\)/);
        assert.match(await page.text("#exports"), /fib function \(i32\) -> \(i64\)/);
        assert.match(await page.text("#exports"), /memory memory 1\.\. pages|memory memory 1/);
    });
    await check(`${backend}: a call`, async () => {
        await page.call("fib", "20");
        await page.holds("#result", /^6765$/);
        await page.fits("a result");
    });
    await check(`${backend}: a call of an import`, async () => {
        await page.call("hello", "-12");
        await page.holds("#log", /page\.print\(-12\)/);
        assert.match(await page.text("#result"), /has no results/);
    });
    await check(`${backend}: a trap`, async () => {
        await page.call("divide", "1", "0");
        await page.holds("#call-error", /trap code: integer.division.by.zero/);
        assert.equal(await page.hidden("#result"), true);
        const frames = (await page.text("#call-error")).split("\n").filter((line) => line.startsWith("  #"));
        if (backend === "wasmi") {
            assert.equal(frames.length, 0);
        } else {
            assert.match(frames[0], /^ {2}#0 func 3 divide, module offset 0x[0-9a-f]+$/);
            assert.match(frames[1], /^ {2}#1 func 4/);
        }
        await page.fits("a trap");
        await page.call("divide", "7", "2");
        await page.holds("#result", /^3$/);
        assert.equal(await page.hidden("#call-error"), true);
    });
}

async function checkValues(page, backend) {
    await check(`${backend}: values of every type, and imports of every kind`, async () => {
        await page.enter(values);
        await page.holds("#exports", /all function/);
        assert.match(await page.text("#imports"), /env\.two words function.*env\.memory memory.*env\.table table.*env\.global global/);
        await page.call("all", "0xffffffff", "-9223372036854775808", "0.1", "-0", "0x0f0e0d0c0b0a09080706050403020100", "null");
        await page.holds("#result", /./);
        assert.equal(
            await page.text("#result"),
            "null\n0x0f0e0d0c0b0a09080706050403020100\n-0\n0.1\n-9223372036854775808\n-1",
        );
        assert.match(await page.text("#log"), /env\.two words\(-1, -9223372036854775808, 0\.1\d*, -0, 0x0f0e\w+, null\)/);
    });
    await check(`${backend}: a log that is too long`, async () => {
        await page.call("many");
        await page.holds("#log", /^… 801 more\n/);
        await page.fits("a log");
    });
    await check(`${backend}: arguments that are none`, async () => {
        for (const [i, argument, words] of [
            [0, "4294967296", /^4294967296 is out of range for an i32$/],
            [1, "1.5", /^1\.5 is not an i64$/],
            [3, "", /^nothing is not an f64$/],
            [4, "7", /^7 is not a v128/],
            [5, "x", /^the only externref that the page can pass is null$/],
        ]) {
            await page.choose("#export", "all");
            await page.browser.type(`#argument-${i}`, argument);
            await page.press("#call");
            await page.holds("#call-error", words);
        }
    });
}

async function checkFiles(page, backend, folder) {
    const files = { "sum.wasm": binary, "cut.wasm": binary.subarray(0, 25), "empty.wasm": "", "sum.wat": "(module (func (export \"w\")))" };
    for (const [name, contents] of Object.entries(files)) {
        writeFileSync(join(folder, name), contents);
    }
    await check(`${backend}: a file`, async () => {
        await page.browser.upload("#file", join(folder, "sum.wasm"));
        await page.holds("#state", /^sum\.wasm is open on /);
        await page.call("sum", "40", "2");
        await page.holds("#result", /^42$/);
        await page.browser.upload("#file", join(folder, "sum.wat"));
        await page.holds("#exports", /^w function \(\) -> \(\)$/);
    });
    await check(`${backend}: a file above 8 MiB`, async () => {
        writeFileSync(join(folder, "large.wasm"), large);
        await page.browser.upload("#file", join(folder, "large.wasm"));
        await page.holds("#state", /^large\.wasm is open on /);
        await page.call("last");
        await page.holds("#result", /^7$/);
    });
    await check(`${backend}: modules that are none`, async () => {
        await page.browser.upload("#file", join(folder, "cut.wasm"));
        await page.holds("#open-error", /^malformed/);
        assert.equal(await page.hidden("#opened"), true);
        await page.enter("(module\n  (func (i32.cnost 1)))");
        await page.holds("#open-error", /i32\.cnost/);
        await page.enter("(module (func (result i32) (i64.const 1)))");
        await page.holds("#open-error", /^invalid/);
        await page.enter("(module (func unreachable) (start 0))");
        await page.holds("#open-error", /trap code: unreachable/);
        await page.fits("an error");
        await page.browser.upload("#file", join(folder, "empty.wasm"));
        await page.holds("#state", /empty\.wasm is open|^$/);
    });
}

async function checkSwitching(page, backends, sample) {
    await check("another backend goes on with the same module, function and arguments", async () => {
        await page.enter(sample);
        await page.holds("#exports", /fib function/);
        await page.call("fib", "21");
        await page.holds("#result", /^10946$/);
        for (const backend of [...backends, backends[0]]) {
            await page.backend(backend);
            await page.holds("#state", new RegExp(`is open on ${backend}: `));
            await page.press("#call");
            await page.holds("#result", /^10946$/);
        }
    });
    await check("a backend that runs no code says so", async () => {
        await page.backend("null");
        await page.holds("#state", /is open on null: /);
        await page.press("#call");
        await page.holds("#call-error", /^unsupported/);
        await page.backend(backends[0]);
        await page.holds("#state", new RegExp(`is open on ${backends[0]}: `));
    });
}

async function checkTimes(page, backends) {
    await check("backends are compared", async () => {
        await page.choose("#export", "fib");
        await page.browser.type("#argument-0", "16");
        await page.press("#compare");
        await page.holds("#times", /^Backend/);
        const rows = await page.browser.evaluate(() =>
            [...document.querySelectorAll("#times tr")].map((row) => [...row.cells].map((cell) => cell.textContent)),
        );
        assert.deepEqual(rows.slice(1).map(([name]) => name.split(":")[0]).sort(), [...backends].sort());
        for (const [, time, ratio] of rows.slice(1)) {
            assert.match(time, /^[\d.]+ (s|ms|µs|ns)$/);
            assert.ok(Number(ratio) >= 1);
        }
        console.log(`      fib(16): ${rows.slice(1).map(([name, time]) => `${name}: ${time}`).join("; ")}`);
        await page.fits("the times");
    });
    await check("a comparison that traps says so", async () => {
        await page.choose("#export", "divide");
        await page.browser.type("#argument-1", "0");
        await page.press("#compare");
        await page.holds("#times", /integer.division.by.zero/);
        await page.fits("the trap");
    });
}

async function drive(browser, url, folder) {
    const page = new TryPage(browser);
    const backends = options.backend;
    await browser.resize(phone.width, phone.height);
    await check("the page loads, and fits a phone", async () => {
        await browser.open(url);
        await page.holds("#state", /^Ready\.$/);
        await page.fits("the page");
        await page.isForFingers();
    });
    const sample = await browser.evaluate(() => document.querySelector("#text").value);
    for (const backend of backends) {
        await page.backend(backend);
        await page.browser.evaluate((content) => (document.querySelector("#text").value = content), sample);
        await checkSample(page, backend);
        await checkValues(page, backend);
        await checkFiles(page, backend, folder);
    }
    await checkSwitching(page, backends, sample);
    await checkTimes(page, backends);
    await check("a screenshot", async () => {
        await browser.resize(phone.width, screenshotHeight);
        await page.call("fib", "20");
        await page.holds("#result", /^6765$/);
        await page.press("#compare");
        await page.holds("#times", /^Backend/);
        await browser.evaluate(() => document.querySelector("#calling").scrollIntoView());
        const png = await browser.screenshot();
        assert.equal(png.readUInt32BE(16), phone.width);
        assert.ok(png.length > 10_000, `${png.length} bytes`);
        if (options.screenshot) {
            writeFileSync(options.screenshot, png);
        }
    });
    await check("the browser has nothing to complain about", () => assert.deepEqual(browser.errors, []));
}

const folder = mkdtempSync(join(tmpdir(), "wrl-page-"));
const server = await serve({ "/": options.page });
await check("the page is driven to its end", async () => {
    const browser = await launch(options.browser, { packages: options.packages });
    console.log(`${options.browser}: ${browser.version}`);
    try {
        await drive(browser, server.url, folder);
    } finally {
        await browser.close();
    }
});
await server.close();
rmSync(folder, { recursive: true, force: true });
finish();
