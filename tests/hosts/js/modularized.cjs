// modularized.cjs [--expose-gc] PROGRAM [ARGUMENT…]: runs a program that was linked with -sMODULARIZE=1, and so is a function.
"use strict";
const { resolve } = require("node:path");

const [first, ...others] = process.argv.slice(2);
if (first === "--expose-gc") {
    require("node:v8").setFlagsFromString(first);
    globalThis.gc = require("node:vm").runInNewContext("gc");
}
const [program, ...rest] = first === "--expose-gc" ? others : [first, ...others];
Promise.resolve(require(resolve(program))({ arguments: rest })).catch((error) => {
    console.error(error);
    process.exit(1);
});
