// A file server for pages under test, on this machine alone. Pages can send reports to it, see page/program.js.
import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".wat": "text/plain; charset=utf-8",
};

// With these headers pages get clocks with full resolution.
const isolation = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
};

function body(request) {
    return new Promise((resolve, reject) => {
        const chunks = [];
        request.on("data", (chunk) => chunks.push(chunk));
        request.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
        request.on("error", reject);
    });
}

// Finds the file for a path. Folders are listed by URL prefix, such as {"/": "docs/"}.
function find(folders, path) {
    const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
    const prefix = prefixes.find((candidate) => path.startsWith(candidate));
    const inside = prefix === undefined ? ".." : normalize(path.slice(prefix.length));
    if (inside.startsWith("..") || inside.startsWith("/")) {
        return null;
    }
    const file = join(folders[prefix], inside.endsWith("/") || inside === "." ? join(inside, "index.html") : inside);
    return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : null;
}

/**
 * Serves folders on a free port. `onReport(kind, text)` is called with what pages post to /report/KIND.
 * Resolves to {url, close()}. The URL ends with "/".
 */
export async function serve(folders, onReport = () => {}) {
    async function answer(request, response) {
        const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
        if (request.method === "POST" && path.startsWith("/report/")) {
            onReport(path.slice("/report/".length), await body(request));
            response.writeHead(204).end();
            return;
        }
        // Browsers request it on their own.
        if (path === "/favicon.ico") {
            response.writeHead(204).end();
            return;
        }
        const file = find(folders, path);
        if (!file) {
            response.writeHead(404, { "Content-Type": "text/plain" }).end(`${path} does not exist\n`);
            return;
        }
        const type = types[extname(file)] ?? "application/octet-stream";
        response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store", ...isolation });
        createReadStream(file).on("error", () => response.destroy()).pipe(response);
    }
    const server = createServer((request, response) => {
        answer(request, response).catch((error) => {
            response.destroy();
            console.error(`the server could not answer ${request.method} ${request.url}: ${error.message}`);
        });
    });
    await new Promise((resolve, reject) => {
        server.on("error", reject);
        server.listen(0, "127.0.0.1", resolve);
    });
    const close = () => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
    };
    return { url: `http://127.0.0.1:${server.address().port}/`, close };
}
