// alloc.mjs PROGRAM: runs the scenario of alloc.c once for each allocation, which fails alone or together with all later ones. Each
// run is a new program. Prints the places in the sources whose allocations have failed.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const counts = ["blocks of memory", "the stack's place", "handles", "functions", "externrefs", "places made in the program's table",
    "places in the program's table"];
const leastAllocations = 200;
// The backend's code for SpiderMonkey allocates memory as well. The backend assumes that an engine with this class is
// SpiderMonkey.
globalThis.InternalError = class extends Error {};
// The backend's code for JavaScriptCore, which accepts invalid unreachable code, also allocates memory. exact_traps tests
// the engine with this function: (func (unreachable) (drop (i32.eqz (i64.const 0)))).
const deadCode = [10, 9, 1, 7, 0, 0, 0x42, 0, 0x45, 0x1a, 0x0b].toString();
const { validate } = WebAssembly;
WebAssembly.validate = (bytes) => validate(bytes) || Array.from(bytes.slice(-11)).toString() === deadCode;

const script = resolve(process.argv[2]);
const createProgram = createRequire(import.meta.url)(script);
const code = new WebAssembly.Module(readFileSync(script.replace(/js$/, "wasm")));
const sites = new Set();
const tick = () => new Promise((done) => setTimeout(done, 0));

function print(line) {
    if (line.startsWith("site ")) {
        sites.add(line);
    } else {
        console.log(line);
    }
}

/** Makes a new program. The code is compiled once for all programs. */
function create() {
    return createProgram({
        print,
        printErr: print,
        instantiateWasm(imports, done) {
            const instance = new WebAssembly.Instance(code, imports);
            done(instance);
            return instance.exports;
        },
    });
}

/** Runs the scenario once. Resolves to the number of allocations and whether all checks passed. */
async function scenario(program, failing, andAfter) {
    program._alloc_begin(failing, andAfter);
    for (let waited = 0; !program._alloc_is_done(); waited++) {
        if (waited > 1000) {
            throw new Error("a compilation does not end");
        }
        await tick();
    }
    const asked = program._alloc_asked();
    return { asked, good: program._alloc_end() === 0 };
}

const held = (program) => counts.map((_, what) => program._alloc_held(what));

/**
 * Runs the scenario in a new program with a failure, and again without one. Resolves to the counts of the objects that
 * the program holds at the end.
 */
async function run(failing, andAfter) {
    const program = await create();
    const first = await scenario(program, failing, andAfter);
    const second = await scenario(program, 0, 0);
    program._alloc_sites();
    return { asked: first.asked, good: first.good && second.good, held: held(program) };
}

function isSame(expected, found, failing) {
    const wrong = counts.filter((_, what) => expected[what] !== found[what]);
    for (const name of wrong) {
        const what = counts.indexOf(name);
        console.log(`failing at ${failing}: ${name}: ${found[what]}, not ${expected[what]}`);
    }
    return wrong.length === 0;
}

const whole = await run(0, 0);
const again = await run(0, 0);
let passed = 0;
let failed = 0;

function tell(good, name) {
    passed += good;
    failed += !good;
    if (!good) {
        console.log(`FAIL  ${name}`);
    }
}

tell(whole.good && isSame(whole.held, again.held, 0), "the scenario itself");
tell(whole.asked >= leastAllocations, `only ${whole.asked} allocations were made`);
for (let failing = 1; failing <= whole.asked; failing++) {
    for (const andAfter of [0, 1]) {
        const { good, held } = await run(failing, andAfter);
        tell(good && isSame(whole.held, held, failing), `allocation ${failing}${andAfter ? " and those after it" : ""}`);
    }
}
[...sites].sort().forEach((line) => console.log(line));
console.log(`${whole.asked} allocations`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
