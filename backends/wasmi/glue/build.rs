//! Takes the engine's version from the lock file, so that it is written down once.

use std::fs;

fn main() {
    println!("cargo::rerun-if-changed=Cargo.lock");
    let lock = fs::read_to_string("Cargo.lock").expect("Cargo.lock is readable");
    let mut lines = lock.lines();
    lines.find(|line| *line == "name = \"wasmi\"").expect("Cargo.lock has wasmi");
    let version = lines
        .next()
        .and_then(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .expect("wasmi has a version");
    println!("cargo::rustc-env=WASMI_VERSION={version}");
}
