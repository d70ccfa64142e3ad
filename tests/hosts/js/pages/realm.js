// Runs a program in a realm of its own, like test runners do, with the WebAssembly of the surrounding realm, whose errors and
// classes are not those of the program's realm. realm.js PROGRAM.js ARGUMENT…
const { readFileSync } = require("node:fs");
const { dirname, resolve } = require("node:path");
const { createContext, runInContext } = require("node:vm");

const file = resolve(process.argv[2]);
const argv = ["node", file, ...process.argv.slice(3)];
const given = { WebAssembly, TextEncoder, TextDecoder, performance, setTimeout, clearTimeout, URL, Buffer, console, require };
const box = { ...given, process: Object.create(process, { argv: { value: argv } }), module: { exports: {} } };
Object.assign(box, { __filename: file, __dirname: dirname(file) });
runInContext(readFileSync(file, "utf8"), createContext(box), { filename: file });
