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
        if name == FILE || OF_EXPORTS.contains(&name.as_str()) {
            return None;
        }
        let raw = col(name.clone());
        if dtype.is_nested() {
            return Some(raw);
        }
        Some(match lookup(name).map(|c| c.kind) {
            Some(Kind::Decimal) => decimal(raw).cast(DataType::String),
            Some(Kind::DateTime) => instant(raw).cast(DataType::Int64).cast(DataType::String),
            _ => raw.cast(DataType::String),
        })
    };
    // By name: a later run of an export may have its columns in another order.
    let mut by_name: Vec<_> = rows.schema().iter().collect();
    by_name.sort_by(|a, b| a.0.cmp(b.0));
    let columns: Vec<Expr> = by_name.into_iter().filter_map(column).collect();
    for batch in rows.batches() {
        let frame = batch?.select(columns.clone()).collect()?;
        let mut prints = vec![0_u64; frame.height()];
        for column in frame.columns() {
            let mut add = |row: usize, cell: u64| {
                let print: &mut u64 = &mut prints[row];
                *print = (print.rotate_left(5) ^ cell).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            };
            if let Ok(texts) = column.str() {
                let cells = texts.iter().enumerate();
                cells.for_each(|(row, cell)| add(row, hasher.hash_one(cell.filter(|c| !c.is_empty()))));
            } else {
                for row in 0..column.len() {
                    let mut text = String::new();
                    nested(&column.get(row)?, &mut text);
                    add(row, hasher.hash_one(text));
                }
            }
        }
        prints.into_iter().for_each(&mut take);
    }
    Ok(())
}

/// All of a nested cell as text, whatever its depth: the engine's own text of a list leaves out its middle.
fn nested(cell: &AnyValue<'_>, out: &mut String) {
    match cell {
        AnyValue::List(items) => {
            out.push('[');
            items.iter().for_each(|item| nested(&item, out));
            out.push(']');
        }
        AnyValue::Struct(..) | AnyValue::StructOwned(..) => {
            out.push('{');
            cell._iter_struct_av().for_each(|field| nested(&field, out));
            out.push('}');
        }
        scalar => out.push_str(&format!("{scalar:?}\u{1f}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::focus::Part;

    fn bill(files: &[(&str, DataFrame)]) -> FocusFrame {
        let origin =
            |(label, frame): &(&str, DataFrame)| Origin::of_frame(label, frame.clone().lazy()).expect("columns");
        FocusFrame::from_parts(files.iter().map(|f| Part::from(origin(f))).collect(), &[]).expect("a bill")
    }

    fn charges(team: &str) -> DataFrame {
        let text = |value: &str| vec![value.to_owned(); 4];
        df!(
            "BilledCost" => text("1.5"), "EffectiveCost" => text("1.5"), "BillingCurrency" => text("USD"),
            "BillingPeriodStart" => text("2026-10-01"), "ChargePeriodStart" => text("2026-10-05"),
            "ChargeCategory" => text("Usage"), "BillingAccountId" => text("b1"), "ProviderName" => text("AWS"),
            "ServiceName" => text("EC2"), "x_Team" => text(team), "InvoiceId" => text("")
        )
        .expect("columns of one length")
    }

    #[test]
    fn the_order_of_columns_and_the_invoice_do_not_matter() {
        let one = charges("web");
        let names: Vec<String> = one.get_column_names_owned().into_iter().rev().map(|n| n.to_string()).collect();
        let mut other = one.select(names).expect("the same columns");
        let invoiced = StringChunked::full("InvoiceId".into(), "17", other.height()).into_series().into_column();
        other.with_column(invoiced).expect("replaced");
        assert!(alike(&bill(&[("a", one), ("b", other)]), "a", "b"));
    }

    #[test]
    fn a_column_that_is_not_rolled_up_tells_charges_apart() {
        assert!(!alike(&bill(&[("a", charges("web")), ("b", charges("db"))]), "a", "b"));
        let tagged = |team: &str| {
            let tags = DataFrame::new(1, vec![Column::new("team".into(), [team])]).expect("a column");
            let list = tags.into_struct("tag".into()).into_series().implode().expect("a list").into_series();
            let mut frame = charges("web").head(Some(1));
            frame.with_column(list.with_name("x_Labels".into()).into_column()).expect("added");
            frame
        };
        assert!(!alike(&bill(&[("a", tagged("web")), ("b", tagged("db"))]), "a", "b"), "nested");
        assert!(alike(&bill(&[("a", tagged("web")), ("b", tagged("web"))]), "a", "b"), "nested");
    }
}
