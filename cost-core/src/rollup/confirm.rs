//! Whether two files whose charges look alike are alike in every column.
//!
//! Fingerprints are over what a roll-up reads. Two charges can differ in what it does not read: a tag, a zone, a line item's own columns.
//! So files that look alike are read once more, with all their columns, before they are refused. Both must have the same columns: files of
//! different columns are compared by what was read.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use polars::prelude::*;

use crate::focus::columns::{Kind, lookup};
use crate::focus::{FILE, FocusFrame, Origin, Rows, decimal, instant};

/// Columns that differ between two exports of the same charge: when it was exported, and identifiers that are made anew with each export.
/// Sources: AWS Data Exports user guide, `identity_line_item_id` ("unique within a given version"); Google Cloud, `export_time`.
/// And the invoice, which a charge gets only after its month has ended.
const OF_EXPORTS: [&str; 12] = [
    "InvoiceDetailId",
    "InvoiceId",
    "bill/InvoiceId",
    "bill_invoice_id",
    "export_time",
    "identity/LineItemId",
    "identity_line_item_id",
    "identity/TimeInterval",
    "invoice_id",
    "x_ExportTime",
    "x_IngestionTime",
    "x_SourceName",
];

/// Share of the smaller file's rows that must be in the larger one, percent: as for fingerprints.
const MOST_PCT: u64 = 50;

/// Whether most rows of the file `smaller` are in `larger` too, in every column. What cannot be read again is taken for alike.
pub(super) fn alike(frame: &FocusFrame, smaller: &str, larger: &str) -> bool {
    let origins = || frame.parts().iter().flat_map(|p| &p.origins);
    let of = |label: &str| origins().find(|o: &&Origin| o.label == label).map(|o| o.rows.clone());
    let (Some(small), Some(large)) = (of(smaller), of(larger)) else { return true };
    let names = |rows: &Rows| -> BTreeMap<String, DataType> {
        rows.schema().iter().map(|(n, t)| (n.to_string(), t.clone())).collect()
    };
    let (of_small, of_large) = (names(&small), names(&large));
    if !of_small.keys().eq(of_large.keys()) {
        return true;
    }
    count(&small, &large).unwrap_or(true)
}

fn count(small: &Rows, large: &Rows) -> PolarsResult<bool> {
    let mut known: HashMap<u64, u64> = HashMap::new();
    let mut total = 0;
    each_row(small, |print| {
        *known.entry(print).or_default() += 1;
        total += 1;
    })?;
    let mut common = 0;
    each_row(large, |print| {
        if let Some(left) = known.get_mut(&print).filter(|left| **left > 0) {
            *left -= 1;
            common += 1;
        }
    })?;
    Ok(common * 100 >= total * MOST_PCT)
}

/// Calls `take` with a fingerprint of each row over all columns that hold text, numbers or times.
fn each_row(rows: &Rows, mut take: impl FnMut(u64)) -> PolarsResult<()> {
    let hasher = foldhash::fast::FixedState::with_seed(0x4528_21e6_38d0_1377);
    let column = |(name, dtype): (&PlSmallStr, &DataType)| {
        if name == FILE || OF_EXPORTS.contains(&name.as_str()) || dtype.is_nested() {
            return None;
        }
        let raw = col(name.clone());
        Some(match lookup(name).map(|c| c.kind) {
            Some(Kind::Decimal) => decimal(raw).cast(DataType::String),
            Some(Kind::DateTime) => instant(raw).cast(DataType::Int64).cast(DataType::String),
            _ => raw.cast(DataType::String),
        })
    };
    let columns: Vec<Expr> = rows.schema().iter().filter_map(column).collect();
    for batch in rows.batches() {
        let frame = batch?.select(columns.clone()).collect()?;
        let mut prints = vec![0_u64; frame.height()];
        for column in frame.columns() {
            for (print, cell) in prints.iter_mut().zip(column.str()?.iter()) {
                *print = print.rotate_left(5) ^ hasher.hash_one(cell.filter(|c| !c.is_empty()));
                *print = print.wrapping_mul(0x9e37_79b9_7f4a_7c15);
            }
        }
        prints.into_iter().for_each(&mut take);
    }
    Ok(())
}
