#!/usr/bin/env python3
"""Checks where backends are loaded from: never from a folder that depends on the current folder or on a name.

An installed copy has the backend "mine". The current folder contains traps: shared objects that leave a mark when they are
loaded, at every place that a relative path of the library or of the program could refer to. Programs with libwrl.so and with
libwrl.a are started in all ways, and must find "mine" and not load the traps. Then files and folders that other users can
write to must be refused. The last line is "N passed, N failed".
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))

from results import Results  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
OTHER_USER = 54321
TRAP = """
#include <fcntl.h>
#include <unistd.h>
__attribute__((constructor)) static void spring(void)
{
    close(open(MARK, O_CREAT | O_WRONLY, 0600));
}
"""


class Test:
    def __init__(self, results, arguments, work):
        self.check = results.check
        self.arguments = arguments
        self.work = work
        self.app = work / "app"
        self.libraries = self.app / "lib"
        self.backends = self.libraries / "wrl"
        self.mine = self.backends / "wrl-mine.so"
        self.evil = work / "evil" / "current"
        self.trapped = work / "trapped"
        self.loaded = work / "loaded"

    def compile(self, *words):
        subprocess.run([self.arguments.cc, "-std=gnu11", "-Wall", "-Wextra", *map(str, words)], check=True)

    def make(self):
        for folder in [self.backends, self.app / "bin", self.evil]:
            folder.mkdir(parents=True)
        built = self.arguments.build / "lib"
        shutil.copy(built / "libwrl.so.0", self.libraries)
        (self.libraries / "libwrl.so").symlink_to("libwrl.so.0")
        include = f"-I{self.arguments.source / 'include'}"
        program = HERE / "places.c"
        shared = [program, include, f"-L{self.libraries}", "-lwrl"]
        static = [program, include, "-DWRL_STATIC"]
        libraries = ["-lpthread", "-ldl", "-lm"]
        bin_folder = self.app / "bin"
        self.compile(*shared, "-Wl,-rpath,$ORIGIN/../lib", "-o", bin_folder / "shared")
        self.compile(*shared, "-o", bin_folder / "bare")
        self.compile(*shared, "-Wl,-rpath,lib", "-o", bin_folder / "relative")
        self.compile(*static, built / "libwrl.a", *libraries, "-o", bin_folder / "static")
        # The library as configured for this prefix.
        self.compile(*static, include, f"-I{self.arguments.source / 'src'}",
                     f"-DWRL_INSTALLED_FOLDER=\"{self.backends}\"", self.arguments.source / "src" / "shared_object.c",
                     built / "libwrl_internal.a", *libraries, "-o", self.work / "configured")
        (self.work / "trap.c").write_text(TRAP, encoding="utf-8")
        null = (self.arguments.source / "backends" / "null" / "null.c").read_text(encoding="utf-8")
        null = null.replace("wrl_backend_null", "wrl_backend_mine").replace('.name = "null"', '.name = "mine"')
        (self.work / "mine.c").write_text(null + TRAP, encoding="utf-8")
        self.trap = self.work / "trap.so"
        plugin = ["-shared", "-fPIC", include]
        self.compile(*plugin, f"-DMARK=\"{self.trapped}\"", self.work / "trap.c", "-o", self.trap)
        self.compile(*plugin, f"-DMARK=\"{self.loaded}\"", self.work / "mine.c", "-o", self.mine)
        for place in ["wrl", "../lib/wrl", "lib/wrl", "../wrl", "bin/wrl"]:
            folder = self.evil / place
            folder.mkdir(parents=True)
            for name in ["mine", "trap"]:
                shutil.copy(self.trap, folder / f"wrl-{name}.so")

    def run(self, command, folder, **more):
        """Runs the program and returns its output. Removes old marks first."""
        for mark in [self.trapped, self.loaded]:
            mark.unlink(missing_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LD_")}
        environment = {**kept, **{key: more.pop(key) for key in list(more) if key.isupper()}}
        done = subprocess.run([str(word) for word in command], cwd=folder, env=environment, check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **more)
        return done.stdout + ("" if done.returncode == 0 else f"\nended with {done.returncode}")

    def finds(self, what, command, folder, **more):
        """Checks that the program finds "mine" and loads nothing from the current folder."""
        output = self.run([*command, "--list", "unknown", "mine"], folder, **more)
        self.check(what, "mine: found" in output and not self.trapped.exists() and "trap" not in output,
                   f"trap loaded: {self.trapped.exists()}; it printed\n{output}")

    def refused(self, what, reason, names=None):
        for program in ["shared", "static"]:
            output = self.run([self.app / "bin" / program, "--list", "unknown", "mine"], self.work)
            names = names or str(self.mine)
            answer = next((line for line in output.splitlines() if line.startswith("mine: ")), "")
            self.check(f"{what}, {program}", reason in answer and names in answer and not self.loaded.exists(),
                       f"loaded: {self.loaded.exists()}; it printed\n{output}")

    def starts(self):
        bin_folder = self.app / "bin"
        away = ["--chdir", self.evil]
        for program in ["shared", "static"]:
            path = bin_folder / program
            self.finds(f"{program}, by its path", [path], self.evil)
            self.finds(f"{program}, through PATH", ["sh", "-c", f"{program} \"$@\"", "sh"], self.evil,
                       PATH=f"{bin_folder}:{os.environ['PATH']}")
            self.finds(f"{program}, by a relative path", [f"./{program}", *away], bin_folder)
            link = self.work / f"link-{program}"
            link.symlink_to(path)
            self.finds(f"{program}, by a link", [link], self.evil)
            self.finds(f"{program}, with another name for itself", ["nothing"], self.evil, executable=str(path))
            self.finds(f"{program}, with a name of the current folder", ["./wrl"], self.evil, executable=str(path))
        self.finds("a relative LD_LIBRARY_PATH", [bin_folder / "bare", *away], self.app, LD_LIBRARY_PATH="lib")
        self.finds("LD_LIBRARY_PATH of the current folder", [bin_folder / "bare", *away], self.libraries,
                   LD_LIBRARY_PATH=".")
        self.finds("a relative rpath", ["bin/relative", *away], self.app)
        moved = self.work / "moved"
        self.app.rename(moved)
        self.finds("a moved prefix, shared", [moved / "bin" / "shared"], self.evil)
        self.finds("a moved prefix, static", [moved / "bin" / "static"], self.evil)
        moved.rename(self.app)
        self.finds("the configured folder, for a program elsewhere", [self.work / "configured"], self.evil)

    def listing(self):
        laid = self.backends / "wrl-trap.so"
        shutil.copy(self.trap, laid)
        for program in ["shared", "static"]:
            path = self.app / "bin" / program
            for what, arguments in [("listing", ["--list"]), ("an unknown name", ["unknown"]),
                                    ("a path for a name", ["x/../../wrl/wrl-trap", "./trap", "trap.so", "TRAP", "", "trap/"])]:
                output = self.run([path, *arguments], self.work)
                told = "listed trap" in output if what == "listing" else "known backends: " in output and "trap" in output
                self.check(f"{what} loads nothing, {program}",
                           told and not self.trapped.exists() and not self.loaded.exists(), output)
            output = self.run([path, "trap"], self.work)
            self.check(f"the trap is loaded by its name, {program}", self.trapped.exists() and "has no symbol" in output,
                       output)
        laid.unlink()

    def writable(self):
        for what, path, safe in [("the folder of the library", self.libraries, 0o755),
                                 ("the folder of the backends", self.backends, 0o755), ("the file", self.mine, 0o755)]:
            for mode, reason in [(0o777, "all users may write"), (0o775, "its group may write")]:
                path.chmod(mode)
                self.refused(f"{what} with mode {mode:o}", reason)
            path.chmod(safe)
            if os.geteuid() == 0:
                os.chown(path, OTHER_USER, -1)
                self.refused(f"{what} of another user", "belongs to another user")
                os.chown(path, 0, -1)
            else:
                print(f"not run without root: {what} of another user")
        self.libraries.chmod(0o1777)
        self.finds("a sticky folder, from which others cannot take files", [self.app / "bin" / "shared"], self.work)
        self.libraries.chmod(0o755)
        elsewhere = self.work / "elsewhere"
        elsewhere.mkdir()
        self.mine.rename(elsewhere / "wrl-mine.so")
        self.mine.symlink_to(elsewhere / "wrl-mine.so")
        self.finds("a link to a file", [self.app / "bin" / "shared"], self.work)
        elsewhere.chmod(0o777)
        self.refused("a link into a folder of all users", "all users may write")
        self.mine.unlink()
        self.mine.symlink_to("nowhere")
        self.refused("a link to nothing", "cannot be opened")
        self.mine.unlink()
        (elsewhere / "wrl-mine.so").rename(self.mine)
        self.finds("as it was before", [self.app / "bin" / "shared"], self.work)

    def privileged(self):
        if os.geteuid() != 0 or os.statvfs(self.work).f_flag & os.ST_NOSUID:
            print("not run without root and a file system with setuid: programs with the rights of another user")
            return
        for name, found in [("static", False), ("configured", True)]:
            program = self.app / "bin" / f"privileged-{name}"
            shutil.copy(self.app / "bin" / "static" if name == "static" else self.work / "configured", program)
            os.chown(program, OTHER_USER, -1)
            program.chmod(0o4755)
            for folder in [self.work.parent, self.work]:
                folder.chmod(0o755)
            output = self.run([program, "mine"], self.work)
            # The other user cannot leave a mark here.
            wanted = "mine: found" if found else "with the rights of another user"
            self.check(f"a setuid program looks at the configured folder alone, {name}", wanted in output, output)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name, kind in [("build", pathlib.Path), ("source", pathlib.Path), ("cc", str)]:
        parser.add_argument(f"--{name}", type=kind, required=True)
    results = Results()
    os.umask(0o022)
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work).resolve() / "work"
        folder.mkdir()
        test = Test(results, parser.parse_args(), folder)
        test.make()
        test.starts()
        test.listing()
        test.writable()
        test.privileged()
    return results.close()


if __name__ == "__main__":
    sys.exit(main())
