//! Files of other writers, damaged files, and files that no writer creates.

mod made;

use std::collections::BTreeSet;
use std::fs;

use cost_core::focus::{Columns, RowSource};
use cost_core::shield::shield;
use polars::prelude::*;

use super::{ParquetFile, ParquetFiles, Reading};
use crate::bill_file::{Format, bill_file};

/// Written by pyarrow: data/parquet/make.py.
const CHECKED: &[u8] = include_bytes!("../../data/parquet/checked.parquet");
const CHECKED_V2: &[u8] = include_bytes!("../../data/parquet/checked-v2.parquet");
const ODD: &[u8] = include_bytes!("../../data/parquet/odd.parquet");

/// Returns the content of some columns of a file; of all if none are named.
fn read(bytes: &[u8], columns: &[&str]) -> Result<DataFrame, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("may.parquet");
    fs::write(&path, bytes).expect("written");
    let parquet =
        ParquetFile::open(&bill_file(path, Format::Parquet)).map_err(|e| e.to_string())?;
    let schema = parquet.schema().clone();
    let rows = ParquetFiles::new(vec![parquet], &schema, &[]);
    let wanted: Columns = columns.iter().map(|c| PlSmallStr::from(*c)).collect();
    let names: Vec<Expr> = match columns {
        [] => schema.iter_names().map(|n| col(n.clone())).collect(),
        some => some.iter().map(|c| col(*c)).collect(),
    };
    let mut complete: Option<DataFrame> = None;
    for batch in rows.batches((!columns.is_empty()).then_some(&wanted)) {
        let frame = shield(|| batch?.select(names.clone()).collect()).map_err(|e| e.to_string())?;
        complete = Some(match complete {
            None => frame,
            Some(before) => before.vstack(&frame).map_err(|e| e.to_string())?,
        });
    }
    complete.ok_or_else(|| "no rows".to_owned())
}

/// Returns the first cell of a column as text.
fn first(frame: &DataFrame, column: &str) -> String {
    let column = frame.column(column).expect("there").cast(&DataType::String).expect("text");
    column.str().expect("text").get(0).unwrap_or("null").to_owned()
}

#[test]
fn a_flipped_bit_of_a_file_with_checksums_is_an_error_or_changes_nothing() {
    let columns = ["BilledCost", "ChargePeriodStart", "ServiceName"];
    for (bytes, step) in [(CHECKED, 29), (CHECKED_V2, 13)] {
        let complete = read(bytes, &columns).expect("a complete file");
        assert_eq!(complete.height(), 31);
        let (mut refused, mut unchanged) = (0, 0);
        for at in (0..bytes.len() * 8).step_by(step) {
            let mut damaged = bytes.to_vec();
            damaged[at / 8] ^= 1 << (at % 8);
            match read(&damaged, &columns) {
                Ok(frame) => {
                    assert!(
                        frame.equals_missing(&complete),
                        "bit {at} gives another bill without a word"
                    );
                    unchanged += 1;
                }
                Err(_) => refused += 1,
            }
        }
        // Damage to unused columns or to repeated statements loses no data.
        assert!(refused > 100 && unchanged > 100, "{refused} refused, {unchanged} unchanged");
    }
}

#[test]
fn damage_is_named_by_file_column_row_group_and_page() {
    // The amounts are consecutive doubles: 3.25 is 00 00 00 00 00 00 0a 40. This is the last one of
    // the second row group.
    let mut damaged = CHECKED.to_vec();
    let amounts: Vec<usize> = damaged
        .windows(8)
        .enumerate()
        .filter(|(_, w)| *w == 3.25_f64.to_le_bytes())
        .map(|(at, _)| at)
        .collect();
    let in_pages: Vec<usize> =
        amounts.windows(2).filter(|w| w[1] - w[0] == 8).map(|w| w[1]).collect();
    // 16 and 15 rows: two columns in each group.
    let last_of_first_column = in_pages[14];
    damaged[last_of_first_column] ^= 1;
    let error = read(&damaged, &["BilledCost"]).expect_err("a checksum that does not hold");
    for word in [
        "page 1 of column BilledCost",
        "row group 1",
        "may.parquet",
        "checksum",
        "download it again",
    ] {
        assert!(error.contains(word), "{word} is not in: {error}");
    }
    // That column is not requested.
    assert_eq!(read(&damaged, &["EffectiveCost"]).expect("complete").height(), 31);
    assert!(read(&damaged, &[]).is_err());
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    for keep in (0..CHECKED.len()).step_by(97) {
        assert!(
            read(&CHECKED[..keep], &["BilledCost"]).is_err(),
            "{keep} bytes of {}",
            CHECKED.len()
        );
        // Bytes lost in the middle, with an unchanged footer.
        let mut hole = CHECKED[..keep].to_vec();
        hole.extend(&CHECKED[(keep + 50).min(CHECKED.len())..]);
        assert!(
            read(&hole, &["BilledCost", "EffectiveCost"]).is_err(),
            "50 bytes from {keep} on are missing"
        );
    }
}

#[test]
fn types_that_the_engine_has_not_are_read_exactly() {
    let wanted = [
        ("BilledCost", "3.25000000000000000000000000000000000000"),
        ("ContractedCost", "3.2500"),
        ("ListCost", "3.25e0"),
        ("ConsumedQuantity", "24"),
        ("PricingQuantity", "2400"),
        ("BillingPeriodStart", "2026-05-01 00:00:00.000000+00:00"),
        ("ChargePeriodStart", "2026-05-01 00:00:00.000000+00:00"),
        ("ChargePeriodEnd", "2026-05-02 00:00:00.000000+00:00"),
        ("RegionId", "north"),
        ("ResourceId", "vm-1"),
    ];
    let columns: Vec<&str> = wanted.iter().map(|(name, _)| *name).collect();
    let frame = read(ODD, &[&columns[..], &["Tags", "x_Pair", "x_View"]].concat()).expect("read");
    assert_eq!(frame.height(), 31);
    for (column, right) in wanted {
        assert_eq!(first(&frame, column), right, "{column}");
    }
    for nested in ["Tags", "x_Pair", "x_View"] {
        assert!(
            matches!(frame.column(nested).expect("there").dtype(), DataType::List(_)),
            "{nested}"
        );
    }
}

#[test]
fn a_column_that_cannot_be_read_is_refused_by_name_and_type_where_it_is_asked_for() {
    let error = read(ODD, &["BilledCost", "x_Deep"]).expect_err("a type that is not read");
    for word in ["x_Deep", "may.parquet", "DECIMAL(76, 2)", "cast it"] {
        assert!(error.contains(word), "{word} is not in: {error}");
    }
    assert!(read(ODD, &["BilledCost"]).is_ok());
}

/// Polars is several times as fast: it reads what it can, including files with one unsupported
/// column that is not requested.
#[test]
fn the_engine_reads_what_it_can() {
    let mut frame = df!("BilledCost" => [1.5, 2.5], "ServiceName" => ["a", "b"])
        .expect("columns of one length");
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).expect("written");
    let reading = |bytes: &[u8], wanted: &[&str]| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("may.parquet");
        fs::write(&path, bytes).expect("written");
        let parquet = ParquetFile::open(&bill_file(path, Format::Parquet)).expect("complete");
        let is_engine = matches!(parquet.0.reading, Reading::Engine);
        let wanted: BTreeSet<PlSmallStr> = wanted.iter().map(|w| PlSmallStr::from(*w)).collect();
        (is_engine, parquet.careful(Some(&wanted)).is_none())
    };
    assert_eq!(reading(&bytes, &["BilledCost"]), (true, true));
    assert_eq!(reading(CHECKED, &["BilledCost"]), (true, true));
    assert_eq!(reading(ODD, &["BilledCost"]), (false, false));
    let of_u8 = made::File::of_small_numbers().bytes();
    assert_eq!(reading(&of_u8, &["Cost"]), (false, true));
    assert_eq!(reading(&of_u8, &["Cost", "Small"]), (false, false));
    let frame = read(&of_u8, &["Cost", "Small"]).expect("read");
    assert_eq!(
        (first(&frame, "Cost"), first(&frame, "Small")),
        ("1.5".to_owned(), "255".to_owned())
    );
}
