//! Names of sheets.

use std::collections::BTreeSet;

use crate::escape::terminal_text;

/// Longest name, in UTF-16 code units. Source: Microsoft, "Rename a worksheet".
const LONGEST: usize = 31;

/// Characters that no name contains. Source: the same page.
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

/// Names of the sheets of a workbook.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Names in use, in lower case: names that differ only in case are the same.
    taken: BTreeSet<String>,
}

impl Names {
    /// Returns a new name for a sheet with this heading: its first words, and the suffix if there
    /// is one.
    pub(super) fn name(&mut self, heading: &str, suffix: Option<&str>) -> String {
        let ending = suffix.map(|s| format!(" {s}")).unwrap_or_default();
        let base = base(heading, LONGEST.saturating_sub(units(&ending)));
        let mut name = format!("{base}{ending}");
        let mut count = 1;
        // Excel reserves this name.
        while name.eq_ignore_ascii_case("history") || self.taken.contains(&name.to_lowercase()) {
            count += 1;
            let ending = format!("{ending} ({count})");
            name = cut(&base, LONGEST.saturating_sub(units(&ending))) + &ending;
        }
        self.taken.insert(name.to_lowercase());
        name
    }
}

/// Returns the first words of a heading, without its unit and explanation.
fn base(heading: &str, longest: usize) -> String {
    let heading = terminal_text(heading);
    let end = [", ", " ("].iter().filter_map(|mark| heading.find(mark)).min();
    let heading = &heading[..end.unwrap_or(heading.len())];
    let clean = |text: &str| {
        // `_x` could start the code of a character.
        let text = text.replace(FORBIDDEN, " ").replace("_x", "_ x");
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ").trim_matches(['\'', ' ']).to_owned()
    };
    let mut name = clean(heading);
    if units(&name) > longest
        && let Some((subject, _)) = heading.split_once(": ")
    {
        name = clean(subject);
    }
    if name.is_empty() { "Sheet".to_owned() } else { at_word(&name, longest) }
}

/// Returns text of at most this length that ends with a word of more than three letters.
fn at_word(text: &str, longest: usize) -> String {
    let short = cut(text, longest);
    if short.len() == text.len() {
        return short;
    }
    let mut words: Vec<&str> = text.split(' ').collect();
    let is_long = |words: &[&str]| units(&words.join(" ")) > longest;
    while is_long(&words) || words.last().is_some_and(|last| last.chars().count() <= 3) {
        words.pop();
    }
    let words = words.join(" ").trim_end_matches(['\'', ' ']).to_owned();
    if words.is_empty() { short } else { words }
}

/// Returns the first characters of a text, without a space or an apostrophe at the end.
fn cut(text: &str, longest: usize) -> String {
    let mut left = longest;
    let fits = |c: &char| {
        let rest = left.checked_sub(c.len_utf16());
        left = rest.unwrap_or(0);
        rest.is_some()
    };
    text.chars().take_while(fits).collect::<String>().trim_end_matches(['\'', ' ']).to_owned()
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sheets_are_named_by_the_first_words_of_their_heading() {
        for (heading, name) in [
            ("Total, USD", "Total"),
            ("By tag:team, EffectiveCost, USD", "By tag team"),
            ("Cost drivers: change from 2026-09 to 2026-10, EffectiveCost, USD", "Cost drivers"),
            ("Plan: quick wins (low effort and risk), USD per month", "Plan quick wins"),
            ("Commitments as reported by the provider", "Commitments as reported"),
            (
                "Costs to come until 2027-11-03, if nothing changes",
                "Costs to come until 2027-11-03",
            ),
            ("history", "history (2)"),
            ("'[]:", "Sheet"),
            ("", "Sheet"),
            ("_x0041_", "_ x0041_"),
        ] {
            assert_eq!(Names::default().name(heading, None), name);
        }
    }

    #[test]
    fn names_are_unique_and_end_with_the_currency() {
        let mut names = Names::default();
        assert_eq!(names.name("Total, EUR", Some("EUR")), "Total EUR");
        assert_eq!(names.name("TOTAL, USD", Some("USD")), "TOTAL USD");
        assert_eq!(names.name("total", Some("usd")), "total usd (2)");
    }

    proptest! {
        #[test]
        fn every_name_is_valid_and_unique(
            headings in prop::collection::vec("[aA' :/\\[\\]*?\\\\,(_x0\u{1f600}\u{202e}=]{0,40}", 1..20),
            suffix in prop::option::of("[A-Z]{3}"),
        ) {
            let mut names = Names::default();
            let all: Vec<String> = headings.iter().map(|h| names.name(h, suffix.as_deref())).collect();
            for name in &all {
                prop_assert!(rust_xlsxwriter::utility::check_sheet_name(name).is_ok(), "{name:?}");
                prop_assert!(!name.contains("_x"));
            }
            let unique: BTreeSet<String> = all.iter().map(|name| name.to_lowercase()).collect();
            prop_assert_eq!(unique.len(), all.len());
        }
    }
}
