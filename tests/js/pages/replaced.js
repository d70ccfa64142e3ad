// A page that puts classes of its own in the place of WebAssembly's, and takes most of it away once the backend is open.
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
        // The backend's own table, which it makes when it is opened.
        if (type.element === "anyfunc" && type.initial === 1) {
            for (const name of ["Global", "Instance", "Memory", "Table", "compile", "instantiate", "validate"]) {
                delete classes[name];
            }
        }
    }
};
