// A page that removes WebAssembly's error classes.
for (const name of ["CompileError", "LinkError", "RuntimeError"]) {
    delete WebAssembly[name];
}
