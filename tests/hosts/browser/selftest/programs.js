// Programs like those that Emscripten makes for browsers. The first argument selects what main() does.
"use strict";

const programs = {
    well: () => 0,
    "a failed test": (program) => {
        program.print("1 passed, 1 failed");
        return 1;
    },
    "a status alone": () => 3,
    "no closing line": (program) => {
        program.print("and so on");
        return 0;
    },
    "no test": (program) => {
        program.print("0 passed, 0 failed");
        return 0;
    },
    "an error on the console": () => {
        console.error("told to the console");
        return 0;
    },
    "an error that nobody catches": () => {
        setTimeout(() => {
            throw new Error("nobody catches this");
        });
        return new Promise((resolve) => setTimeout(() => resolve(0), 200));
    },
    "a promise that is rejected": () => {
        Promise.reject(new Error("nobody handles this"));
        return new Promise((resolve) => setTimeout(() => resolve(0), 200));
    },
    "a trap": () => {
        throw new WebAssembly.RuntimeError("unreachable");
    },
    "no end": () => new Promise(() => {}),
    "busy for ever": () => {
        for (;;);
    },
};

globalThis.createProgram = async (program) => ({
    callMain([name]) {
        program.print("some line");
        program.print("2 passed, 0 failed");
        const status = programs[name](program);
        // Like a program that continues in the event loop.
        Promise.resolve(status).then((value) => program.onExit(value));
    },
});
