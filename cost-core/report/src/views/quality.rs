//! Data quality of a review: files, repairs, and data completeness by source.

use std::collections::BTreeMap;

use cost_core::focus::repair::Repair;
use cost_core::focus::{FileStatus, PAGE, SourceFile};
use cost_core::money::Currency;
use cost_core::review::{DataQuality, MonthState, Review, SourceMonth};
use cost_core::text::counted;

use crate::document::{Document, Item, List, Mark};
use crate::figure::{Amount, Figure};
use crate::table::{Cell, Table};

/// Adds the section. Details are in the notes.
pub(super) fn add(doc: &mut Document, review: &Review) {
    let quality = &review.data_quality;
    let (table, complete) = sources(review);
    let mut lines: Vec<String> = files(review).into_iter().collect();
    lines.extend(doubtful_files(quality));
    lines.extend(pages(quality));
    lines.extend(
        [off(quality), repairs(quality, false), repairs(quality, true)].into_iter().flatten(),
    );
    lines.extend(complete);
    lines.extend(last_days(review));
    doc.heading("Data quality");
    doc.list(List::new(Mark::None, lines.into_iter().map(Item::new)));
    if let Some(table) = table {
        doc.table(table);
    }
}

/// Returns a table of the sources with an incomplete month, `None` if there is none, and a line
/// with the number of complete sources.
fn sources(review: &Review) -> (Option<Table>, Option<String>) {
    let month = review.header.month;
    let mut sources: BTreeMap<_, [Option<&SourceMonth>; 2]> = BTreeMap::new();
    for m in &review.data_quality.months {
        let at = usize::from(m.month != month);
        if m.month == month || m.month == month.minus(1) {
            sources.entry((&m.provider_name, &m.billing_account_id)).or_default()[at] = Some(m);
        }
    }
    let is_complete = |m: &SourceMonth| m.state == MonthState::Complete;
    let all = sources.len();
    sources.retain(|_, months| !months.iter().flatten().copied().all(is_complete));
    let complete = all - sources.len();
    let line =
        (complete > 0).then(|| format!("Billing accounts with complete data: {complete} of {all}"));
    if sources.is_empty() {
        return (None, line);
    }
    let mut table = Table::new(&["provider", "billing account"]);
    table.number_column(month.to_string(), 0);
    table.number_column(month.minus(1).to_string(), 0);
    for ((provider, account), months) in sources {
        let text = |t: &Option<String>| Cell::text(t.as_deref().unwrap_or("(none)"));
        let [this, last] = months.map(|m| Cell::maybe(m, |m| Cell::text(state(m))));
        table.row([text(provider), text(account), this, last]);
    }
    (Some(table), line)
}

/// Returns the estimated completeness of the last days; `None` if there is no estimate.
fn last_days(review: &Review) -> Option<String> {
    let known =
        review.completeness.iter().filter_map(|d| Some(format!("{} {} %", d.day, d.complete_pct?)));
    let known: Vec<String> = known.collect();
    (!known.is_empty())
        .then(|| format!("Completeness of the last days (estimated): {}", known.join(", ")))
}

fn state(of: &SourceMonth) -> String {
    match (of.state, of.final_on, of.missing_days.len()) {
        (MonthState::MissingDays, _, 1) => "1 day missing".to_owned(),
        (MonthState::MissingDays, _, days) => format!("{days} days missing"),
        (MonthState::Provisional, Some(day), _) => format!("provisional until {day}"),
        (state, ..) => state.label().to_owned(),
    }
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

/// Returns `No line items in oct.csv` and one line per file that repeats its charges.
fn doubtful_files(quality: &DataQuality) -> Vec<String> {
    let empty: Vec<&str> = quality.empty_files.iter().map(String::as_str).collect();
    let empty = (!empty.is_empty()).then(|| format!("No line items in {}", named(&empty)));
    let repeated = quality.repeated_files.iter().map(|r| {
        let charges = counted(r.line_items, "charge");
        format!(
            "Possibly counted {} times: the first {charges} of {} are repeated in the same file",
            r.times, r.path
        )
    });
    empty.into_iter().chain(repeated).collect()
}

/// Returns a line if repairs are disabled.
fn off(quality: &DataQuality) -> Option<String> {
    quality
        .repair_off
        .then(|| "Repair is off (--no-repair): charges are shown as in the files".to_owned())
}

/// Returns `Repaired: null-words (1,200 line items, 340.00 USD)`; with `in_doubt`, the rules that
/// found data in doubt and did not change it.
fn repairs(quality: &DataQuality, in_doubt: bool) -> Option<String> {
    let each =
        |r: &Repair| format!("{} ({}, {})", r.rule, counted(r.line_items, "line item"), r.cost);
    let all: Vec<String> =
        quality.repairs.iter().filter(|r| r.in_doubt == in_doubt).map(each).collect();
    let what = if in_doubt { "In doubt, not changed" } else { "Repaired" };
    (!all.is_empty()).then(|| format!("{what}: {}", all.join(", ")))
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
