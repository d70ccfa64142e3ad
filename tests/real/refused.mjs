// Modules that an engine does not compile: backend -> file -> the proposal it lacks, and what the message must match.
// An entry for a module that compiles fails the run.
export const refused = {
    wasmi: {},
    wasmtime: {},
};
