//! File names after copying, downloading, or decompressing.

use std::path::Path;

/// Whether a file is a manifest by its name: `REPORT-Manifest.json` of AWS, `manifest.json` and
/// `_manifest.json` of Azure, and copies such as `manifest (1).json`.
pub(crate) fn is_manifest(path: &Path) -> bool {
    path.file_name().is_some_and(|n| {
        original(&n.to_string_lossy()).to_ascii_lowercase().ends_with("manifest.json")
    })
}

/// Returns a name without the suffix that browsers and file managers add to a second copy: `part
/// (1).csv`, `part copy 2.csv`, `part - Copy.csv`.
pub(super) fn original(name: &str) -> String {
    name.split('.').map(without_mark).collect::<Vec<_>>().join(".")
}

fn without_mark(text: &str) -> &str {
    let mut rest = text;
    while let Some(shorter) =
        without_number(rest).or_else(|| without_copy(rest)).filter(|s| !s.is_empty())
    {
        rest = shorter;
    }
    rest
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// `part (1)` and `part(1)`: `part`.
fn without_number(text: &str) -> Option<&str> {
    let (before, number) = text.strip_suffix(')')?.rsplit_once('(')?;
    is_number(number).then(|| before.trim_end())
}

/// `part copy`, `part copy 2` and `part - Copy`: `part`.
fn without_copy(text: &str) -> Option<&str> {
    let (before, last) = text.rsplit_once(' ')?;
    let (before, word) = if is_number(last) { before.rsplit_once(' ')? } else { (before, last) };
    word.eq_ignore_ascii_case("copy").then(|| before.trim_end_matches([' ', '-']))
}

/// Returns the name of a compressed file after decompression.
pub(super) fn unpacked(name: &str) -> Option<&str> {
    [".gz", ".zst", ".zip"].iter().find_map(|end| name.strip_suffix(end))
}

/// Returns the file name of a path.
pub(super) fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns the folder of a path, with its last slash.
pub(super) fn folder_of(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..=at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_have_their_originals_name() {
        for (name, wanted) in [
            ("part_0_0001 (1).csv", "part_0_0001.csv"),
            ("part_0_0001(12).csv.gz", "part_0_0001.csv.gz"),
            ("part_0_0001.csv (1).gz", "part_0_0001.csv.gz"),
            ("manifest copy 2.json", "manifest.json"),
            ("manifest - Copy (2).json", "manifest.json"),
            ("(1).csv", "(1).csv"),
            ("copy.csv", "copy.csv"),
            ("bill 2026.csv", "bill 2026.csv"),
        ] {
            assert_eq!(original(name), wanted, "{name}");
        }
        assert!(
            is_manifest(Path::new("a/r-Manifest (1).json"))
                && !is_manifest(Path::new("a/part.csv"))
        );
    }
}
