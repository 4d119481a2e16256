//! Rows of koku-nise, an independent generator of billing exports, compared with sums of Python's
//! decimals.

use std::collections::BTreeMap;
use std::path::Path;

use rust_decimal::Decimal;

use super::{by_month, cells, focus, numbers};
use polars::prelude::*;

use crate::Packing;
use crate::text::TextFile;

/// 23 rows that koku-nise 5.4.4 made (`nise report gcp --resource-level`): of a static report with
/// `credit_amount`, labels and days that cross over to the invoice of the month before, and of its
/// built-in one, which writes labels as Python does.
///
/// Sums by month of `decimal.Decimal` in Python 3.11, each cell of `cost` and each `amount` of
/// `ast.literal_eval(credits)` rounded to 12 places by
/// `quantize(Decimal("1e-12"), ROUND_HALF_EVEN)` first.
const SUMS: [(&str, &str, &str); 4] = [
    ("2026-07", "0.077220000000", "-0.007037036700"),
    ("2026-08", "8.934776699760", "-0.016419752300"),
    ("2026-09", "5.456491875504", "-0.004691357800"),
    ("2026-10", "0.021638700000", "0"),
];

#[test]
fn rows_of_another_generator_add_up() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gcp/samples/nise.csv");
    let file = TextFile::open(path, Packing::Plain).expect("readable").expect("a header");
    let batches = file.batches(None).map(|b| b.expect("a batch")).collect::<Vec<_>>();
    let raw = concat(batches, UnionArgs::default()).and_then(LazyFrame::collect).expect("rows");
    let (charges, credits) = focus(&raw);
    let (mut costs, mut paid) = (BTreeMap::new(), BTreeMap::new());
    for (month, cost, credit) in SUMS {
        let number = |text: &str| text.parse::<Decimal>().expect("a number").normalize();
        costs.insert(month.to_owned(), number(cost));
        paid.insert(month.to_owned(), number(credit));
    }
    paid.retain(|_, sum| !sum.is_zero());
    assert_eq!(by_month(&[&charges], "BilledCost"), costs);
    assert_eq!(by_month(&[&credits], "BilledCost"), paid);
    assert_eq!(credits.height(), 12, "rows of virtual machines");
    let tags = cells(&charges, "Tags");
    assert_eq!(tags[0].as_deref(), Some(r#"{"env":"prod","team":"web"}"#));
    assert_eq!(tags[17].as_deref(), Some(r#"{"foo":"bar"}"#));
    assert_eq!(cells(&charges, "PricingUnit")[17].as_deref(), Some("GiB-Months"));
    assert_eq!(cells(&charges, "RegionName")[17].as_deref(), Some("Iowa"));
    assert!(numbers(&charges, "ListCost").iter().all(Option::is_none), "nise has no list prices");
}
