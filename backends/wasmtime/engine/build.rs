//! Copies the headers of the C API to `include` beside the static library, so that C finds them without cargo's
//! generated folder names.

use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let from = PathBuf::from(env::var_os("DEP_WASMTIME_C_API_INCLUDE").ok_or("wasmtime's headers are missing")?);
    let to = profile_dir(Path::new(&env::var("OUT_DIR")?))?.join("include");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed={}", from.display());
    println!("cargo:rerun-if-changed={}", to.join("wasmtime.h").display());
    copy(&from, &to)?;
    Ok(())
}

/// Returns the folder of the static library: `OUT_DIR` is `<profile>/build/<package>/out`.
fn profile_dir(out_dir: &Path) -> Result<&Path, &'static str> {
    let build = out_dir.ancestors().find(|dir| dir.file_name().is_some_and(|name| name == "build"));
    build.and_then(Path::parent).ok_or("OUT_DIR is not inside a folder called build")
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            copy_if_new(&entry.path(), &target)?;
        }
    }
    Ok(())
}

/// Copies a file, unless the target is equal: an unchanged file time prevents needless compilation of C.
fn copy_if_new(from: &Path, to: &Path) -> std::io::Result<()> {
    let bytes = fs::read(from)?;
    if fs::read(to).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    fs::write(to, bytes)
}
