//! File names from names that others chose, such as the keys of objects in a bucket.

use std::path::{Path, PathBuf};

use fnv::FnvHasher;

/// Maximum length of a name, in bytes: below the 255 of common file systems, so that an ending can
/// be added.
const LONGEST: usize = 200;
/// Bytes at the start and end of a long name that stay.
const START: usize = 120;
const END: usize = 50;

/// Returns the path of the file for `key` below `folder`. `/` separates names; each name is
/// converted by [`safe_name`]. The result is always below `folder`.
///
/// ```
/// use std::path::Path;
///
/// let below = |key| cost_core::file::below(Path::new("cache"), key);
/// assert_eq!(below("cur/2026-10/a.csv.gz"), Path::new("cache/cur/2026-10/a.csv.gz"));
/// assert_eq!(below("/etc/passwd"), Path::new("cache/%/etc/passwd"));
/// assert_eq!(below("../x"), Path::new("cache/%2E%2E/x"));
/// ```
#[must_use]
pub fn below(folder: &Path, key: &str) -> PathBuf {
    key.split('/').fold(folder.to_owned(), |path, name| path.join(safe_name(name)))
}

/// Returns a file name for a name that others chose. Different names have different file names.
///
/// Control characters and the characters `/ \ : * ? " < > |` and `%` become `%` and the two
/// hexadecimal digits of their bytes (RFC 3986, 2.1), `.` and `..` likewise, and an empty name `%`.
/// Of a name with more than 200 bytes, start and end stay, with a hash between them.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let safe = match name {
        "" => "%".to_owned(),
        "." | ".." => name.replace('.', "%2E"),
        _ => name.chars().map(escaped).collect(),
    };
    if safe.len() <= LONGEST {
        return safe;
    }
    let start = safe.floor_char_boundary(START);
    let end = safe.ceil_char_boundary(safe.len() - END);
    format!("{}%~{:016x}~{}", &safe[..start], hash(name), &safe[end..])
}

fn escaped(c: char) -> String {
    if c.is_control() || "/\\:*?\"<>|%".contains(c) {
        let mut bytes = [0; 4];
        let bytes = c.encode_utf8(&mut bytes).bytes();
        bytes.fold(String::new(), |escaped, byte| escaped + &format!("%{byte:02X}"))
    } else {
        c.to_string()
    }
}

fn hash(name: &str) -> u64 {
    use std::hash::Hasher;
    let mut hasher = FnvHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::path::Component;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_lead_elsewhere_stay_below() {
        for (key, path) in [
            ("a.csv", "f/a.csv"),
            ("BILLING_PERIOD=2026-10/a b.csv.gz", "f/BILLING_PERIOD=2026-10/a b.csv.gz"),
            ("", "f/%"),
            ("//a", "f/%/%/a"),
            ("a/./..", "f/a/%2E/%2E%2E"),
            ("a\0b", "f/a%00b"),
            ("C:\\x", "f/C%3A%5Cx"),
            ("%2E", "f/%252E"),
            ("é\u{85}", "f/é%C2%85"),
        ] {
            assert_eq!(below(Path::new("f"), key), Path::new(path), "{key:?}");
        }
    }

    proptest! {
        #[test]
        fn every_key_is_a_file_below_the_folder(
            key in r"([./\\%:\x00-\x1f a-z\u{80}-\u{9f}é😀]|\PC|[x😀]{300}){0,40}",
            other in r"[./\\%:\x00-\x1f a-z2E~]{0,6}",
        ) {
            let path = below(Path::new("f"), &key);
            let mut names = path.components();
            prop_assert_eq!(names.next(), Some(Component::Normal("f".as_ref())));
            let mut count = 0;
            for name in names {
                let Component::Normal(name) = name else {
                    return Err(TestCaseError::fail(format!("{path:?}")));
                };
                let name = name.to_str().expect("UTF-8");
                prop_assert!(name.len() <= LONGEST && !name.chars().any(char::is_control));
                count += 1;
            }
            prop_assert_eq!(count, key.split('/').count());
            prop_assert_eq!(
                safe_name(&key.replace('/', "")) == safe_name(&other),
                key.replace('/', "") == other
            );
        }
    }
}
