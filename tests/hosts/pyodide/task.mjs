// Runs a Python script in Pyodide, in Node and on pages.

/**
 * Starts Pyodide and runs a script, whose last expression is the exit status. `load` is loadPyodide(), with `options` for the
 * host; `read(file)` returns the bytes of a file, and `print(stream, line)` is called for each line. The task has `modules` and
 * `folders` ({file: name}), which go to the folder of installed packages, `wheels`, which are unpacked there, `files`, which go to
 * the current folder, `script`, and its `args`.
 */
export async function perform({ load, options, read, print, task }) {
    const pyodide = await load({
        ...options,
        stdout: (line) => print("stdout", line),
        stderr: (line) => print("stderr", line),
    });
    const installed = pyodide.runPython("import site; site.getsitepackages()[0]");
    const put = async (file, path) => {
        pyodide.FS.mkdirTree(path.slice(0, path.lastIndexOf("/")));
        pyodide.FS.writeFile(path, await read(file));
    };
    for (const [file, name] of Object.entries(task.modules)) {
        await put(file, `${installed}/${name}`);
    }
    for (const [file, name] of Object.entries(task.files)) {
        await put(file, `${pyodide.runPython("import os; os.getcwd()")}/${name}`);
    }
    for (const wheel of task.wheels) {
        pyodide.unpackArchive(await read(wheel), "wheel", { extractDir: installed });
    }
    pyodide.runPython("import importlib; importlib.invalidate_caches()");
    pyodide.globals.set("args", pyodide.toPy(task.args));
    const source = new TextDecoder().decode(await read(task.script));
    return pyodide.runPythonAsync(source);
}
