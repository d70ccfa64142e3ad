// sysconfig.mjs FOLDER OUTPUT: writes the sysconfig variables of the Python in FOLDER, the npm package pyodide, as JSON.
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, output] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(resolve(folder), "pyodide.mjs")).href);
const pyodide = await loadPyodide();
const text = pyodide.runPython("import json, sysconfig; json.dumps(sysconfig.get_config_vars(), sort_keys=True)");
writeFileSync(output, text);
process.exit(0);
