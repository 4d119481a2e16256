//! Shared parts of report pages: page headers, notes, and one extra page for notes that all pages
//! have in common.

use cost_core::check::Skip;
use cost_core::inventory::resource_part;
use cost_core::money::Currency;
use cost_core::review::Header;
use cost_core::text::counted;

use crate::document::{Document, Item, List, Mark};
use crate::figure::{Amount, Figure};
use crate::text::Text;

/// Information about all pages of one output.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// Currencies of the pages, in page order.
    currencies: Vec<Currency>,
    /// Lines that all pages have in common. They are shown once, on the last page.
    alike: Alike,
}

/// Lines that every report contains; empty if there is only one report.
#[derive(Debug, Default)]
pub(super) struct Alike {
    /// Checks that were not evaluated, with the reason.
    skipped: Vec<Skip>,
    /// Notes for the reader.
    notes: Vec<String>,
}

impl Alike {
    pub(super) fn of<T>(reports: &[T], lines: impl Fn(&T) -> (&[Skip], &[String])) -> Self {
        let skipped: Vec<&[Skip]> = reports.iter().map(|r| lines(r).0).collect();
        Self { skipped: of_all(&skipped), ..Self::of_notes(reports, |r| lines(r).1) }
    }

    pub(super) fn of_notes<T>(reports: &[T], notes: impl Fn(&T) -> &[String]) -> Self {
        let notes: Vec<&[String]> = reports.iter().map(notes).collect();
        Self { skipped: Vec::new(), notes: of_all(&notes) }
    }

    fn is_empty(&self) -> bool {
        self.skipped.is_empty() && self.notes.is_empty()
    }
}

/// Returns the items that every list contains, in the order of the first list; empty for one list.
fn of_all<T: PartialEq + Clone>(lists: &[&[T]]) -> Vec<T> {
    match lists {
        [first, others @ ..] if !others.is_empty() => first
            .iter()
            .filter(|line| others.iter().all(|list| list.contains(line)))
            .cloned()
            .collect(),
        _ => Vec::new(),
    }
}

/// Returns one page per report, and a last page with the lines that all reports have in common.
pub(super) fn pages<T>(
    reports: &[T],
    header: impl Fn(&T) -> &Header,
    alike: Alike,
    page: impl Fn(&T, &Shared) -> Document,
) -> Vec<Document> {
    let shared = Shared { currencies: reports.iter().map(|r| header(r).currency).collect(), alike };
    let mut all: Vec<Document> = reports.iter().map(|report| page(report, &shared)).collect();
    if !shared.alike.is_empty() {
        let mut last = Document::new("All currencies");
        notes(&mut last, &shared.alike.notes, &Shared::default());
        skipped(&mut last, &shared.alike.skipped, &Shared::default());
        all.push(last);
    }
    all
}

/// Starts a page with its header: report title, estate, period, and data that could not be
/// collected.
pub(super) fn document(header: &Header, what: &str, shared: &Shared) -> Document {
    let estate = &header.estate;
    let name = estate.name.as_deref().map(|n| format!(" of {n}")).unwrap_or_default();
    let mut doc = Document::new(format!("{what}{name}"));
    doc.line(format!(
        "{}, {} to {}, as of {}{}, FOCUS {}, {}",
        counted(estate.line_items, "line item"),
        estate.first_day,
        estate.last_day,
        estate.as_of,
        if estate.hidden_from.is_some() { " (later charges are hidden)" } else { "" },
        estate.focus_version,
        header.currency
    ));
    if let [_, _, ..] = shared.currencies.as_slice() {
        let codes: Vec<&str> = shared.currencies.iter().map(Currency::as_str).collect();
        doc.paragraph(format!(
            "Billed in {} currencies, one page each: {} (this page: {})",
            codes.len(),
            codes.join(", "),
            header.currency
        ));
    }
    doc.list(partial(&estate.partial));
    doc
}

/// Returns one line per kind of data that could not be collected.
pub(super) fn partial(problems: &[String]) -> List {
    List::new(
        Mark::None,
        problems.iter().map(|p| Item::labeled(Text::default().bad("PARTIAL"), p.as_str())),
    )
}

/// Returns the figures of charges far outside the days of all others.
pub(super) fn outlying(header: &Header) -> impl Iterator<Item = Figure> {
    header.estate.outlying.iter().flat_map(|charges| {
        let files = charges.files.join(", ");
        let count = Amount::Count(Some(charges.line_items), Some(charges.billed.currency()));
        let amounts = [
            ("LineItems", count),
            ("BilledCost", Amount::Money(charges.billed)),
            ("EffectiveCost", Amount::Money(charges.effective)),
        ];
        amounts.map(|(measure, amount)| {
            Figure::new("outlying charges", charges.days(), &files, measure, amount)
        })
    })
}

/// Adds the notes of one page, without those shown on the common page.
pub(super) fn notes<'a>(
    doc: &mut Document,
    notes: impl IntoIterator<Item = &'a String>,
    shared: &Shared,
) {
    let own = notes.into_iter().filter(|n| !shared.alike.notes.contains(n));
    doc.notes("Notes", own.map(|note| note.as_str().into()).collect());
}

/// Adds how much was not evaluated, one line per reason with its number of checks and resources.
pub(super) fn skipped_counts(doc: &mut Document, skipped: &[Skip], shared: &Shared) {
    let own = skipped.iter().filter(|s| !shared.alike.skipped.contains(s));
    let line = |alike: &Vec<&Skip>| {
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let Some(first) = alike.first() else { return String::new() };
        let what = match alike.as_slice() {
            [one] => one.check.clone(),
            several => counted(count(several.len()), "check"),
        };
        let resources: usize = alike.iter().map(|s| s.subjects.len()).sum();
        let resources = match resources {
            0 => String::new(),
            n => format!(", {}", counted(count(n), "resource")),
        };
        format!("{}: {what}{resources}", first.reason)
    };
    let lines: Vec<Text> = reasons(own).iter().map(line).map(Text::from).collect();
    let is_empty = lines.is_empty();
    doc.notes("Not evaluated", lines);
    if !is_empty {
        doc.paragraph(Text::literal("`cost savings` names the checks and the resources."));
    }
}

/// Adds what was not evaluated, one line per reason, without lines shown on the common page.
pub(super) fn skipped(doc: &mut Document, skipped: &[Skip], shared: &Shared) {
    let own = skipped.iter().filter(|s| !shared.alike.skipped.contains(s));
    doc.notes("Not evaluated", by_reason(own).into_iter().map(Text::from).collect());
}

/// Returns the skipped checks by reason.
fn reasons<'a>(skipped: impl Iterator<Item = &'a Skip>) -> Vec<Vec<&'a Skip>> {
    let mut reasons: Vec<Vec<&Skip>> = Vec::new();
    for skip in skipped {
        match reasons.iter_mut().find(|alike| alike.iter().any(|s| s.reason == skip.reason)) {
            Some(alike) => alike.push(skip),
            None => reasons.push(vec![skip]),
        }
    }
    reasons
}

fn by_reason<'a>(skipped: impl Iterator<Item = &'a Skip>) -> Vec<String> {
    let reasons = reasons(skipped);
    let line = |alike: Vec<&Skip>| match alike.as_slice() {
        [] => String::new(),
        [one] => format!("{}: {}{}", one.check, one.reason, subjects(&one.subjects)),
        [first, ..] => {
            let checks: Vec<String> =
                alike.iter().map(|s| format!("{}{}", s.check, subjects(&s.subjects))).collect();
            format!("{}: {} checks: {}", first.reason, checks.len(), checks.join(", "))
        }
    };
    reasons.into_iter().map(line).collect()
}

/// Returns the first skipped resource and the number of others; empty if the entire check was
/// skipped.
fn subjects(all: &[String]) -> String {
    match all {
        [] => String::new(),
        [one] => format!(" ({})", resource_part(one)),
        [first, ..] => format!(" ({} and {} more)", resource_part(first), all.len() - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_say_is_said_once_but_one_report_says_it_itself() {
        let lists =
            [["rates are missing", "ends early"], ["column Tags is missing", "rates are missing"]];
        let lists = lists.map(|notes| notes.map(ToOwned::to_owned));
        assert_eq!(Alike::of_notes(&lists, |notes| notes).notes, ["rates are missing"]);
        assert!(Alike::of_notes(&lists[..1], |notes| notes).is_empty());
        assert!(Alike::of_notes(&lists[..0], |notes| notes).is_empty());
    }

    #[test]
    fn checks_of_one_reason_share_a_line() {
        let skip = |check: &str, reason: &str, subjects: &[&str]| Skip {
            check: check.to_owned(),
            reason: reason.to_owned(),
            subjects: subjects.iter().map(|s| (*s).to_owned()).collect(),
        };
        let all = [
            skip("idle_volume", "needs the inventory", &[]),
            skip("idle_cache", "its utilization is not known", &["a", "b", "c"]),
            skip("unused_image", "needs the inventory", &[]),
        ];
        assert_eq!(
            by_reason(all.iter()),
            [
                "needs the inventory: 2 checks: idle_volume, unused_image",
                "idle_cache: its utilization is not known (a and 2 more)"
            ]
        );
        let mut doc = Document::default();
        skipped(&mut doc, &[], &Shared::default());
        assert_eq!(doc, Document::default());
    }
}
