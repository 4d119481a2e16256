//! Notes on bills that are mapped to FOCUS: missing or unclear data, found in one pass over the
//! rows before they are aggregated.

use std::collections::BTreeMap;

use cost_core::focus::{Rows, quote_cell};
use cost_core::text::{counted, thousands};
use polars::prelude::*;

use crate::azure::{CostDetails, Role};
use crate::cur::{self, Report};
use crate::gcp::BillingExport;
use crate::kind::Kind;

/// Findings of one pass over a bill.
#[derive(Default)]
pub(crate) struct Survey {
    /// Notes for readers of the figures, one line each.
    pub(crate) notes: Vec<String>,
    /// Additional charges that move discounts to the usage they are for.
    pub(crate) moved: Option<Rows>,
}

/// Reads the raw rows of a bill once.
///
/// # Errors
/// Errors of polars.
pub(crate) fn survey(kind: &Kind, rows: &Rows) -> PolarsResult<Survey> {
    match kind {
        Kind::Focus | Kind::Other => Ok(Survey::default()),
        Kind::Report(report) => of_report(report, kind, rows),
        Kind::Azure(details, role) => of_azure(details, *role, kind, rows),
        Kind::Google(export) => of_google(export, kind, rows),
    }
}

fn count(rows: LazyFrame) -> PolarsResult<u64> {
    rows.select([len()]).collect()?.column("len")?.get(0)?.try_extract::<u64>()
}

fn of_report(report: &Report, kind: &Kind, rows: &Rows) -> PolarsResult<Survey> {
    let (mut silent, mut loose) = (0, 0);
    let mut unknown = Types::default();
    let mut not_spread = Types::default();
    let mut unread: BTreeMap<String, (u64, String)> = BTreeMap::new();
    for batch in rows.batches_of(&kind.columns(rows)) {
        let batch = batch?;
        silent += count(report.silent_fees(batch.clone()))?;
        unknown.add(&report.unknown_types(batch.clone()).collect()?)?;
        if let Some(lines) = report.not_amortized(batch.clone()) {
            not_spread.add(&lines.collect()?)?;
        }
        if let Some(maps) = report.unread_maps(batch.clone()) {
            add_unread(&mut unread, &maps.collect()?)?;
        }
        if report.moves_discounts() {
            loose += count(report.loose_discounts(batch))?;
        }
    }
    let mut notes = Vec::new();
    if silent > 0 {
        notes.push(format!(
            "{} of commitments {} not state the unused part: EffectiveCost does not include it",
            counted(silent, "recurring fee"),
            if silent == 1 { "does" } else { "do" }
        ));
    }
    if let Some(types) = unknown.words()? {
        notes.push(format!(
            "line items with an unknown line item type count as adjustments, with EffectiveCost \
             equal to BilledCost: {types}"
        ));
    }
    if let Some(types) = not_spread.words()? {
        notes.push(format!(
            "the report has no columns for the effective cost of commitments, so EffectiveCost \
             has the fees in the period they are billed: {types}"
        ));
    }
    for (column, (cells, example)) in unread {
        let example = quote_cell(&example);
        notes.push(format!(
            "column {column}: {} cannot be read as keys and values, for example {example}; they \
             are read as null",
            counted(cells, "cell")
        ));
    }
    let moved = if loose > 0 { moved(report, kind, rows)? } else { None };
    Ok(Survey { notes, moved })
}

/// Returns charges that move discounts without a resource to the usage they are for.
fn moved(report: &Report, kind: &Kind, rows: &Rows) -> PolarsResult<Option<Rows>> {
    let wanted = kind.columns(rows);
    let mut groups = Vec::new();
    for batch in rows.batches_of(&wanted) {
        groups.push(report.discount_groups(batch?)?.collect()?.lazy());
    }
    let discounts = concat(groups.clone(), UnionArgs::default())?.collect()?;
    if discounts.height() == 0 {
        return Ok(None);
    }
    for batch in rows.batches_of(&wanted) {
        groups.push(report.usage_groups(batch?, discounts.clone().lazy())?.collect()?.lazy());
    }
    let moved = cur::moved_discounts(groups)?.collect()?;
    Rows::of_frame(moved.lazy()).map(Some)
}

/// Line items by type: count, and cost in 10⁻¹² units.
#[derive(Default)]
struct Types(BTreeMap<String, (u64, i128)>);

impl Types {
    fn add(&mut self, found: &DataFrame) -> PolarsResult<()> {
        let costs =
            found.column("BilledCost")?.as_materialized_series().to_physical_repr().into_owned();
        let (types, lines) =
            (found.column("LineItemType")?.str()?, found.column("LineItems")?.u64()?);
        for ((kind, lines), cost) in types.iter().zip(lines.iter()).zip(costs.i128()?.iter()) {
            let of = self.0.entry(kind.unwrap_or("no type").to_owned()).or_default();
            *of = (of.0 + lines.unwrap_or(0), of.1.saturating_add(cost.unwrap_or(0)));
        }
        Ok(())
    }

    /// `3 of FancyFee (12.5)`; `None` if there are none.
    fn words(&self) -> PolarsResult<Option<String>> {
        let word = |(kind, (lines, cost)): (&String, &(u64, i128))| {
            let cost = cost_core::money::decimal_from_scaled(*cost)
                .map_err(|e| polars_err!(ComputeError: "{e}"))?;
            Ok(format!("{} of {kind} ({})", thousands(*lines), cost.normalize()))
        };
        let words = self.0.iter().map(word).collect::<PolarsResult<Vec<_>>>()?;
        Ok((!words.is_empty()).then(|| words.join(", ")))
    }
}

fn add_unread(unread: &mut BTreeMap<String, (u64, String)>, found: &DataFrame) -> PolarsResult<()> {
    for column in found.columns().iter().filter(|c| !c.name().ends_with(" example")) {
        let cells = column.get(0)?.try_extract::<u64>().unwrap_or(0);
        if cells == 0 {
            continue;
        }
        let example =
            found.column(&format!("{} example", column.name()))?.cast(&DataType::String)?;
        let example: String = example.str()?.get(0).unwrap_or_default().chars().take(60).collect();
        let of = unread.entry(column.name().to_string()).or_insert_with(|| (0, example));
        of.0 += cells;
    }
    Ok(())
}

fn of_azure(details: &CostDetails, role: Role, kind: &Kind, rows: &Rows) -> PolarsResult<Survey> {
    let mut found: BTreeMap<&'static str, u64> = BTreeMap::new();
    for batch in rows.batches_of(&kind.columns(rows)) {
        for incomplete in details.incomplete(batch?, role) {
            *found.entry(incomplete.what).or_default() += incomplete.line_items()?;
        }
    }
    let some = found.into_iter().filter(|(_, rows)| *rows > 0);
    let notes = some
        .map(|(what, rows)| format!("Azure cost details: {what} ({})", counted(rows, "line item")))
        .collect();
    Ok(Survey { notes, moved: None })
}

fn of_google(export: &BillingExport, kind: &Kind, rows: &Rows) -> PolarsResult<Survey> {
    let mut found: BTreeMap<&'static str, u64> = BTreeMap::new();
    for batch in rows.batches_of(&kind.columns(rows)) {
        for note in export.notes(batch?) {
            *found.entry(note.sentence).or_default() += count(note.rows)?;
        }
    }
    let some = found.into_iter().filter(|(_, rows)| *rows > 0);
    let notes =
        some.map(|(sentence, rows)| format!("{sentence} ({})", counted(rows, "row"))).collect();
    Ok(Survey { notes, moved: None })
}
