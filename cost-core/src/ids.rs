//! Stable identifiers: a hash of the object's defining properties.

use std::hash::Hasher;

/// Returns `prefix-` and 10 hex digits of the FNV-1a hash of the parts.
#[must_use]
pub(crate) fn stable_id(prefix: &str, parts: &[&str]) -> String {
    let mut hash = fnv::FnvHasher::default();
    for part in parts {
        hash.write(part.as_bytes());
        // A byte that never occurs in UTF-8 keeps ("ab", "c") and ("a", "bc") distinct.
        hash.write(&[0xff]);
    }
    format!("{prefix}-{:010x}", hash.finish() >> 24)
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_are_pinned() {
        assert_eq!(super::stable_id("op", &["a", "b"]), super::stable_id("op", &["a", "b"]));
        assert_ne!(super::stable_id("op", &["ab", "c"]), super::stable_id("op", &["a", "bc"]));
    }
}
