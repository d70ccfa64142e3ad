// install.mjs NPM FOLDER [SOURCE]: installs the packages that the package-lock.json of SOURCE pins into FOLDER, unless
// they are already installed. The default of SOURCE is this folder.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [npm, folder, source = fileURLToPath(new URL(".", import.meta.url))] = process.argv.slice(2);
const stamp = join(folder, "installed-package-lock.json");
const wanted = readFileSync(join(source, "package-lock.json"));

if (existsSync(stamp) && readFileSync(stamp).equals(wanted)) {
    console.log("the packages are installed");
    process.exit(0);
}
mkdirSync(folder, { recursive: true });
rmSync(stamp, { force: true });
for (const name of ["package.json", "package-lock.json"]) {
    copyFileSync(join(source, name), join(folder, name));
}
console.log(`installing npm packages into ${folder}`);
const options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
const { status, error } = spawnSync(npm, options, { cwd: folder, stdio: "inherit" });
if (error || status !== 0) {
    console.error(`npm ci failed: ${error ?? `status ${status}`}`);
    process.exit(1);
}
copyFileSync(join(source, "package-lock.json"), stamp);
