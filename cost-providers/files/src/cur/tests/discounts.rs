//! Discounts without a resource, moved to the usage they are for.

use cost_core::focus::{FocusFrame, Origin, Part, Rows};
use cost_core::rollup::roll_up;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::{all_moved, cells, dec, full, numbers};
use crate::cur::{Report, moved_discounts};

type Cell = (&'static str, &'static str);

const TYPE: &str = "line_item_line_item_type";
const COST: &str = "line_item_unblended_cost";
const RESOURCE: &str = "line_item_resource_id";
const GP2: Cell = ("line_item_usage_type", "EBS:VolumeUsage.gp2");
const FROM_1: Cell = ("line_item_usage_start_date", "2024-09-01");
const FROM_2: Cell = ("line_item_usage_start_date", "2024-09-02");
const UNTIL_2: Cell = ("line_item_usage_end_date", "2024-09-02");
const UNTIL_3: Cell = ("line_item_usage_end_date", "2024-09-03");
const UNTIL_OCTOBER: Cell = ("line_item_usage_end_date", "2024-10-01");

/// Returns a day of a volume with this cost.
fn volume(id: &'static str, cost: &'static str, day: [Cell; 2], tags: &[Cell]) -> Vec<Cell> {
    let list = ("pricing_public_on_demand_cost", "1");
    let [from, until] = day;
    let own = [(TYPE, "Usage"), (COST, cost), (RESOURCE, id), GP2, ("pricing_unit", "GB-Mo")];
    [&own[..], &[from, until, list], tags].concat()
}

/// Two volumes over two days, and discounts of a day and of the month.
pub(super) fn discounted() -> DataFrame {
    let tag = ("resource_tags_user_team", "x");
    let other = ("line_item_usage_type", "BoxUsage:m5.large");
    let edp = (TYPE, "EdpDiscount");
    full(&[
        &volume("vol-a", "1", [FROM_1, UNTIL_2], &[tag]),
        &volume("vol-b", "2", [FROM_1, UNTIL_2], &[]),
        &volume("vol-b", "3", [FROM_2, UNTIL_3], &[]),
        // Discount of the first day: a third and two thirds. Of the second day: all to b.
        &[edp, (COST, "-0.1"), GP2, FROM_1, UNTIL_2],
        &[edp, (COST, "-0.3"), GP2, FROM_2, UNTIL_3],
        // Discount of the month: 1 to 2 to 3.
        &[(TYPE, "SppDiscount"), (COST, "-0.6"), GP2, FROM_1, UNTIL_OCTOBER],
        // Discounts that name their resource, or are for missing usage or services; and a line item
        // that is not a discount.
        &[edp, (COST, "-0.05"), (RESOURCE, "vol-a"), GP2, FROM_1, UNTIL_2],
        &[edp, (COST, "-0.02"), other, FROM_1, UNTIL_2],
        &[edp, (COST, "-7"), ("line_item_product_code", "AmazonS3"), GP2, FROM_1, UNTIL_2],
        &[(TYPE, "Credit"), (COST, "-8"), GP2, FROM_1, UNTIL_2],
    ])
}

/// Returns the columns of moved charges and their effective costs, in order.
fn rows(frame: &DataFrame) -> Vec<String> {
    let columns = ["ResourceId", "x_LineItemType", "ChargePeriodStart", "Tags", "PricingUnit"];
    let columns = columns.map(|c| cells(frame, c));
    let cost = numbers(frame, "EffectiveCost");
    let row = |at: usize| {
        let cell = |column: &Vec<Option<String>>| {
            let text = column[at].as_deref().unwrap_or("-");
            text.split_once(" 00:00").map_or(text, |(day, _)| day).to_owned()
        };
        format!("{} {}", columns.each_ref().map(cell).join(" "), cost[at].expect("a cost"))
    };
    let mut rows: Vec<String> = (0..frame.height()).map(row).collect();
    rows.sort();
    rows
}

/// Returns the expected result for [`discounted`].
const MOVED: [&str; 9] = [
    "- EdpDiscount 2024-09-01 - Units 0.1",
    "- EdpDiscount 2024-09-02 - Units 0.3",
    "- SppDiscount 2024-09-01 - Units 0.6",
    r#"vol-a EdpDiscount 2024-09-01 {"team":"x"} GB-Months -0.033333333333"#,
    r#"vol-a SppDiscount 2024-09-01 {"team":"x"} GB-Months -0.1"#,
    "vol-b EdpDiscount 2024-09-01 - GB-Months -0.066666666667",
    "vol-b EdpDiscount 2024-09-02 - GB-Months -0.3",
    "vol-b SppDiscount 2024-09-01 - GB-Months -0.2",
    "vol-b SppDiscount 2024-09-01 - GB-Months -0.3",
];

#[test]
fn discounts_without_a_resource_are_moved_to_the_usage_they_are_for() {
    let frame = discounted();
    let report = Report::of(frame.schema()).expect("a report");
    assert_eq!(report.loose_discounts(frame.clone().lazy()).collect().expect("rows").height(), 5);
    let moved = all_moved(&report, &frame).collect().expect("moved");
    assert_eq!(
        numbers(&moved, "EffectiveCost").into_iter().flatten().sum::<Decimal>(),
        Decimal::ZERO
    );
    assert_eq!(numbers(&moved, "ContractedCost"), numbers(&moved, "EffectiveCost"));
    assert!(numbers(&moved, "BilledCost").iter().all(|b| *b == dec("0")));
    assert_eq!(rows(&moved), MOVED);
}

#[test]
fn discounts_are_moved_the_same_way_however_line_items_come() {
    let frame = discounted();
    let report = Report::of(frame.schema()).expect("a report");
    // The streaming engine, and line items in another order.
    let plan = all_moved(&report, &frame);
    let streamed = plan.collect_with_engine(Engine::Streaming).expect("moved").unwrap_single();
    assert_eq!(rows(&streamed), MOVED);
    let turned = all_moved(&report, &frame.reverse());
    assert_eq!(rows(&turned.collect().expect("moved")), MOVED);
    // Line items in batches: discounts of all batches first, then usage of each.
    let batches = [(0, 2), (2, 3), (5, 5)].map(|(from, rows)| frame.slice(from, rows));
    assert_eq!(batches.iter().map(DataFrame::height).sum::<usize>(), frame.height());
    let collected =
        |plan: PolarsResult<LazyFrame>| plan.and_then(LazyFrame::collect).expect("groups").lazy();
    let mut groups: Vec<_> =
        batches.iter().map(|b| collected(report.discount_groups(b.clone().lazy()))).collect();
    let discounts = concat(&groups, UnionArgs::default()).expect("groups");
    groups.extend(
        batches.iter().map(|b| collected(report.usage_groups(b.clone().lazy(), discounts.clone()))),
    );
    let moved = moved_discounts(groups).and_then(LazyFrame::collect).expect("moved");
    assert_eq!(rows(&moved), MOVED);
}

#[test]
fn with_net_columns_usage_has_its_discounts() {
    let mut net = discounted();
    let blank =
        StringChunked::full_null("line_item_net_unblended_cost".into(), net.height()).into_series();
    net.with_column(blank.into_column()).expect("added");
    assert!(!Report::of(net.schema()).expect("a report").moves_discounts());
}

#[test]
fn moved_discounts_lower_what_a_resource_costs_and_leave_its_quantity_known() {
    let frame = discounted();
    let report = Report::of(frame.schema()).expect("a report");
    let charges = report.charges(frame.clone().lazy());
    let moved = all_moved(&report, &frame);
    let moved = Rows::of_frame(moved).expect("columns");
    let charges = Part::from(Origin::of_frame("cur", charges).expect("columns"));
    let parts = vec![charges, Part { rows: moved, origins: Vec::new() }];
    let rollup = roll_up(&FocusFrame::from_parts(parts, &[]).expect("columns")).expect("sums");
    let wanted = col("ResourceId").eq(lit("vol-b"));
    let volume = rollup.resources.frame().clone().lazy().filter(wanted).collect().expect("rows");
    // 2 + 3 less 0.066666666667 + 0.3 + 0.5: one row, since all columns by which the core
    // distinguishes rows are those of the usage.
    assert_eq!(numbers(&volume, "EffectiveCost"), [dec("4.133333333333")]);
    assert_eq!(numbers(&volume, "PricingQuantity"), [dec("48")]);
    assert_eq!(cells(&volume, "PricingQuantityUnknown"), [Some("0".to_owned())]);
    // The total is unchanged: 6 of usage, 1 + 0.05 + 0.02 + 7 of discounts, 8 of credit.
    let total = rollup.cube.total(lit(true)).expect("total");
    let (billed, effective) =
        (total.billed.amount().normalize(), total.effective.amount().normalize());
    assert_eq!((Some(billed), Some(effective)), (dec("-10.07"), dec("-10.07")));
}
