// A page whose objects have unexpected members.
const names = ["a", "d", "e", "f", "h", "i", "k", "kit", "m", "n", "o", "out", "s", "t", "v", "vf", "x", "address", "checks", "heap"];
for (const name of [...names, "index", "initial", "maximum", "message", "minimum", "mutable", "name", "object", "shared", "stack", "tab"]) {
    Object.defineProperty(Object.prototype, name, { value: 3, writable: true, configurable: true });
}
// And some members that are read-only.
for (const name of ["c", "f0", "l", "wrlShim"]) {
    Object.defineProperty(Object.prototype, name, { value: 4, writable: false, configurable: true });
}
for (const { prototype } of [Array, Function, String]) {
    prototype.unexpected = () => 0;
}
