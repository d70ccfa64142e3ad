// A page on which nothing can be changed.
const { CompileError, Global, Instance, LinkError, Memory, Module, RuntimeError, Table } = WebAssembly;
const classes = [Object, Function, Array, RangeError, TypeError, Map, Set, Promise, Uint8Array, ArrayBuffer, String, Number, BigInt];
for (const type of [...classes, CompileError, Global, Instance, LinkError, Memory, Module, RuntimeError, Table]) {
    Object.freeze(type.prototype);
    Object.freeze(type);
}
Object.freeze(Error.prototype);
Object.freeze(WebAssembly);
