//! Every type of line item, with and without upfront, net columns, maps: what it costs, and that the sums are the report's.

use std::collections::BTreeMap;

use cost_core::focus::typed;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::Report;

/// Rows of a report from `column=value` cells; all else is blank.
fn report(rows: &[&[(&str, &str)]]) -> DataFrame {
    let mut names: Vec<&str> = rows.iter().flat_map(|r| r.iter().map(|(name, _)| *name)).collect();
    names.sort_unstable();
    names.dedup();
    let column = |name: &&str| {
        let cells = rows.iter().map(|row| row.iter().find(|(n, _)| n == name).map(|(_, v)| *v));
        cells.collect::<StringChunked>().into_series().with_name((*name).into()).into_column()
    };
    DataFrame::new(rows.len(), names.iter().map(column).collect()).expect("columns of one length")
}

/// Charges, then unused parts.
fn charges(frame: &DataFrame) -> (DataFrame, DataFrame) {
    let report = Report::of(frame.schema()).expect("a report");
    let charges = typed(report.charges(frame.clone().lazy())).and_then(LazyFrame::collect).expect("charges");
    let unused = report.unused(frame.clone().lazy()).and_then(LazyFrame::collect).expect("unused parts");
    (charges, unused)
}

fn cells(frame: &DataFrame, column: &str) -> Vec<Option<String>> {
    let text = frame.column(column).expect("column").cast(&DataType::String).expect("text");
    text.str().expect("text").iter().map(|t| t.map(ToOwned::to_owned)).collect()
}

fn numbers(frame: &DataFrame, column: &str) -> Vec<Option<Decimal>> {
    let number = |t: Option<String>| t.map(|t| t.parse::<Decimal>().expect("a number").normalize());
    cells(frame, column).into_iter().map(number).collect()
}

/// As the cells of [`numbers`].
fn dec(text: &str) -> Option<Decimal> {
    text.parse::<Decimal>().ok().map(|d| d.normalize())
}

const TYPE: &str = "lineItem/LineItemType";
const COST: &str = "lineItem/UnblendedCost";

#[test]
fn every_type_of_line_item_is_billed_once_and_amortised_where_it_is_used() {
    let frame = report(&[
        &[(TYPE, "Usage"), (COST, "2"), ("pricing/publicOnDemandCost", "2.5")],
        // A reservation, partial upfront: 730 paid ahead, 0.05 an hour, a quarter of the month not used.
        &[(TYPE, "Fee"), (COST, "730"), ("reservation/ReservationARN", "arn:ri")],
        &[
            (TYPE, "DiscountedUsage"),
            (COST, "0"),
            ("reservation/EffectiveCost", "75"),
            ("reservation/ReservationARN", "arn:ri"),
            ("pricing/publicOnDemandCost", "120"),
        ],
        &[
            (TYPE, "RIFee"),
            (COST, "36.5"),
            ("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "15.2"),
            ("reservation/UnusedRecurringFee", "9.1"),
            ("reservation/ReservationARN", "arn:ri"),
        ],
        // A Savings Plan without upfront.
        &[
            (TYPE, "SavingsPlanCoveredUsage"),
            (COST, "10"),
            ("savingsPlan/SavingsPlanEffectiveCost", "7"),
            ("savingsPlan/SavingsPlanARN", "arn:sp"),
        ],
        &[(TYPE, "SavingsPlanNegation"), (COST, "-10"), ("savingsPlan/SavingsPlanARN", "arn:sp")],
        &[
            (TYPE, "SavingsPlanRecurringFee"),
            (COST, "8"),
            ("savingsPlan/TotalCommitmentToDate", "8"),
            ("savingsPlan/UsedCommitment", "7"),
            ("savingsPlan/SavingsPlanARN", "arn:sp"),
        ],
        &[(TYPE, "SavingsPlanUpfrontFee"), (COST, "500"), ("savingsPlan/SavingsPlanARN", "arn:all")],
        // All else.
        &[(TYPE, "Fee"), (COST, "100")],
        &[(TYPE, "Tax"), (COST, "19")],
        &[(TYPE, "Credit"), (COST, "-5")],
        &[(TYPE, "Refund"), (COST, "-3")],
        &[(TYPE, "EdpDiscount"), (COST, "-0.2")],
        &[(TYPE, "PrivateRateDiscount"), (COST, "-0.1")],
        &[(TYPE, "BundledDiscount"), (COST, "-0.3")],
        &[(TYPE, "SppDiscount"), (COST, "-0.4")],
        &[(TYPE, "HeardOfNever"), (COST, "1")],
    ]);
    let (charges, unused) = charges(&frame);
    let effective =
        ["2", "0", "75", "0", "7", "0", "0", "0", "100", "19", "-5", "-3", "-0.2", "-0.1", "-0.3", "-0.4", "1"];
    assert_eq!(numbers(&charges, "EffectiveCost"), effective.map(dec));
    assert_eq!(numbers(&unused, "EffectiveCost"), ["24.3", "1"].map(dec));
    assert_eq!(numbers(&unused, "BilledCost"), ["0", "0"].map(dec));
    assert_eq!(cells(&unused, "CommitmentDiscountStatus"), [Some("Unused".to_owned()), Some("Unused".to_owned())]);
    // Billed is the report's, to the digit.
    let billed: Decimal = numbers(&charges, "BilledCost").into_iter().flatten().sum();
    let raw: Decimal = cells(&frame, COST).into_iter().flatten().map(|t| t.parse::<Decimal>().expect("a number")).sum();
    assert_eq!(billed, raw);
    // Used and unused of the plan add up to what was paid for it.
    assert_eq!(dec("7").zip(dec("1")).map(|(a, b)| a + b), dec("8"));
    let categories = cells(&charges, "ChargeCategory").into_iter().flatten().fold(BTreeMap::new(), |mut all, c| {
        *all.entry(c).or_insert(0) += 1;
        all
    });
    let expected = [("Adjustment", 2), ("Credit", 1), ("Purchase", 5), ("Tax", 1), ("Usage", 8)];
    assert_eq!(categories, expected.map(|(c, n)| (c.to_owned(), n)).into());
    assert_eq!(numbers(&charges, "ListCost")[..3], [dec("2.5"), dec("730"), dec("120")]);
    assert_eq!(cells(&charges, "CommitmentDiscountId")[1], Some("arn:ri".to_owned()));
}

#[test]
fn net_columns_carry_the_discount() {
    let net = "lineItem/NetUnblendedCost";
    let frame = report(&[
        &[(TYPE, "Usage"), (COST, "100"), (net, "90")],
        &[(TYPE, "EdpDiscount"), (COST, "-10")],
        &[
            (TYPE, "SavingsPlanCoveredUsage"),
            (COST, "50"),
            ("savingsPlan/SavingsPlanEffectiveCost", "30"),
            ("savingsPlan/NetSavingsPlanEffectiveCost", "27"),
        ],
        &[
            (TYPE, "SavingsPlanRecurringFee"),
            (COST, "40"),
            ("savingsPlan/TotalCommitmentToDate", "40"),
            ("savingsPlan/UsedCommitment", "30"),
            ("savingsPlan/RecurringCommitmentForBillingPeriod", "40"),
            ("savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod", "0"),
            ("savingsPlan/NetRecurringCommitmentForBillingPeriod", "36"),
            ("savingsPlan/NetAmortizedUpfrontCommitmentForBillingPeriod", "0"),
        ],
    ]);
    let (charges, unused) = charges(&frame);
    assert_eq!(numbers(&charges, "EffectiveCost"), ["90", "0", "27", "0"].map(dec));
    assert_eq!(numbers(&unused, "EffectiveCost"), [dec("9")]);
    assert_eq!(numbers(&charges, "BilledCost"), ["100", "-10", "50", "40"].map(dec));
}

#[test]
fn a_fee_that_says_nothing_of_what_was_unused_is_told() {
    let frame = report(&[
        &[(TYPE, "RIFee"), (COST, "5"), ("reservation/UnusedRecurringFee", "")],
        &[(TYPE, "SavingsPlanRecurringFee"), (COST, "5")],
        &[(TYPE, "Usage"), (COST, "5")],
    ]);
    let report = Report::of(frame.schema()).expect("a report");
    assert_eq!(report.silent_fees(frame.clone().lazy()).collect().expect("rows").height(), 2);
    assert_eq!(charges(&frame).1.height(), 0);
}

#[test]
fn shares_of_tasks_cost_nothing_twice() {
    let frame = report(&[
        &[(TYPE, "Usage"), (COST, "4"), ("lineItem/ResourceId", "i-1")],
        &[
            (TYPE, "Usage"),
            (COST, ""),
            ("lineItem/ResourceId", "arn:task"),
            ("splitLineItem/ParentResourceId", "i-1"),
            ("splitLineItem/SplitCost", "3"),
            ("splitLineItem/UnusedCost", "0.5"),
        ],
    ]);
    let (charges, _) = charges(&frame);
    assert_eq!(numbers(&charges, "BilledCost"), ["4", "0"].map(dec));
    assert_eq!(numbers(&charges, "EffectiveCost"), ["4", "0"].map(dec));
    assert_eq!(numbers(&charges, "x_SplitCost"), [None, dec("3")]);
    assert_eq!(numbers(&charges, "x_SplitUnusedCost"), [None, dec("0.5")]);
}

#[test]
fn maps_of_cur_2_are_read_as_text_and_as_parquet_has_them() {
    let plain = df!(
        "line_item_line_item_type" => ["Usage", "Usage"],
        "line_item_unblended_cost" => [0.1, 0.2],
        "line_item_product_code" => ["AmazonEC2", "AmazonEC2"],
        "pricing_unit" => ["Hrs", "GB-Mo"],
        "product" => [r#"{"product_name":"Amazon Elastic Compute Cloud"}"#, "{}"],
        "resource_tags" => [r#"{"user_team":"a\"b","aws_created_by":"me"}"#, ""],
    )
    .expect("frame");
    let (charges_of_text, _) = charges(&plain);
    assert_eq!(numbers(&charges_of_text, "BilledCost"), ["0.1", "0.2"].map(dec));
    let tags = r#"{"aws:created_by":"me","team":"a\"b"}"#.to_owned();
    assert_eq!(cells(&charges_of_text, "Tags"), [Some(tags), None]);
    let services = ["Amazon Elastic Compute Cloud", "AmazonEC2"].map(|s| Some(s.to_owned()));
    assert_eq!(cells(&charges_of_text, "ServiceName"), services);
    assert_eq!(cells(&charges_of_text, "PricingUnit"), ["Hours", "GB-Months"].map(|s| Some(s.to_owned())));

    let keys = Series::new("key".into(), ["user_team", "aws_created_by"]);
    let values = Series::new("value".into(), ["a\"b", "me"]);
    let pairs = DataFrame::new(2, vec![keys.into_column(), values.into_column()]).expect("pairs");
    let pairs = pairs.into_struct("pairs".into()).into_series();
    let list = ListChunked::from_iter([Some(pairs), None]).with_name("resource_tags".into()).into_series();
    let mut mapped = plain;
    mapped.with_column(list.into_column()).expect("replaced");
    assert_eq!(cells(&charges(&mapped).0, "Tags"), cells(&charges_of_text, "Tags"));
    mapped.with_column(Series::new("resource_tags".into(), ["no map", ""]).into_column()).expect("replaced");
    let report = Report::of(mapped.schema()).expect("a report");
    let failed = report.charges(mapped.lazy()).collect().expect_err("no map");
    assert!(failed.to_string().contains("column resource_tags: `no map` is not a JSON object"), "{failed}");
}
