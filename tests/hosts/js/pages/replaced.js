// A page that replaces WebAssembly's classes by its own and removes most of them when the backend has been opened.
const classes = {};
for (const name of Object.getOwnPropertyNames(WebAssembly)) {
    const value = WebAssembly[name];
    const isClass = typeof value == "function" && value.prototype && !/Error|Exception|Tag/.test(name);
    classes[name] = isClass ? class extends value {} : typeof value == "function" && !value.prototype ? value.bind(WebAssembly) : value;
}
globalThis.WebAssembly = classes;
const { Table } = classes;
classes.Table = class extends Table {
    constructor(type, ...more) {
        super(type, ...more);
        // The backend makes its own table when it is opened.
        if (type.element === "anyfunc" && type.initial === 1) {
            for (const name of ["Global", "Instance", "Memory", "Table", "compile", "instantiate", "validate"]) {
                delete classes[name];
            }
        }
    }
};
