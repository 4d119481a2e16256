//! Data quality of a review: files, repairs, and data completeness by source.

use cost_core::focus::{FileStatus, PAGE, SourceFile};
use cost_core::money::Currency;
use cost_core::review::{DataQuality, Light, Review};

use crate::document::{Document, Item, List, Mark};
use crate::figure::{Amount, Figure};
use crate::text::Text;

/// Adds the section.
pub(super) fn add(doc: &mut Document, review: &Review) {
    let label = |light: Light| match light {
        Light::Green => Text::default().good(light.label()),
        _ => Text::default().bad(light.label()),
    };
    let checks = review.trust.iter().map(|c| Item::labeled(label(c.light), c.text.as_str()));
    let lines = files(review)
        .into_iter()
        .chain(pages(&review.data_quality))
        .chain(off(&review.data_quality))
        .map(Item::new);
    doc.heading("Is the number right?");
    doc.list(List::new(Mark::None, checks.chain(lines)));
}

/// Returns `12 files read, of which 4 have no charges in EUR, 3 superseded, 1 excluded`; `None` if
/// the bill was not read from files.
fn files(review: &Review) -> Option<String> {
    let quality = &review.data_quality;
    let count =
        |status| quality.files.iter().filter(|f| f.status == status && f.what != PAGE).count();
    let read = count(FileStatus::Read);
    let others = [FileStatus::Superseded, FileStatus::Duplicate, FileStatus::Excluded];
    let others = others.map(|s| (count(s), s)).into_iter().filter(|(n, _)| *n > 0);
    let mut files = format!("{read} {} read", if read == 1 { "file" } else { "files" });
    let is_empty = |f: &&SourceFile| quality.empty_files.contains(&f.path);
    let without = quality.files.iter().filter(|f| f.line_items == Some(0) && !is_empty(f)).count();
    if without > 0 {
        let have = if without == 1 { "has" } else { "have" };
        // Converted amounts: the charges are those of the billing currency.
        let billed = review.exchange.as_ref().map(|e| e.as_billed.as_slice());
        let currency = if let Some([one]) = billed { one.currency } else { review.header.currency };
        files.push_str(&format!(", of which {without} {have} no charges in {currency}"));
    }
    let all: Vec<String> =
        std::iter::once(files).chain(others.map(|(n, s)| format!("{n} {}", s.label()))).collect();
    (!quality.files.is_empty()).then(|| all.join(", "))
}

/// Maximum number of files that a line names.
const FILES_NAMED: usize = 3;

/// Returns `Not a bill: LICENSE, README.md`; `None` without such files.
fn pages(quality: &DataQuality) -> Option<String> {
    let pages: Vec<&str> =
        quality.files.iter().filter(|f| f.what == PAGE).map(|f| f.path.as_str()).collect();
    (!pages.is_empty()).then(|| format!("Not a bill: {}", named(&pages)))
}

/// Returns the first files, and the number of others.
fn named(files: &[&str]) -> String {
    let more = files.len().saturating_sub(FILES_NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let named: Vec<&str> = files.iter().take(FILES_NAMED).copied().collect();
    format!("{}{more}", named.join(", "))
}

/// Returns a line if repairs are disabled.
fn off(quality: &DataQuality) -> Option<String> {
    quality
        .repair_off
        .then(|| "Repair is off (--no-repair): charges are shown as in the files".to_owned())
}

/// Returns the figures: counts, and the cost of repaired line items. Counts refer to charges in
/// `currency`, if given.
pub(super) fn figures(quality: &DataQuality, currency: Option<Currency>) -> Vec<Figure> {
    let mut all = Vec::new();
    for file in &quality.files {
        let reason = file.reason.as_ref().map(|r| format!("; {r}")).unwrap_or_default();
        let detail = format!("{}: {}{reason}", file.status.label(), file.what);
        all.push(Figure::new(
            "file",
            &file.path,
            detail,
            "LineItems",
            Amount::Count(file.line_items, currency),
        ));
    }
    for repair in &quality.repairs {
        let section = if repair.in_doubt { "in doubt" } else { "repair" };
        let count = Amount::Count(Some(repair.line_items), currency);
        all.push(Figure::new(section, &repair.rule, &repair.what, "LineItems", count));
        all.push(Figure::money(
            section,
            &repair.rule,
            &repair.what,
            "cost of line items",
            repair.cost,
        ));
    }
    for month in &quality.months {
        let detail = format!("{}: {}", month.month, month.state.label());
        let missing = Amount::Count(u64::try_from(month.missing_days.len()).ok(), currency);
        all.push(Figure::new("source", month.label(), detail, "missing days", missing));
    }
    all
}
