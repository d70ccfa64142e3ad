// Modules that an engine does not compile: backend -> file -> the missing proposal, and a pattern for the message. An
// entry for a module that compiles fails the run.
export const refused = {
    wasmi: {},
    wasmtime: {},
};
