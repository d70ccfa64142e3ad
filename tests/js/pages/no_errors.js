// A page that takes WebAssembly's errors away.
for (const name of ["CompileError", "LinkError", "RuntimeError"]) {
    delete WebAssembly[name];
}
