//! Identifiers of elements.

use std::collections::BTreeSet;

/// Identifiers in use.
#[derive(Debug, Default)]
pub(super) struct Ids(BTreeSet<String>);

/// Identifiers that the page itself and its script use.
const OWN: [&str; 5] = ["main", "q", "hits", "theme", "tip"];
/// Maximum length, in characters.
const LONGEST: usize = 48;

impl Ids {
    /// Returns an identifier for this text: its ASCII letters and digits, with a number if it is
    /// taken.
    pub(super) fn new_id(&mut self, text: &str) -> String {
        let stem = slug(text);
        let free = |id: &str| !self.0.contains(id) && !OWN.contains(&id);
        let mut id = stem.clone();
        let mut number = 1_u64;
        while !free(&id) {
            number += 1;
            id = format!("{stem}-{number}");
        }
        self.0.insert(id.clone());
        id
    }
}

fn slug(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    let mut slug = String::new();
    for word in words {
        if slug.len() + word.len() > LONGEST {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    if slug.is_empty() { "part".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_words_and_differ() {
        let mut ids = Ids::default();
        let all = ["By service, EffectiveCost", "by service effectivecost!", "שלום", "main", ""];
        assert_eq!(
            all.map(|text| ids.new_id(text)),
            ["by-service-effectivecost", "by-service-effectivecost-2", "part", "main-2", "part-2"]
        );
    }
}
