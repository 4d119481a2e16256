//! Scan of all line items in one pass.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

use super::aggregate::{Aggregator, Part};
use super::cube::{CostCube, ResourceMonths};
use super::currency::{one as one_currency, other_currencies};
use super::keys::LINE_ITEMS;
use super::options::RollUpOptions;
use super::outlying::outlying;
use super::query::QueryError;
use super::repeats::RepeatedFile;
use super::reread::Reread;
use super::suspects::{Suspect, Way};
use super::types::Rollup;
use super::{confirm, exports, query, repeats};
use crate::cells::day;
use crate::focus::repair::UNCLEAR_PURCHASE;
use crate::focus::{
    ExcludedLineItems, FileStatus, FocusError, FocusFrame, Runs, SourceFile, Twice, unread,
};
use crate::money::{Currency, MoneyError};
use crate::shield::{ENGINE, shield};
use crate::text::counted;

/// Rolls up a bill in one scan, on the streaming engine if the `streaming` feature is on.
///
/// Memory is bounded by the number of distinct keys, not by the number of line items. The result
/// does not depend on row order or thread count: sums are of integers, and the tables are sorted by
/// all their keys.
///
/// # Errors
/// [`FocusError`]: a cell that does not decode (with file, row, and column), mixed currencies, no
/// line items; files that contain the same charges, or seem to and cannot be read again; a file
/// that was not read completely; a sum that does not fit.
pub fn roll_up(frame: &FocusFrame) -> Result<Rollup, FocusError> {
    roll_up_with(frame, RollUpOptions::default())
}

/// Rolls up a bill as [`roll_up`] does, with additional results from the same scan.
///
/// # Errors
/// As [`roll_up`].
pub fn roll_up_with(frame: &FocusFrame, options: RollUpOptions) -> Result<Rollup, FocusError> {
    let _alone = frame.scanning();
    frame.reset_counts();
    frame.amortized().reset();
    let mut scanned = shield(|| scan_settled(frame, options)).map_err(|e| frame.explain(&e))?;
    let failed = |source| query_error(frame, QueryError::Money(source));
    if !scanned.sums_fit() {
        return Err(failed(MoneyError::Overflow));
    }
    let (unread_cells, excluded) = (frame.unread_notes(), frame.excluded());
    let (of_files, [used_by, paid_by]) = scanned.files();
    let files = with_line_items(frame, &of_files.rows())?;
    let days_of_files = of_files.days();
    let claims = of_files.claims(used_by, paid_by);
    let reread = Reread::of(frame);
    let repeated = of_files.repeated();
    let pairs = duplicate_charges(&reread, of_files.suspects(paid_by), &Runs::of(frame.files()))?;
    if !pairs.is_empty() {
        return Err(FocusError::CountedTwice { pairs, newest: false });
    }
    exports::two_exports(frame.files(), &claims).map_or(Ok(()), Err)?;
    let coverage = scanned.coverage().clone();
    let changed = std::mem::take(scanned.repairs_mut());
    let commitments = scanned.charges().map_err(failed)?;
    let [cube, resources] = scanned.into_tables(frame.tag_keys()).map_err(|e| frame.explain(&e))?;
    let currency = one_currency(frame, &cube)?;
    check_categories(frame, &cube)?;
    for table in [&cube, &resources] {
        if !query::all_sums_fit(table).map_err(|e| frame.explain(&e))? {
            return Err(failed(MoneyError::Overflow));
        }
    }
    let repairs = changed.report(currency).map_err(failed)?;
    let mut notes = notes_of_reading(frame, &cube, (currency, &excluded))?;
    notes.extend(unread(&files));
    notes.extend(repairs.iter().map(|r| {
        format!("{} ({}, {} in total)", r.what, counted(r.line_items, "line item"), r.cost)
    }));
    let (repeated, not_known) = repeats::found(&reread, &repeated);
    notes.extend(not_known);
    notes.extend(repeated.iter().map(RepeatedFile::note));
    notes.extend(unread_cells);
    notes.extend(coverage.note());
    notes.extend(rounding(frame.rounded().count()));
    let cube = CostCube::new(cube, currency, frame.tag_keys().to_vec(), coverage);
    let outlying = outlying(&cube, &days_of_files).map_err(|e| query_error(frame, e))?;
    Ok(Rollup {
        line_items: cube.line_items(),
        cube,
        resources: ResourceMonths::new(resources, currency),
        commitments,
        files,
        repairs,
        as_is: frame.is_as_is(),
        excluded,
        repeated,
        outlying,
        days_of_files,
        notes,
        exchange: None,
    })
}

/// Returns the error of a query as one of the bill.
pub(super) fn query_error(frame: &FocusFrame, error: QueryError) -> FocusError {
    match error {
        QueryError::Engine(e) => frame.explain(&e),
        QueryError::Money(source) => FocusError::Money { origin: frame.label().to_owned(), source },
    }
}

/// Returns notes on other currencies, on the bill, and on unknown values.
fn notes_of_reading(
    frame: &FocusFrame,
    cube: &DataFrame,
    (currency, excluded): (Currency, &ExcludedLineItems),
) -> Result<Vec<String>, FocusError> {
    let mut notes: Vec<String> =
        other_currencies(currency, &excluded.line_items).into_iter().collect();
    notes.extend(frame.notes().iter().cloned());
    notes.extend(unknown_words(frame, cube)?);
    Ok(notes)
}

/// Returns a note on the effect of rounding on totals.
fn rounding(rounded: u64) -> Option<String> {
    (rounded > 0).then(|| {
        format!(
            "{} had more than 12 decimal places and were rounded half-even; totals can differ from the file's by at most \
             {rounded} × 5E-13",
            counted(rounded, "amount")
        )
    })
}

/// Returns the files with the number of line items read, which must equal the number that the file
/// states.
fn with_line_items(
    frame: &FocusFrame,
    rows: &BTreeMap<String, u64>,
) -> Result<Vec<SourceFile>, FocusError> {
    let counted = |file: &SourceFile| {
        let read = rows.get(&file.path).copied().unwrap_or(0);
        match file.expected_rows.filter(|_| file.status == FileStatus::Read && !frame.is_filtered())
        {
            Some(expected) if expected != read => {
                Err(FocusError::RowsMissing { origin: file.path.clone(), expected, read })
            }
            _ => Ok(SourceFile {
                line_items: (file.status == FileStatus::Read).then_some(read),
                ..file.clone()
            }),
        }
    };
    frame.files().iter().map(counted).collect()
}

/// Returns the files that contain the same charges, among those that seem to.
fn duplicate_charges(
    reread: &Reread<'_>,
    suspects: Vec<Suspect>,
    runs: &Runs<'_>,
) -> Result<Vec<Twice>, FocusError> {
    let mut found = Vec::new();
    let mut known: BTreeSet<String> = BTreeSet::new();
    for suspect in suspects {
        let Suspect { small, large, .. } = &suspect;
        // Known duplicate files need no further note.
        let is_more = small.len() + large.len() > 2 || suspect.way == Way::Renamed;
        let is_known = is_more && small.iter().all(|f| known.contains(f));
        let is_one_run = small.iter().all(|a| large.iter().all(|b| runs.are_one(a, b)));
        if is_known || is_one_run {
            continue;
        }
        let Some(confirmed) = confirm::confirm(reread, &suspect)? else { continue };
        known.extend(small.iter().chain(large).cloned());
        let (mut smaller, mut larger) = (suspect.small, suspect.large);
        if confirmed.equal && smaller < larger {
            std::mem::swap(&mut smaller, &mut larger);
        }
        found.push(Twice {
            smaller,
            larger,
            billing_account: suspect.account,
            billing_period: day(suspect.period),
            pct: confirmed.pct,
            how: confirmed.how,
            contained: confirmed.contained,
            equal: confirmed.equal,
        });
    }
    found.sort_by(|a, b| (&a.larger, &a.smaller).cmp(&(&b.larger, &b.smaller)));
    Ok(found)
}

/// Scans all line items. If a commitment purchase has an effective cost and its usage has one too,
/// they are scanned again without the purchase's. This is rare, because the specification forbids
/// it.
fn scan_settled(frame: &FocusFrame, options: RollUpOptions) -> PolarsResult<Part> {
    let mut first = scan(frame, options)?;
    if first.repairs_mut().count(UNCLEAR_PURCHASE) == 0
        || !frame.amortized().look(frame.batches())?
    {
        return Ok(first);
    }
    drop(first);
    frame.reset_counts();
    scan(frame, options)
}

/// Scans all line items in one pass.
fn scan(frame: &FocusFrame, options: RollUpOptions) -> PolarsResult<Part> {
    let sources = frame.files().iter().filter(|f| f.status == FileStatus::Read).map(|f| &f.source);
    let several_sources = sources.collect::<BTreeSet<_>>().len() > 1;
    let aggregator = Aggregator::new(several_sources, options);
    let mut total = Part::new(several_sources, options);
    for batch in frame.batches() {
        let items = batch?.rename(["ChargePeriodStart"], ["ChargeDay"], true);
        items.select([aggregator.expr().null_count()]).collect_with_engine(ENGINE)?;
        aggregator.settle(&mut total);
        // More line items cannot fix an error.
        if !total.sums_fit() {
            break;
        }
    }
    Ok(total)
}

/// Returns an error for an unknown charge category, because the charge would be missing in every
/// total.
fn check_categories(frame: &FocusFrame, cube: &DataFrame) -> Result<(), FocusError> {
    for name in ["ChargeCategory", "ChargeClass"] {
        let allowed = crate::focus::columns::lookup(name).map_or(&[][..], |c| c.allowed);
        let column = cube.column(name).and_then(|c| c.str()).map_err(|e| frame.explain(&e))?;
        let nulls_count = name == "ChargeCategory";
        let odd = column.iter().any(|v| v.map_or(nulls_count, |v| !allowed.contains(&v)));
        if odd {
            return Err(frame.not_allowed(name));
        }
    }
    Ok(())
}

/// Returns notes on values that FOCUS does not define, in columns with a fixed set of values that
/// some figures depend on, one line each.
fn unknown_words(frame: &FocusFrame, cube: &DataFrame) -> Result<Vec<String>, FocusError> {
    let mut notes = Vec::new();
    for name in ["PricingCategory", "CommitmentDiscountStatus"] {
        let allowed = crate::focus::columns::lookup(name).map_or(&[][..], |c| c.allowed);
        let words = cube.column(name).and_then(|c| c.str()).map_err(|e| frame.explain(&e))?;
        let lines = cube.column(LINE_ITEMS).and_then(|c| c.i64()).map_err(|e| frame.explain(&e))?;
        let mut unknown: BTreeMap<&str, u64> = BTreeMap::new();
        for (word, lines) in words.iter().zip(lines.iter()) {
            if let Some(word) = word.filter(|w| !allowed.contains(w)) {
                *unknown.entry(word).or_default() +=
                    lines.and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
            }
        }
        notes.extend(unknown.iter().map(|(word, lines)| {
            let word = crate::focus::quote_cell(word);
            format!(
                "{name} is {word} in {}, which is not one of {}: it counts as an unknown value",
                counted(*lines, "line item"),
                allowed.join(", ")
            )
        }));
    }
    Ok(notes)
}
