// Drives a browser: Chromium and Firefox with puppeteer, WebKitGTK with WebDriver. Each has a fresh profile and home. No process
// and no file is left behind, however this program ends.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve as resolvePath } from "node:path";
import { pathToFileURL } from "node:url";

import { kill, marker, processesOf } from "./processes.mjs";
import { startWebKit } from "./webkit.mjs";

const executables = {
    chromium: { file: "/usr/bin/chromium", debian: "chromium" },
    firefox: { file: "/usr/bin/firefox-esr", debian: "firefox-esr" },
};

export const browserNames = ["chromium", "firefox", "webkit"];

const closeSeconds = 15;

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Resolves to the promise's value, or rejects after that time. */
export async function within(seconds, what, promise) {
    let timer;
    const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what} took longer than ${seconds} s`)), seconds * 1000);
    });
    try {
        return await Promise.race([promise, late]);
    } finally {
        clearTimeout(timer);
    }
}

// ---- Folders and processes ----

const open = new Set();

// Runs at the end of this program, also after an uncaught error.
process.on("exit", () => {
    for (const browser of open) {
        kill(processesOf(browser.folder));
        rmSync(browser.folder, { recursive: true, force: true, maxRetries: 10 });
    }
});
for (const [signal, number] of Object.entries({ SIGHUP: 1, SIGINT: 2, SIGTERM: 15 })) {
    process.on(signal, () => process.exit(128 + number));
}

function makeFolder(name) {
    const folder = mkdtempSync(join(tmpdir(), `wrl-${name}-`));
    for (const inside of ["profile", "home", "run", "tmp"]) {
        mkdirSync(join(folder, inside), { mode: 0o700 });
    }
    return folder;
}

function environmentIn(folder) {
    return {
        PATH: process.env.PATH,
        LANG: "C.UTF-8",
        HOME: join(folder, "home"),
        TMPDIR: join(folder, "tmp"),
        XDG_RUNTIME_DIR: join(folder, "run"),
        // There is no screen reader.
        NO_AT_BRIDGE: "1",
        GTK_A11Y: "none",
        [marker]: folder,
    };
}

// ---- Common functions ----

/**
 * A browser with one page. `errors` has the errors on its console and the uncaught ones, each as a line of text. The
 * driver has evaluate(source), goto(url), the actions below, and end().
 */
class Browser {
    constructor(name, folder) {
        this.name = name;
        this.folder = folder;
        this.errors = [];
    }

    /** Loads a page. */
    async open(url) {
        await this.driver.goto(url);
    }

    /** Calls a function on the page. The arguments and the result, or the value of a promise, pass through JSON. */
    async evaluate(body, ...args) {
        return this.driver.evaluate(body, args);
    }

    /** Waits until a function returns something true on the page, and returns that. */
    async waitFor(body, args = [], { seconds = 30, what = String(body) } = {}) {
        const end = Date.now() + seconds * 1000;
        for (;;) {
            const value = await this.evaluate(body, ...args);
            if (value) {
                return value;
            }
            if (Date.now() > end) {
                throw new Error(`waited ${seconds} s for ${what}`);
            }
            await sleep(50);
        }
    }

    /** Returns the text of the first element that matches the selector. */
    async text(selector) {
        return this.evaluate((found) => document.querySelector(found).textContent, selector);
    }

    /** Clicks on an element with the mouse. */
    async click(selector) {
        await this.driver.click(selector);
    }

    /** Replaces the contents of an input or text area by typing. */
    async type(selector, text) {
        await this.driver.type(selector, text);
    }

    /** Chooses an option of a <select> by its value. */
    async select(selector, value) {
        const chosen = await this.evaluate(
            (found, wanted) => {
                const list = document.querySelector(found);
                list.value = wanted;
                list.dispatchEvent(new Event("input", { bubbles: true }));
                list.dispatchEvent(new Event("change", { bubbles: true }));
                return list.value;
            },
            selector,
            value,
        );
        if (chosen !== value) {
            throw new Error(`${selector} does not have the option ${value}`);
        }
    }

    /** Picks a file in an <input type=file>. */
    async upload(selector, file) {
        await this.driver.upload(selector, file);
    }

    /** Returns the visible part of the page as PNG, in a Buffer. */
    async screenshot() {
        return this.driver.screenshot();
    }

    /** Sets the size of the page in pixels, or in WebKitGTK the size of the window around it. */
    async resize(width, height) {
        await this.driver.resize(width, height);
    }

    /** Returns the browser's own processes. */
    processes() {
        return processesOf(this.folder);
    }

    /** Ends the browser and removes its folder. May be called twice. */
    async close() {
        if (!open.has(this)) {
            return;
        }
        const known = processesOf(this.folder);
        if (this.driver) {
            await within(closeSeconds, "closing", this.driver.end()).catch(() => {});
        }
        // Helper processes may end after the browser, or not at all.
        const end = Date.now() + closeSeconds * 1000;
        for (let left = processesOf(this.folder, known); left.length > 0; left = processesOf(this.folder, known)) {
            if (Date.now() > end) {
                throw new Error(`cannot be ended: ${left.map(({ pid, command }) => `${pid} ${command}`).join("; ")}`);
            }
            kill(left);
            await sleep(50);
        }
        rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
        open.delete(this);
    }
}

// ---- Chromium and Firefox ----

const chromiumArguments = [
    // Containers are isolated already, and often have neither user namespaces nor much shared memory.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
];

// The browser must fetch nothing but the pages under test.
const firefoxPreferences = {
    "app.update.enabled": false,
    "browser.safebrowsing.downloads.enabled": false,
    "browser.safebrowsing.malware.enabled": false,
    "browser.safebrowsing.phishing.enabled": false,
    "datareporting.policy.dataSubmissionEnabled": false,
    "dom.max_script_run_time": 0,
    "extensions.update.enabled": false,
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
    "toolkit.telemetry.enabled": false,
};

async function startPuppeteer(browser, { packages, seconds }) {
    const { file, debian } = executables[browser.name];
    if (!existsSync(file)) {
        throw new Error(`${file} is missing: install Debian's package ${debian}`);
    }
    const { resolve } = createRequire(resolvePath(packages, "package.json"));
    const { default: puppeteer } = await import(pathToFileURL(resolve("puppeteer-core")).href);
    const chromium = browser.name === "chromium";
    const connection = await puppeteer.launch({
        browser: chromium ? "chrome" : "firefox",
        executablePath: file,
        headless: true,
        userDataDir: join(browser.folder, "profile"),
        env: environmentIn(browser.folder),
        args: chromium ? chromiumArguments : [],
        // Chromium ends when its pipe is closed.
        pipe: chromium,
        extraPrefsFirefox: firefoxPreferences,
        timeout: 120_000,
        protocolTimeout: seconds * 1000,
        handleSIGHUP: false,
        handleSIGINT: false,
        handleSIGTERM: false,
    });
    // Set now, so that a later failure ends the browser.
    browser.driver = { end: () => connection.close() };
    browser.version = await connection.version();
    const [page] = await connection.pages();
    const note = (text) => browser.errors.push(text);
    page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "assert") {
            note(`console: ${message.text()}${message.location().url ? ` (${message.location().url})` : ""}`);
        }
    });
    page.on("pageerror", (error) => note(`uncaught: ${error?.message ?? error}`));
    page.on("requestfailed", (request) => note(`failed: ${request.url()}: ${request.failure()?.errorText}`));
    page.on("response", (response) => {
        if (response.status() >= 400) {
            note(`status ${response.status()}: ${response.url()}`);
        }
    });
    let crashed;
    const crash = new Promise((_, reject) => (crashed = reject));
    crash.catch(() => {}); // Whoever waits for the promise reports the crash.
    page.on("error", (error) => crashed(error));
    page.on("close", () => crashed(new Error("the page has gone: the browser, or its part for this page, has crashed")));
    connection.on("disconnected", () => crashed(new Error("the browser has ended")));
    const orCrash = (promise) => Promise.race([promise, crash]);

    const find = (selector) => orCrash(page.waitForSelector(selector, { visible: true, timeout: 30_000 }));
    browser.driver = {
        goto: (url) => orCrash(page.goto(url, { waitUntil: "load", timeout: 60_000 })),
        evaluate: (body, args) => orCrash(page.evaluate(body, ...args)),
        click: async (selector) => (await find(selector)).click(),
        type: async (selector, text) => {
            const element = await find(selector);
            await element.click();
            await element.evaluate((field) => field.select());
            await page.keyboard.press("Delete");
            await element.type(text);
        },
        upload: async (selector, path) => (await orCrash(page.waitForSelector(selector))).uploadFile(path),
        screenshot: async () => Buffer.from(await orCrash(page.screenshot({ type: "png" }))),
        resize: (width, height) => orCrash(page.setViewport({ width, height })),
        end: () => connection.close(),
    };
}

// ---- Starting ----

/**
 * Starts a browser. Options: `packages` is a folder with the npm packages of package-lock.json (see
 * ../../robustness/real/install.mjs), and `seconds` is the time limit of an evaluate().
 */
export async function launch(name, { packages, seconds = 180 }) {
    if (!browserNames.includes(name)) {
        throw new Error(`unknown browser ${name}; known are ${browserNames.join(", ")}`);
    }
    const browser = new Browser(name, makeFolder(name));
    open.add(browser);
    try {
        if (name === "webkit") {
            await startWebKit(browser, { environment: environmentIn(browser.folder), seconds });
        } else {
            await startPuppeteer(browser, { packages, seconds });
        }
        return browser;
    } catch (error) {
        await browser.close();
        throw new Error(`${name} did not start: ${error.message}`, { cause: error });
    }
}
