// A page under test as a person with a phone sees it, and its checks, which are counted.
import assert from "node:assert/strict";

export const phone = { width: 375, height: 812 };

let passed = 0;
let failed = 0;

export async function check(what, body) {
    try {
        await body();
        passed++;
        console.log(`ok    ${what}`);
    } catch (error) {
        failed++;
        console.log(`FAIL  ${what}: ${error.message}`);
    }
}

/** Prints the counts and ends this program. */
export function finish() {
    console.log(`${passed} passed, ${failed} failed`);
    process.exit(failed > 0 ? 1 : 0);
}

/** The actions in the browser are those of a person. */
export class Page {
    constructor(browser) {
        this.browser = browser;
    }

    text(selector) {
        return this.browser.text(selector);
    }

    hidden(selector) {
        return this.browser.evaluate((found) => document.querySelector(found).hidden, selector);
    }

    /** Waits until an element's text matches. */
    async holds(selector, pattern) {
        try {
            await this.browser.waitFor(
                (found, source) => new RegExp(source).test(document.querySelector(found).textContent),
                [selector, pattern.source],
                { seconds: 60, what: `${pattern} in ${selector}` },
            );
        } catch (error) {
            const alerts = await this.browser.evaluate(() =>
                [...document.querySelectorAll("[role=alert]")].map(({ textContent }) => textContent).join("; "),
            );
            throw new Error(`${error.message}; it holds: ${await this.text(selector)}; ${alerts}`);
        }
    }

    async choose(selector, label) {
        const value = await this.browser.evaluate(
            (found, wanted) => [...document.querySelectorAll(`${found} option`)].find(({ text }) => text === wanted)?.value,
            selector,
            label,
        );
        assert.ok(value !== undefined, `${selector} has no ${label}`);
        await this.browser.select(selector, value);
    }

    /**
     * Clicks on a button when the page has stopped moving: the button moves when something above it appears or
     * disappears.
     */
    async press(selector) {
        await this.browser.evaluate(async (found) => {
            document.querySelector(found).scrollIntoView({ block: "center" });
            const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
            await frame();
            await frame();
        }, selector);
        await this.browser.click(selector);
    }

    async fits(what) {
        const [wide, room] = await this.browser.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
        assert.ok(wide <= room, `${what}: ${wide} of ${room} pixels`);
    }

    /** Checks that everything to touch is large enough for a finger. */
    async isForFingers() {
        const small = await this.browser.evaluate(() =>
            [...document.querySelectorAll("button, select, input")].filter((part) => part.offsetParent && part.offsetHeight < 44).length,
        );
        assert.equal(small, 0, "parts to touch are too small");
    }
}
