// Checks the layer with real modules. Options: --packages FOLDER (see install.mjs), --backends A,B,
// --wrl, --compile, --xxhash, --zstd PROGRAM. The last line counts the checks that passed and failed.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

import { refused } from "./refused.mjs";

const names = ["packages", "backends", "wrl", "compile", "xxhash", "zstd"];
const { values: options } = parseArgs({ options: Object.fromEntries(names.map((name) => [name, { type: "string" }])) });
const source = fileURLToPath(new URL(".", import.meta.url));
const modulesFolder = join(options.packages, "node_modules");
const scratch = join(options.packages, "scratch");
const backends = options.backends.split(",");
const runners = backends.filter((name) => name !== "null");

let passed = 0;
let failed = 0;

async function check(name, body) {
    try {
        const note = await body();
        passed++;
        console.log(`ok    ${name}${note ? ` (${note})` : ""}`);
    } catch (error) {
        failed++;
        console.log(`FAIL  ${name}: ${error.message}`);
    }
}

// Runs a program. Node runs programs that were compiled with Emscripten.
function run(program, ...args) {
    const [command, ...first] = program.endsWith(".js") ? [process.execPath, program] : [program];
    const result = spawnSync(command, [...first, ...args], { encoding: "utf8", maxBuffer: 1 << 28 });
    if (result.error) {
        throw result.error;
    }
    return result;
}

function runWell(program, ...args) {
    const { status, signal, stdout, stderr } = run(program, ...args);
    assert.equal(status, 0, `${program} ended with ${signal ?? status}: ${stderr.trim()}`);
    return stdout;
}

function wasmFilesOf(pkg) {
    return readdirSync(join(modulesFolder, pkg), { recursive: true })
        .filter((file) => file.endsWith(".wasm"))
        .map((file) => join(modulesFolder, pkg, file))
        .sort();
}

// ---- Reading ----

function compileInNode(file) {
    try {
        return new WebAssembly.Module(readFileSync(file));
    } catch (error) {
        return error;
    }
}

function checkInspect(file) {
    const found = JSON.parse(runWell(options.wrl, "inspect", "--json", file));
    const module = compileInNode(file);
    if (module instanceof Error) {
        throw new Error(`Node cannot compile the module, so there is nothing to compare with: ${module.message}`);
    }
    const strip = ({ type, ...rest }) => rest;
    const plain = (items) => items.map((item) => ({ ...item }));
    assert.deepEqual(found.imports.map(strip), plain(WebAssembly.Module.imports(module)).map(strip));
    assert.deepEqual(found.exports.map(strip), plain(WebAssembly.Module.exports(module)).map(strip));
    for (const item of [...found.imports, ...found.exports]) {
        assert.ok(typeof item.type === "string" && item.type.length > 0, `${item.name} has no type`);
    }
    for (const { name } of found.custom_sections) {
        const same = found.custom_sections.filter((section) => section.name === name).map(({ size }) => size);
        const sizes = WebAssembly.Module.customSections(module, name).map((section) => section.byteLength);
        assert.deepEqual(same, sizes, `custom section ${name}`);
    }
    return `${found.imports.length} imports, ${found.exports.length} exports`;
}

// ---- Compiling ----

function checkCompile(backend, label, file) {
    const reason = refused[backend]?.[label];
    const { status, signal, stdout, stderr } = run(options.compile, backend, file);
    if (reason === undefined) {
        assert.equal(status, 0, `${signal ?? status}: ${stdout.trim()} ${stderr.trim()}`);
        return undefined;
    }
    assert.notEqual(status, 0, `compiles now: remove it from refused.mjs (${reason.lacks})`);
    assert.equal(status, 3, `${signal ?? status}: ${stdout.trim()} ${stderr.trim()}`);
    assert.match(stdout, reason.message);
    return `refused, lacks ${reason.lacks}`;
}

// ---- Running ----

// Some packages contain their module in their script and pass it to WebAssembly.instantiate. If fetch is missing, these
// packages decode the module themselves and do not load Node's built-in modules.
async function capture(pkg, entry, start) {
    const taken = [];
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = (bytes, ...rest) => {
        taken.push(Buffer.from(bytes.buffer ? bytes : new Uint8Array(bytes)));
        return instantiate(bytes, ...rest);
    };
    try {
        const api = await start(await import(pathToFileURL(join(modulesFolder, pkg, entry)).href));
        assert.equal(taken.length, 1, `${pkg} instantiated ${taken.length} modules`);
        return { api, bytes: taken[0] };
    } finally {
        WebAssembly.instantiate = instantiate;
    }
}

function makeInput(size) {
    const input = Buffer.alloc(size);
    for (let i = 0, state = 1; i < size; i++) {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        input[i] = state >>> 24;
    }
    return input;
}

function hex(value, digits) {
    return value.toString(16).padStart(digits, "0");
}

function expectedHashes(api, input, seed) {
    const seed32 = Number(seed & 0xffffffffn);
    const h32 = hex(api.h32Raw(input, seed32), 8);
    const h64 = hex(api.h64Raw(input, seed), 16);
    assert.equal(hex(api.create32(seed32).update(input).digest(), 8), h32);
    assert.equal(hex(api.create64(seed).update(input).digest(), 16), h64);
    return `${h32} ${h64} ${h32} ${h64}`;
}

function checkXxhash(backend, wasm, api, files, seed) {
    const lines = runWell(options.xxhash, backend, wasm, String(seed), ...files.map(({ path }) => path)).trim().split("\n");
    assert.deepEqual(lines, files.map(({ input }) => expectedHashes(api, input, seed)));
    return `${files.length} inputs`;
}

async function checkHashes() {
    let hash;
    const wasm = join(scratch, "xxhash.wasm");
    await check("xxhash-wasm: its module", async () => {
        hash = await capture("xxhash-wasm", "esm/xxhash-wasm.js", (script) => script.default());
        writeFileSync(wasm, hash.bytes);
        // The known XXH64 of empty input, so that Node's result is not the only reference.
        assert.equal(hash.api.h64("", 0n), 0xef46db3751d8e999n);
    });
    if (!hash) {
        return;
    }
    const files = [0, 1, 3, 4, 15, 16, 17, 31, 32, 33, 1000, 65535, 65536, 1 << 20, (1 << 20) + 5].map((size) => {
        const path = join(scratch, `input-${size}`);
        const input = makeInput(size);
        writeFileSync(path, input);
        return { path, input };
    });
    for (const backend of runners) {
        for (const seed of [0n, 1n, 0xfedcba9876543210n]) {
            await check(`xxhash-wasm on ${backend}, seed ${seed}`, () =>
                checkXxhash(backend, wasm, hash.api, files, seed));
        }
    }
}

function squares() {
    let text = "";
    for (let i = 0; i < 1000; i++) {
        text += `${i} * ${i} = ${i * i}\n`;
    }
    return Buffer.from(text.repeat(80));
}

async function checkDecompression() {
    let decoder;
    const wasm = join(scratch, "zstddec.wasm");
    const packed = join(source, "squares.zst");
    const expected = squares();
    await check("zstddec: its module", async () => {
        decoder = await capture("zstddec", "dist/zstddec.mjs", async (script) => {
            const made = new script.ZSTDDecoder();
            await made.init();
            return made;
        });
        writeFileSync(wasm, decoder.bytes);
        assert.ok(Buffer.from(decoder.api.decode(readFileSync(packed))).equals(expected), "Node's result is wrong");
    });
    if (!decoder) {
        return;
    }
    for (const backend of runners) {
        await check(`zstddec on ${backend}`, () => {
            const out = join(scratch, `squares-${backend}.txt`);
            const note = runWell(options.zstd, backend, wasm, packed, out).trim();
            assert.ok(readFileSync(out).equals(expected), "the text differs from that of Node's decoder");
            return note;
        });
    }
}

// ---- All checks ----

for (const name of names) {
    assert.ok(options[name], `--${name} is missing`);
}
delete globalThis.fetch;
mkdirSync(scratch, { recursive: true });

const packages = Object.keys(createRequire(import.meta.url)("./package.json").dependencies);
const withFiles = ["esbuild-wasm", "@sqlite.org/sqlite-wasm", "web-tree-sitter", "@resvg/resvg-wasm", "xxhash-wasm"];
const known = new Set();
for (const pkg of packages) {
    const files = wasmFilesOf(pkg);
    if (withFiles.includes(pkg)) {
        await check(`${pkg}: has modules`, () => {
            assert.notEqual(files.length, 0, "the package has no .wasm file");
            return String(files.length);
        });
    }
    for (const file of files) {
        const label = relative(modulesFolder, file);
        known.add(label);
        await check(`${label}: inspect`, () => checkInspect(file));
        for (const backend of backends) {
            await check(`${label}: compile on ${backend}`, () => checkCompile(backend, label, file));
        }
    }
}
for (const [backend, entries] of Object.entries(refused)) {
    for (const label of Object.keys(entries)) {
        await check(`refused.mjs: ${backend}, ${label}`, () => assert.ok(known.has(label), "the module does not exist"));
    }
}
await checkHashes();
await checkDecompression();

console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
