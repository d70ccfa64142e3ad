// The processes of a browser: those with its folder in their environment or command line, and their descendants. Works on Linux;
// on other systems it finds nothing.
import { readdirSync, readFileSync } from "node:fs";

export const marker = "WRL_TEST_BROWSER";

function read(file) {
    try {
        return readFileSync(file, "latin1");
    } catch {
        return ""; // The process has ended or belongs to another user.
    }
}

function all() {
    let entries = [];
    try {
        entries = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
    } catch {
        return [];
    }
    return entries.flatMap((entry) => {
        const stat = /^\d+ \(.*\) (\S) (\d+) (?:\S+ ){17}(\d+)/s.exec(read(`/proc/${entry}/stat`));
        // A zombie counts as ended.
        return stat && stat[1] !== "Z" ? [{ pid: Number(entry), parent: Number(stat[2]), started: stat[3] }] : [];
    });
}

/**
 * Returns the processes of the browser with that folder as {pid, command, started}. `known` are processes from an
 * earlier call.
 */
export function processesOf(folder, known = []) {
    const processes = all();
    const seen = new Set(known.map(({ pid, started }) => `${pid} ${started}`));
    const found = new Set();
    for (const entry of processes) {
        const { pid, started } = entry;
        entry.command = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
        const mine =
            seen.has(`${pid} ${started}`) ||
            read(`/proc/${pid}/environ`).split("\0").includes(`${marker}=${folder}`) ||
            entry.command.includes(folder);
        if (mine) {
            found.add(entry);
        }
    }
    for (const parent of found) {
        processes.filter((entry) => entry.parent === parent.pid).forEach((child) => found.add(child));
    }
    return [...found];
}

/** Kills the processes by their ids. */
export function kill(processes) {
    for (const { pid } of processes) {
        try {
            process.kill(pid, "SIGKILL");
        } catch (error) {
            if (error.code !== "ESRCH") {
                throw error;
            }
        }
    }
}
