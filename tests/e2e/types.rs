//! Column types of bills: text, floats, decimals, integers; times with and without zone; tags in
//! every format.

use std::fs;
use std::path::Path;

use cost_core::rollup::{Rollup, roll_up};
use cost_provider_focus::FocusFiles;
use polars::prelude::*;
use polars_io::parquet::write::ParquetWriter;

use crate::support::{HEADER, ROW, frame_of_csv};

fn rolled(location: &Path) -> Rollup {
    let bill = FocusFiles::new(location.to_str().expect("UTF-8"))
        .bill(&["team".to_owned()])
        .expect("a bill");
    roll_up(&bill).expect("a roll-up")
}

fn text_frame() -> DataFrame {
    let csv = format!(
        "{HEADER}\n{ROW}\n{}\n",
        ROW.replace("2026-01-05", "2026-01-31").replace("1.5,1.5", "0.1,0.000001")
    );
    frame_of_csv(&csv)
}

fn write(path: &Path, mut frame: DataFrame) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("created");
    ParquetWriter::new(fs::File::create(path).expect("created"))
        .finish(&mut frame)
        .expect("written");
}

/// The cube and the resources of a frame written as Parquet, whatever they are called.
fn tables(frame: DataFrame) -> (DataFrame, DataFrame) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bill.parquet");
    write(&path, frame);
    let rollup = rolled(&path);
    (rollup.cube.frame().clone(), rollup.resources.frame().clone())
}

fn cast(frame: &DataFrame, columns: &[&str], dtype: &DataType) -> DataFrame {
    let casts = columns.iter().map(|c| col(*c).cast(dtype.clone())).collect::<Vec<_>>();
    frame.clone().lazy().with_columns(casts).collect().expect("cast")
}

const COSTS: [&str; 4] = ["BilledCost", "EffectiveCost", "ListCost", "ContractedCost"];

#[test]
fn amounts_of_every_type_are_the_same_amounts() {
    let text = text_frame();
    let expected = tables(text.clone());
    for dtype in [DataType::Float64, DataType::Decimal(38, 12), DataType::Decimal(20, 6)] {
        let frame = cast(&text, &COSTS, &dtype);
        assert!(tables(frame).0.equals_missing(&expected.0), "{dtype:?}");
    }
    let as_integers = cast(
        &cast(&text, &["PricingQuantity"], &DataType::Int64),
        &["PricingQuantity"],
        &DataType::Int32,
    );
    assert!(tables(as_integers).0.equals_missing(&expected.0));
}

#[test]
fn instants_of_every_type_are_the_same_days() {
    let text = text_frame();
    let expected = tables(text.clone());
    let periods = ["BillingPeriodStart", "ChargePeriodStart"];
    let days = periods.map(|c| col(c).str_to_day());
    let days = text.clone().lazy().with_columns(days).collect().expect("days");
    assert!(tables(days.clone()).0.equals_missing(&expected.0), "Date");
    for unit in [TimeUnit::Milliseconds, TimeUnit::Microseconds, TimeUnit::Nanoseconds] {
        for zone in [None, Some(TimeZone::UTC)] {
            let frame = cast(&days, &periods, &DataType::Datetime(unit, zone.clone()));
            assert!(tables(frame).0.equals_missing(&expected.0), "{unit:?} {zone:?}");
        }
    }
}

/// `YYYY-MM-DDT…` text to days, for tests: the engine's own parser is not built in.
trait ToDay {
    fn str_to_day(self) -> Expr;
}

impl ToDay for Expr {
    fn str_to_day(self) -> Expr {
        let parse = |columns: &mut [Column]| {
            let day = |t: &str| {
                let day: chrono::NaiveDate = t[..10].parse().expect("a day");
                i32::try_from(day.signed_duration_since(chrono::NaiveDate::default()).num_days())
                    .expect("small")
            };
            let days: Int32Chunked = columns[0].str()?.iter().map(|t| t.map(day)).collect();
            Ok(days.with_name(columns[0].name().clone()).into_date().into_series().into_column())
        };
        self.map_many(parse, &[], |_, f| Ok(Field::new(f[0].name().clone(), DataType::Date)))
    }
}

#[test]
fn tags_of_every_form_are_the_same_tags() {
    let text = text_frame();
    let expected = tables(text.clone());
    let teams: Vec<Option<&str>> =
        expected.0.column("tag:team").expect("tags").str().expect("text").iter().collect();
    assert_eq!(teams, [Some("x"), Some("x")]);
    let pair = |key: &str, value: &str| {
        let fields = [Series::new("key".into(), [key]), Series::new("value".into(), [value])];
        StructChunked::from_series("pair".into(), 1, fields.iter()).expect("a struct").into_series()
    };
    let list = Series::new("Tags".into(), [pair("team", "x"), pair("team", "x")]);
    let mut as_list = text.clone();
    as_list.with_column(list.into_column()).expect("two rows");
    assert!(tables(as_list).0.equals_missing(&expected.0), "list of structs, as a map arrives");
    let field = Series::new("team".into(), ["x", "x"]);
    let document = StructChunked::from_series("Tags".into(), 2, [field].iter()).expect("a struct");
    let mut as_struct = text.clone();
    as_struct.with_column(document.into_series().into_column()).expect("two rows");
    assert!(tables(as_struct).0.equals_missing(&expected.0), "struct");
}

#[test]
fn files_of_different_columns_and_formats_are_one_bill() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = text_frame();
    // The billing period of one part is in its path only, as hive-partitioned exports have it.
    let hive = folder.path().join("BillingPeriodStart=2026-01-01/part.parquet");
    write(
        &hive,
        text.drop("BillingPeriodStart").expect("dropped").drop("RegionId").expect("dropped"),
    );
    // Each part is of another account: the same charges again would be refused.
    let another = |account: &str| {
        let accounts =
            ["BillingAccountId", "SubAccountId"].map(|name| lit(account.to_owned()).alias(name));
        text.clone().lazy().with_columns(accounts).collect().expect("a frame")
    };
    write(&folder.path().join("floats.parquet"), cast(&another("b2"), &COSTS, &DataType::Float64));
    fs::write(
        folder.path().join("plain.csv"),
        format!("{HEADER}\n{}\n", ROW.replace("b1", "b3").replace("a1", "a3")),
    )
    .expect("written");
    let rollup = rolled(folder.path());
    assert_eq!(rollup.line_items, 5);
    let total = rollup.cube.total(lit(true)).expect("a total");
    assert_eq!(total.billed.amount().to_string(), "4.7");
    let periods = rollup.cube.sum_by(&["BillingPeriodStart"], lit(true)).expect("sums");
    assert_eq!(periods.len(), 1, "{periods:?}");
    assert!(rollup.notes.iter().any(|n| n.contains("RegionId is missing")), "{:?}", rollup.notes);
}

#[test]
fn chunks_do_not_show() {
    // More rows than a chunk has, in one file and in many.
    let folder = tempfile::tempdir().expect("a folder");
    let mut frame = text_frame();
    for _ in 0..20 {
        frame = frame.vstack(&frame).expect("twice as many");
        frame.rechunk_mut();
    }
    let rows = u64::try_from(frame.height()).expect("small");
    assert!(rows > 2_000_000);
    // The parts are of other accounts, or they would be copies.
    let quarters =
        (0..4).flat_map(|part| std::iter::repeat_n(format!("account {part}"), frame.height() / 4));
    let accounts: StringChunked = quarters.map(Some).collect();
    frame
        .with_column(accounts.with_name("SubAccountId".into()).into_series().into_column())
        .expect("as many");
    write(&folder.path().join("one/bill.parquet"), frame.clone());
    for part in 0..4 {
        let quarter = frame.height() / 4;
        let slice = frame.slice(i64::try_from(part * quarter).expect("small"), quarter);
        write(&folder.path().join(format!("many/{part}.parquet")), slice);
    }
    let (one, many) = (rolled(&folder.path().join("one")), rolled(&folder.path().join("many")));
    assert_eq!((one.line_items, many.line_items), (rows, rows));
    assert!(one.cube.frame().equals_missing(many.cube.frame()));
    let total = one.cube.total(lit(true)).expect("a total").billed.amount();
    assert_eq!(total, rust_decimal::Decimal::new(16, 1) * rust_decimal::Decimal::from(rows / 2));
}
