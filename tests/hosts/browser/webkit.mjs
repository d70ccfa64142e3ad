// WebKitGTK: its MiniBrowser on an Xvfb screen, driven by WebKitWebDriver with the W3C's WebDriver protocol.
// The protocol does not report the console; pages do that themselves, see page/program.js.
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";

const elementKey = "element-6066-11e4-a52e-4f735466cecf";

function findMiniBrowser() {
    for (const machine of readdirSync("/usr/lib")) {
        for (const version of ["4.1", "4.0", "6.0"]) {
            const name = version === "6.0" ? "webkitgtk" : "webkit2gtk";
            const file = `/usr/lib/${machine}/${name}-${version}/MiniBrowser`;
            if (existsSync(file)) {
                return file;
            }
        }
    }
    throw new Error("MiniBrowser is missing in /usr/lib: install Debian's package webkit2gtk-driver");
}

// Starts a program. `stop` rejects when the program ends or cannot be started.
function start(program, args, options) {
    const child = spawn(program, args, options);
    let last = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (last = (last + text).slice(-2000)));
    const stop = new Promise((_, reject) => {
        child.on("error", (error) => reject(new Error(`cannot run ${program}: ${error.message}`)));
        child.on("exit", (code, signal) => reject(new Error(`${program} ended (${signal ?? code}): ${last.trim()}`)));
    });
    stop.catch(() => {});
    return { child, stop };
}

// Xvfb chooses a free display number and prints it.
async function startScreen(env) {
    const args = ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset"];
    const { child, stop } = start("Xvfb", args, { env, stdio: ["ignore", "ignore", "pipe", "pipe"] });
    const number = new Promise((resolve) => {
        let text = "";
        child.stdio[3].setEncoding("utf8").on("data", (more) => {
            text += more;
            if (text.includes("\n")) {
                resolve(text.trim());
            }
        });
    });
    return { child, stop, display: `:${await Promise.race([number, stop])}` };
}

function freePort() {
    return new Promise((resolve, reject) => {
        const server = createServer().on("error", reject);
        server.listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

async function request(url, method, content) {
    const response = await fetch(url, {
        method,
        headers: { "Content-Type": "application/json" },
        body: method === "POST" ? JSON.stringify(content ?? {}) : undefined,
    });
    const { value } = await response.json();
    if (!response.ok) {
        throw new Error(`WebDriver: ${value?.error}: ${value?.message}`);
    }
    return value;
}

async function untilReady(url, seconds) {
    for (const end = Date.now() + seconds * 1000; ; ) {
        try {
            return await request(`${url}/status`, "GET");
        } catch (error) {
            if (Date.now() > end) {
                throw new Error(`WebKitWebDriver was not ready after ${seconds} s: ${error.message}`, { cause: error });
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
    }
}

/** Starts WebKitGTK for browsers.mjs. */
export async function startWebKit(browser, { environment, seconds }) {
    const binary = findMiniBrowser();
    const screen = await startScreen(environment);
    browser.driver = { end: async () => screen.child.kill() };
    const env = { ...environment, DISPLAY: screen.display };
    const port = await freePort();
    const service = start("WebKitWebDriver", [`--port=${port}`], { env, stdio: ["ignore", "ignore", "pipe"] });
    const orStop = (promise) => Promise.race([promise, screen.stop, service.stop]);
    const end = async () => {
        service.child.kill();
        screen.child.kill();
    };
    browser.driver = { end };

    const url = `http://127.0.0.1:${port}`;
    await orStop(untilReady(url, 60));
    const capabilities = {
        alwaysMatch: {
            timeouts: { script: seconds * 1000, pageLoad: 60_000 },
            "webkitgtk:browserOptions": { binary, args: ["--automation"] },
        },
    };
    const session = await orStop(request(`${url}/session`, "POST", { capabilities }));
    const prefix = `${url}/session/${session.sessionId}`;
    browser.version = `${session.capabilities.browserName} ${session.capabilities.browserVersion}`;

    const send = (method, path, content) => orStop(request(`${prefix}${path}`, method, content));
    const find = async (selector) => {
        const element = await send("POST", "/element", { using: "css selector", value: selector });
        return `/element/${element[elementKey]}`;
    };
    browser.driver = {
        goto: (address) => send("POST", "/url", { url: address }),
        evaluate: async (body, args) => {
            const script = `
                const [args, done] = arguments;
                new Promise((resolve) => resolve((${body}).apply(null, args))).then(
                    (value) => done({ value }),
                    (error) => done({ error: String(error) + "\\n" + (error && error.stack) }));`;
            const result = await send("POST", "/execute/async", { script, args: [args] });
            if (result?.error !== undefined) {
                throw new Error(result.error);
            }
            return result?.value;
        },
        click: async (selector) => send("POST", `${await find(selector)}/click`),
        type: async (selector, text) => {
            const element = await find(selector);
            await send("POST", `${element}/clear`);
            await send("POST", `${element}/value`, { text });
        },
        upload: async (selector, file) => send("POST", `${await find(selector)}/value`, { text: file }),
        screenshot: async () => Buffer.from(await send("GET", "/screenshot"), "base64"),
        resize: (width, height) => send("POST", "/window/rect", { width, height }),
        end: async () => {
            try {
                await request(prefix, "DELETE");
            } finally {
                await end();
            }
        },
    };
}
