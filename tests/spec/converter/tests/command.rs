//! Tests the program through its command line.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wast2script")).args(args).output().expect("it runs")
}

/// Makes an empty folder for a test.
fn folder(name: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&dir);
    fs::create_dir_all(&dir).expect("a folder can be made");
    dir
}

fn fails(args: &[&str], code: i32, words: &str) {
    let output = run(args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
    assert!(said.contains(words), "{args:?}: {said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn wrong_arguments() {
    for args in [
        &[][..],
        &["--suite", "v1"],
        &["--out", "x"],
        &["-o", "x"],
        &["x.wast"],
        &["--suite", "v1", "--out", "x", "x.wast"],
        &["--suite", "v1", "-o", "x", "x.wast"],
        &["--suite", "v1", "--out", "x", "-o", "x"],
        &["--what"],
        &["-o"],
    ] {
        fails(args, 2, "Usage: wast2script");
    }
    assert!(run(&["--help"]).status.success());
}

#[test]
fn bad_files_are_named_with_their_line() {
    let dir = folder("bad");
    let out = dir.join("out.script");
    let out = out.to_str().expect("the name is text");
    for (name, text, words) in [
        ("unclosed.wast", &b"(module)\n(module"[..], "unclosed.wast:2: this ( is never closed"),
        ("words.wast", b"(module)\n\nmodule", "words.wast:3: `module` is in no parentheses"),
        ("bytes.wast", b"(module)\n\xff", "bytes.wast:2: it is not UTF-8"),
        ("token.wast", b"(module)\n(module \"", "token.wast:2: "),
    ] {
        let file = dir.join(name);
        fs::write(&file, text).expect("it can be written");
        fails(&["-o", out, file.to_str().expect("the name is text")], 1, words);
        assert!(!PathBuf::from(out).exists(), "{name}");
    }
    fails(&["-o", out, "no-such.wast"], 1, "no-such.wast cannot be read: ");
    fails(&["--suite", "v9", "--out", out], 1, "there is no suite v9, but all, v1, v2");
    let good = dir.join("good.wast");
    fs::write(&good, "(module)").expect("it can be written");
    fails(
        &["-o", "/no/such/folder/x", good.to_str().expect("the name is text")],
        1,
        "/no/such/folder/x cannot be written",
    );
}

/// Returns the names of the files in a script. Each file starts with the magic bytes.
fn names(script: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = script;
    while !rest.is_empty() {
        let number = |at: usize| u32::from_le_bytes(rest[at..at + 4].try_into().expect("four bytes")) as usize;
        assert_eq!(&rest[..8], b"WRLSPEC1");
        let name = number(8);
        let size = number(12 + name);
        found.push(String::from_utf8(rest[12..12 + name].to_vec()).expect("a name is text"));
        rest = &rest[16 + name + size..];
    }
    found
}

#[test]
fn files_in_their_order() {
    let dir = folder("files");
    let (a, b, out) = (dir.join("a.wast"), dir.join("b.wast"), dir.join("out.script"));
    fs::write(&a, "(module)").expect("it can be written");
    fs::write(&b, "(module)\n(wait $T)").expect("it can be written");
    let [a, b, out] = [a, b, out].map(|path| path.to_str().expect("the name is text").to_string());
    let output = run(&["--left-out", "-o", &out, &b, &a]);
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("b.wast:2: wait: scripts have one thread\n"), "{said}");
    assert!(said.contains("2 files, 3 directives, of these 0 about text alone, 1 left out"), "{said}");
    assert_eq!(names(&fs::read(out).expect("it is there")), [b, a]);
}

#[test]
fn suites_by_name() {
    let dir = folder("suites");
    let output = run(&["--suite", "multi-value", "--out", dir.to_str().expect("the name is text")]);
    assert!(output.status.success(), "{output:?}");
    let names = names(&fs::read(dir.join("multi-value.script")).expect("it is there"));
    assert_eq!(names.first().map(String::as_str), Some("multi-value/binary.wast"), "{names:?}");
    let listed = String::from_utf8(run(&["--list"]).stdout).expect("it is text");
    assert!(listed.starts_with("v1\nv2\nv3\nannotations\n"), "{listed}");
}
