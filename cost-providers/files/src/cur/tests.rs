//! Every type of line item, with and without upfront, net columns, maps: what it costs, and that
//! the sums are the report's. Expected values are worked out by hand from the line items above
//! them.

use std::collections::BTreeMap;

use cost_core::focus::conformance::validate;
use cost_core::focus::{FocusFrame, Origin, Part, Rows, typed};
use cost_core::rollup::roll_up;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::{LINE_ITEM_TYPES, Report, moved_discounts};

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
    let charges =
        typed(report.charges(frame.clone().lazy())).and_then(LazyFrame::collect).expect("charges");
    let unused =
        report.unused(frame.clone().lazy()).and_then(LazyFrame::collect).expect("unused parts");
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
#[expect(clippy::too_many_lines, reason = "a table of cases, a row each")]
fn every_type_of_line_item_is_billed_once_and_amortized_where_it_is_used() {
    let frame = report(&[
        &[(TYPE, "Usage"), (COST, "2"), ("pricing/publicOnDemandCost", "2.5")],
        // A reservation, partial upfront: 730 paid ahead, 0.05 an hour, a quarter of the month not
        // used.
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
        &[
            (TYPE, "SavingsPlanUpfrontFee"),
            (COST, "500"),
            ("savingsPlan/SavingsPlanARN", "arn:all"),
        ],
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
    let effective = [
        "2", "0", "75", "0", "7", "0", "0", "0", "100", "19", "-5", "-3", "-0.2", "-0.1", "-0.3",
        "-0.4", "1",
    ];
    assert_eq!(numbers(&charges, "EffectiveCost"), effective.map(dec));
    assert_eq!(numbers(&unused, "EffectiveCost"), ["24.3", "1"].map(dec));
    assert_eq!(numbers(&unused, "BilledCost"), ["0", "0"].map(dec));
    assert_eq!(
        cells(&unused, "CommitmentDiscountStatus"),
        [Some("Unused".to_owned()), Some("Unused".to_owned())]
    );
    // Billed is the report's, to the digit.
    let billed: Decimal = numbers(&charges, "BilledCost").into_iter().flatten().sum();
    let raw: Decimal = cells(&frame, COST)
        .into_iter()
        .flatten()
        .map(|t| t.parse::<Decimal>().expect("a number"))
        .sum();
    assert_eq!(billed, raw);
    // Used and unused of the plan add up to what was paid for it.
    assert_eq!(dec("7").zip(dec("1")).map(|(a, b)| a + b), dec("8"));
    let categories = cells(&charges, "ChargeCategory").into_iter().flatten().fold(
        BTreeMap::new(),
        |mut all, c| {
            *all.entry(c).or_insert(0) += 1;
            all
        },
    );
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
        NET_FEE,
    ]);
    let (charges, unused) = charges(&frame);
    assert_eq!(numbers(&charges, "EffectiveCost"), ["90", "0", "27", "0"].map(dec));
    assert_eq!(numbers(&unused, "EffectiveCost"), [dec("9")]);
    assert_eq!(numbers(&charges, "BilledCost"), ["100", "-10", "50", "40"].map(dec));
}

/// A fee of a plan of which 30 of 40 were used, net of discounts; what is upfront, net, comes last.
const NET_FEE: &[(&str, &str)] = &[
    (TYPE, "SavingsPlanRecurringFee"),
    (COST, "40"),
    ("savingsPlan/TotalCommitmentToDate", "40"),
    ("savingsPlan/UsedCommitment", "30"),
    ("savingsPlan/RecurringCommitmentForBillingPeriod", "40"),
    ("savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod", "0"),
    ("savingsPlan/NetRecurringCommitmentForBillingPeriod", "36"),
    ("savingsPlan/NetAmortizedUpfrontCommitmentForBillingPeriod", "0"),
];

/// Usage that a plan pays for: a report that has it spreads the plan's fees.
const COVERED: &[(&str, &str)] = &[
    (TYPE, "SavingsPlanCoveredUsage"),
    (COST, "50"),
    ("savingsPlan/SavingsPlanEffectiveCost", "30"),
];

#[test]
fn a_net_column_that_is_missing_leaves_what_was_unused_gross() {
    let (_, fee) = NET_FEE.split_last().expect("columns");
    let (_, unused) = charges(&report(&[COVERED, fee, fee, fee]));
    assert_eq!(numbers(&unused, "EffectiveCost"), ["10", "10", "10"].map(dec));
}

#[test]
fn commitments_that_do_not_fit_are_an_error() {
    let most = "99999999999999999999999999";
    let fee: &[(&str, &str)] = &[
        (TYPE, "SavingsPlanRecurringFee"),
        (COST, "40"),
        ("savingsPlan/TotalCommitmentToDate", "40"),
        ("savingsPlan/UsedCommitment", "30"),
        ("savingsPlan/RecurringCommitmentForBillingPeriod", most),
        ("savingsPlan/AmortizedUpfrontCommitmentForBillingPeriod", most),
        ("savingsPlan/NetRecurringCommitmentForBillingPeriod", "36"),
        ("savingsPlan/NetAmortizedUpfrontCommitmentForBillingPeriod", "0"),
    ];
    let frame = report(&[COVERED, fee]);
    let read = Report::of(frame.schema()).expect("a report");
    let error =
        read.unused(frame.lazy()).and_then(LazyFrame::collect).expect_err("too large").to_string();
    assert!(error.contains("unused commitment: a sum or product does not fit"), "{error}");
}

#[test]
fn a_fee_that_says_nothing_of_what_was_unused_is_told() {
    let frame = report(&[
        &[(TYPE, "RIFee"), (COST, "5"), ("reservation/UnusedRecurringFee", "")],
        &[(TYPE, "SavingsPlanRecurringFee"), (COST, "5")],
        &[(TYPE, "Usage"), (COST, "5")],
        &[(TYPE, "DiscountedUsage"), (COST, "0"), ("reservation/EffectiveCost", "5")],
        &[
            (TYPE, "SavingsPlanCoveredUsage"),
            (COST, "0"),
            ("savingsPlan/SavingsPlanEffectiveCost", "5"),
        ],
    ]);
    let report = Report::of(frame.schema()).expect("a report");
    assert_eq!(report.silent_fees(frame.clone().lazy()).collect().expect("rows").height(), 2);
    assert!(report.not_amortized(frame.clone().lazy()).is_none());
    assert_eq!(charges(&frame).1.height(), 0);
}

#[test]
fn what_a_report_does_not_amortize_costs_what_it_costs_when_it_is_paid() {
    let frame = report(&[
        &[
            (TYPE, "SavingsPlanCoveredUsage"),
            (COST, "10"),
            ("savingsPlan/SavingsPlanARN", "arn:sp"),
        ],
        &[(TYPE, "SavingsPlanNegation"), (COST, "-10"), ("savingsPlan/SavingsPlanARN", "arn:sp")],
        &[
            (TYPE, "SavingsPlanRecurringFee"),
            (COST, "8"),
            ("savingsPlan/TotalCommitmentToDate", "8"),
            ("savingsPlan/UsedCommitment", "7"),
        ],
        &[(TYPE, "SavingsPlanUpfrontFee"), (COST, "500")],
        &[
            (TYPE, "Refund"),
            (COST, "-500"),
            ("lineItem/ProductCode", "ComputeSavingsPlans"),
            ("lineItem/LineItemDescription", "Refund for one-time fee for Savings Plan ID: a"),
        ],
        // Reservations are amortized: 3 used, 1 not.
        &[(TYPE, "DiscountedUsage"), (COST, "0"), ("reservation/EffectiveCost", "3")],
        &[
            (TYPE, "RIFee"),
            (COST, "4"),
            ("reservation/UnusedRecurringFee", "1"),
            ("reservation/UnusedAmortizedUpfrontFeeForBillingPeriod", "0"),
        ],
    ]);
    let (charges, unused) = charges(&frame);
    assert_eq!(
        numbers(&charges, "EffectiveCost"),
        ["10", "-10", "8", "500", "-500", "3", "0"].map(dec)
    );
    assert_eq!(numbers(&unused, "EffectiveCost"), [dec("1")]);
    let told =
        Report::of(frame.schema()).expect("a report").not_amortized(frame.lazy()).expect("plans");
    let told = told.collect().expect("types");
    let types = [
        "Refund",
        "SavingsPlanCoveredUsage",
        "SavingsPlanNegation",
        "SavingsPlanRecurringFee",
        "SavingsPlanUpfrontFee",
    ];
    assert_eq!(cells(&told, "LineItemType"), types.map(|t| Some(t.to_owned())));
    assert_eq!(numbers(&told, "BilledCost"), ["-500", "10", "-10", "8", "500"].map(dec));
}

#[test]
fn a_fee_that_is_given_back_has_no_effective_cost_and_all_other_refunds_have() {
    let code = "lineItem/ProductCode";
    let text = "lineItem/LineItemDescription";
    let plans = (code, "ComputeSavingsPlans");
    let frame = report(&[
        // Bought for 8,760 and returned: the live shape has no ARN.
        &[
            (TYPE, "SavingsPlanUpfrontFee"),
            (COST, "8760"),
            plans,
            ("savingsPlan/SavingsPlanARN", "arn:sp"),
        ],
        &[
            (TYPE, "Refund"),
            (COST, "-8760"),
            plans,
            (text, "Refund for one-time fee for Savings Plan ID: a"),
        ],
        &[(TYPE, "Refund"), (COST, "-100"), (code, "MachineLearningSavingsPlans")],
        &[(TYPE, "Refund"), (COST, "-100"), ("savingsPlan/SavingsPlanARN", "arn:sp")],
        &[(TYPE, "Refund"), (COST, "-100"), ("reservation/ReservationARN", "arn:ri")],
        &[
            (TYPE, "Refund"),
            (COST, "-100"),
            (code, "AmazonRDS"),
            (text, "Refund for Reserved Instance upfront fee"),
        ],
        &[(TYPE, "Fee"), (COST, "-100"), ("reservation/ReservationARN", "arn:ri")],
        &[(TYPE, "Fee"), (COST, "-100"), (text, "Refund of upfront fee, reserved cache node")],
        // Those that keep their cost.
        &[(TYPE, "Refund"), (COST, "-3"), plans, (text, "Enterprise Discount Program")],
        &[(TYPE, "Refund"), (COST, "-4"), (code, "AmazonEC2"), (text, "Refund of usage")],
        &[
            (TYPE, "Refund"),
            (COST, "-5"),
            plans,
            (text, "Refund for recurring fee for Savings Plan ID: a"),
        ],
        &[(TYPE, "Fee"), (COST, "-6"), (code, "AWSSupportBusiness"), (text, "AWS Support fee")],
        &[
            (TYPE, "SavingsPlanCoveredUsage"),
            (COST, "0"),
            ("savingsPlan/SavingsPlanEffectiveCost", "1"),
        ],
        &[(TYPE, "DiscountedUsage"), (COST, "0"), ("reservation/EffectiveCost", "1")],
    ]);
    let (charges, _) = charges(&frame);
    let expected = ["0", "0", "0", "0", "0", "0", "0", "0", "-3", "-4", "-5", "-6", "1", "1"];
    assert_eq!(numbers(&charges, "EffectiveCost"), expected.map(dec));
    let billed: Decimal = numbers(&charges, "BilledCost").into_iter().flatten().sum();
    assert_eq!(billed, Decimal::from(-618));
    let categories = cells(&charges, "ChargeCategory");
    assert_eq!(categories[1..=7].iter().flatten().filter(|c| *c == "Adjustment").count(), 5);
    // A refund is of no commitment: it is not what somebody used of one.
    assert!(cells(&charges, "CommitmentDiscountId")[2..=5].iter().all(Option::is_none));
}

#[test]
fn what_roundings_use_of_a_plan_beyond_it_is_nothing_and_more_is_not_known() {
    let fee = |used: &'static str| {
        [
            (TYPE, "SavingsPlanRecurringFee"),
            (COST, "24"),
            ("savingsPlan/TotalCommitmentToDate", "24.0000000000"),
            ("savingsPlan/UsedCommitment", used),
        ]
    };
    let fees = ["24.0000000001", "24.01", "24.02", "23.9999999999"].map(fee);
    let covered = [
        (TYPE, "SavingsPlanCoveredUsage"),
        (COST, "0"),
        ("savingsPlan/SavingsPlanEffectiveCost", "1"),
    ];
    let frame = report(&[&fees[0], &fees[1], &fees[2], &fees[3], &covered]);
    assert_eq!(numbers(&charges(&frame).1, "EffectiveCost"), [dec("0.0000000001")]);
    let report = Report::of(frame.schema()).expect("a report");
    assert_eq!(
        report.silent_fees(frame.clone().lazy()).collect().expect("rows").height(),
        1,
        "24.02 of 24"
    );
}

#[test]
fn a_report_of_net_costs_alone_is_billed_at_these() {
    let net = "line_item_net_unblended_cost";
    let kind = "line_item_line_item_type";
    let frame = report(&[
        &[(kind, "Usage"), (net, "90")],
        &[(kind, "EdpDiscount"), (net, "")],
        &[(kind, "Tax"), (net, "9")],
    ]);
    let (charges, _) = charges(&frame);
    for column in ["BilledCost", "EffectiveCost", "ContractedCost"] {
        assert_eq!(numbers(&charges, column), ["90", "0", "9"].map(dec), "{column}");
    }
    assert!(
        Report::of(&Schema::from_iter([Field::new(kind.into(), DataType::String)])).is_none(),
        "no cost at all"
    );
}

#[test]
fn types_that_are_not_known_are_told_with_what_they_cost() {
    let frame = report(&[
        &[(TYPE, "HeardOfNever"), (COST, "1.5")],
        &[(TYPE, " usage "), (COST, "2")],
        &[(TYPE, "HeardOfNever"), (COST, "-4")],
        &[(TYPE, "")],
        &[(TYPE, "SAVINGS_PLAN_NEGATION"), (COST, "-10")],
    ]);
    let report = Report::of(frame.schema()).expect("a report");
    let told = report.unknown_types(frame.clone().lazy()).collect().expect("types");
    assert_eq!(cells(&told, "LineItemType"), [Some("HeardOfNever".to_owned()), None]);
    assert_eq!(cells(&told, "LineItems"), ["2", "1"].map(|n| Some(n.to_owned())));
    assert_eq!(numbers(&told, "BilledCost")[0], dec("-2.5"));
    let charges = report.charges(frame.lazy()).collect().expect("charges");
    let types = ["HeardOfNever", "Usage", "HeardOfNever", "", "SavingsPlanNegation"];
    assert_eq!(
        cells(&charges, "x_LineItemType"),
        types.map(|t| Some(t.to_owned()).filter(|t| !t.is_empty()))
    );
    let categories = ["Adjustment", "Usage", "Adjustment", "Adjustment", "Usage"];
    assert_eq!(cells(&charges, "ChargeCategory"), categories.map(|c| Some(c.to_owned())));
}

#[test]
fn the_table_of_types_is_in_the_decision() {
    let decision = include_str!("../../../../docs/adr/0013-cost-reports-as-focus.md");
    for t in LINE_ITEM_TYPES {
        let (mark, pricing) =
            (if t.documented { "" } else { " ¹" }, t.pricing_category().unwrap_or("null"));
        let cells =
            [t.charge_category(), t.charge_frequency(), pricing, t.effective_cost()].join(" | ");
        let line = format!("| {}{mark} | {cells} |", t.name);
        assert!(decision.lines().any(|l| l == line), "{line}");
    }
}

#[test]
fn shares_of_tasks_cost_nothing_twice() {
    let frame = report(&[
        &[
            (TYPE, "Usage"),
            (COST, "4"),
            ("lineItem/ResourceId", "i-1"),
            ("lineItem/UsageAmount", "24"),
        ],
        &[
            (TYPE, "Usage"),
            (COST, ""),
            ("lineItem/UsageAmount", "24"),
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
    // The hours are the machine's: counted again they would halve the price of one.
    assert_eq!(numbers(&charges, "PricingQuantity"), ["24", "0"].map(dec));
    assert_eq!(numbers(&charges, "ConsumedQuantity"), ["24", "24"].map(dec));
}

#[test]
fn maps_of_cur_2_are_read_as_text_and_as_parquet_has_them() {
    let plain = df!(
        "line_item_line_item_type" => ["Usage", "Usage"],
        "line_item_unblended_cost" => [0.1, 0.2],
        "line_item_product_code" => ["AmazonEC2", "AmazonEC2"],
        "line_item_usage_amount" => [1.0, 2.0],
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
    assert_eq!(
        cells(&charges_of_text, "PricingUnit"),
        ["Hours", "GB-Months"].map(|s| Some(s.to_owned()))
    );

    let keys = Series::new("key".into(), ["user_team", "aws_created_by"]);
    let values = Series::new("value".into(), ["a\"b", "me"]);
    let pairs = DataFrame::new(2, vec![keys.into_column(), values.into_column()]).expect("pairs");
    let pairs = pairs.into_struct("pairs".into()).into_series();
    let list =
        ListChunked::from_iter([Some(pairs), None]).with_name("resource_tags".into()).into_series();
    let mut mapped = plain;
    mapped.with_column(list.into_column()).expect("replaced");
    assert_eq!(cells(&charges(&mapped).0, "Tags"), cells(&charges_of_text, "Tags"));
    let fields = [("user_team", ["a\"b", ""]), ("aws_created_by", ["me", ""])];
    let fields = fields.map(|(name, values)| Series::new(name.into(), values).into_column());
    let document = DataFrame::new(2, fields.into())
        .expect("fields")
        .into_struct("resource_tags".into())
        .into_series();
    mapped.with_column(document.into_column()).expect("replaced");
    assert_eq!(cells(&charges(&mapped).0, "Tags"), cells(&charges_of_text, "Tags"));
    let pairs = r#"[{"key":"user_team","value":"a\"b"},{"key":"aws_created_by","value":"me"}]"#;
    let written = [
        pairs,
        "{'user_team': 'a\"b', 'aws_created_by': 'me'}",
        r#""user_team":"a\"b","aws_created_by":"me""#,
    ];
    for text in written {
        mapped
            .with_column(Series::new("resource_tags".into(), [text, "[]"]).into_column())
            .expect("replaced");
        assert_eq!(cells(&charges(&mapped).0, "Tags"), cells(&charges_of_text, "Tags"), "{text}");
    }
}

#[test]
fn what_is_no_map_is_null_and_told_and_never_fails_a_bill() {
    let frame = df!(
        "line_item_line_item_type" => ["Usage", "Usage", "Usage"],
        "line_item_unblended_cost" => ["1", "2", "3"],
        "line_item_product_code" => ["AmazonEC2", "AmazonEC2", "AmazonEC2"],
        "product" => [r#"{"product_name":"Elastic"}"#, "{", ""],
        "resource_tags" => ["no map", r#"{"user_a":"b"}"#, "[7]"],
    )
    .expect("frame");
    let (read, _) = charges(&frame);
    assert_eq!(numbers(&read, "BilledCost"), ["1", "2", "3"].map(dec));
    assert_eq!(cells(&read, "Tags"), [None, Some(r#"{"a":"b"}"#.to_owned()), None]);
    assert_eq!(
        cells(&read, "ServiceName"),
        ["Elastic", "AmazonEC2", "AmazonEC2"].map(|s| Some(s.to_owned()))
    );
    let told = |frame: &DataFrame| {
        let report = Report::of(frame.schema()).expect("a report");
        let told =
            report.unread_maps(frame.clone().lazy()).expect("maps").collect().expect("counts");
        let first = |column: &str| cells(&told, column)[0].clone();
        ["resource_tags", "resource_tags example", "product", "product example"].map(first)
    };
    assert_eq!(told(&frame), ["2", "no map", "1", "{"].map(|c| Some(c.to_owned())));
    // A list of texts is no map either.
    let list = Series::new("".into(), ["a"]);
    let lists = ListChunked::from_iter([Some(list), None, None])
        .with_name("resource_tags".into())
        .into_series();
    let mut nested = frame;
    nested.with_column(lists.into_column()).expect("replaced");
    assert_eq!(cells(&charges(&nested).0, "Tags"), [None, None, None]);
    assert_eq!(told(&nested)[0], Some("1".to_owned()));
    let none = report(&[&[(TYPE, "Usage"), (COST, "1")]]);
    assert!(Report::of(none.schema()).expect("a report").unread_maps(none.lazy()).is_none());
}

#[test]
fn cost_categories_keep_their_names() {
    let legacy = report(&[&[
        (TYPE, "Usage"),
        (COST, "1"),
        ("costCategory/user_type", "x"),
        ("resourceTags/user:T", "y"),
    ]]);
    let (charges, _) = charges(&legacy);
    assert_eq!(cells(&charges, "x_CostCategories"), [Some(r#"{"user_type":"x"}"#.to_owned())]);
    assert_eq!(cells(&charges, "Tags"), [Some(r#"{"T":"y"}"#.to_owned())]);
}

#[test]
fn tags_whose_keys_differ_by_case_stay_apart() {
    let frame = report(&[
        &[
            (TYPE, "Usage"),
            (COST, "1"),
            ("resourceTags/user:Name", "A"),
            ("resourceTags/user:name", ""),
        ],
        &[
            (TYPE, "Usage"),
            (COST, "1"),
            ("resourceTags/user:Name", ""),
            ("resourceTags/user:name", "b"),
        ],
    ]);
    let tags = [r#"{"Name":"A"}"#, r#"{"name":"b"}"#];
    assert_eq!(cells(&charges(&frame).0, "Tags"), tags.map(|t| Some(t.to_owned())));
}

#[test]
fn headers_and_words_are_read_however_they_are_spelled() {
    for (kind, cost, entity) in [
        ("\u{feff}lineItem/LineItemType", "lineItem/UnblendedCost", "bill/BillingEntity"),
        ("\"lineItem/LineItemType\"", " lineItem/UnblendedCost ", "BILL_BILLING_ENTITY"),
        ("LINE_ITEM_LINE_ITEM_TYPE", "lineitem_unblendedcost", "bill_billing_entity"),
    ] {
        let frame = report(&[
            &[
                (kind, " discountedusage"),
                (cost, "0"),
                (entity, "aws "),
                ("reservation_effective_cost", "7"),
                ("pricing_unit", " hrs"),
            ],
            &[
                (kind, "USAGE"),
                (cost, "1"),
                (entity, "AWS Marketplace"),
                ("line_item_currency_code", " usd "),
                ("pricing_unit", "GB-mo"),
            ],
        ]);
        let (charges, _) = charges(&frame);
        assert_eq!(numbers(&charges, "EffectiveCost"), ["7", "1"].map(dec), "{kind}");
        assert_eq!(
            cells(&charges, "PublisherName"),
            ["AWS", "AWS Marketplace"].map(|p| Some(p.to_owned()))
        );
        assert_eq!(cells(&charges, "PricingUnit"), [None, None], "nothing is counted");
        assert_eq!(cells(&charges, "BillingCurrency"), [None, Some("USD".to_owned())]);
    }
}

#[test]
fn columns_of_any_type_are_read_and_no_quantity_is_cut() {
    // A month of whole costs: they come as integers, quantities as floats, columns without a value
    // in some other type or none.
    let whole = df!(
        "line_item_line_item_type" => ["Usage", "Usage", "DiscountedUsage"],
        "line_item_unblended_cost" => [10_i64, 20, 0],
        "line_item_usage_amount" => [0.25, 1e-7, 24.0],
        "line_item_resource_id" => [None::<i32>, None, None],
        "pricing_unit" => ["Hrs", "Requests", "Hrs"],
        "bill_payer_account_id" => [12_345_678_901_i64, 12_345_678_901, 123_456_789_012],
        "reservation_effective_cost" => [0.0_f32, 0.0, 0.1],
    )
    .expect("frame");
    let nothing = Series::new_null("pricing_public_on_demand_cost".into(), 3);
    let mut frame = whole;
    frame.with_column(nothing.into_column()).expect("added");
    let (read, _) = charges(&frame);
    assert_eq!(numbers(&read, "BilledCost"), ["10", "20", "0"].map(dec));
    assert_eq!(numbers(&read, "EffectiveCost"), ["10", "20", "0.1"].map(dec));
    assert_eq!(numbers(&read, "PricingQuantity"), ["0.25", "0.0000001", "24"].map(dec));
    assert_eq!(numbers(&read, "ListCost"), [None, None, None]);
    assert_eq!(cells(&read, "ResourceId"), [None, None, None]);
    let accounts = ["012345678901", "012345678901", "123456789012"];
    assert_eq!(cells(&read, "BillingAccountId"), accounts.map(|a| Some(a.to_owned())));
    let decimals = |digits: [i128; 3], scale| {
        let values =
            Int128Chunked::from_iter_values("line_item_unblended_cost".into(), digits.into_iter());
        values.into_decimal_unchecked(38, scale).into_series().into_column()
    };
    frame.with_column(decimals([12_345, 1, -5], 4)).expect("replaced");
    assert_eq!(numbers(&charges(&frame).0, "BilledCost"), ["1.2345", "0.0001", "-0.0005"].map(dec));
}

#[test]
fn the_columns_that_are_looked_at_are_enough() {
    let frame = discounted();
    let of = Report::of(frame.schema()).expect("a report");
    let columns = of.columns();
    assert!(
        columns.contains("resource_tags_user_team") && columns.contains("line_item_line_item_type"),
        "{columns:?}"
    );
    let fewer = frame.select(columns).expect("columns of the report");
    assert!(charges(&fewer).0.equals_missing(&charges(&frame).0));
    let mut marked = frame;
    marked
        .with_column(Series::new("file".into(), vec!["a"; marked.height()]).into_column())
        .expect("added");
    let told = of.charges_and(marked.lazy(), &["file"]).collect().expect("charges");
    assert_eq!(cells(&told, "file")[0], Some("a".to_owned()));
}

#[test]
fn an_export_of_selected_columns_says_what_it_lacks() {
    let frame =
        report(&[&[("line_item_line_item_type", "Usage"), ("line_item_unblended_cost", "1")]]);
    let lacks = Report::of(frame.schema()).expect("a report").lacks();
    let needed = [
        "bill_billing_period_start_date",
        "bill_payer_account_id",
        "line_item_currency_code",
        "line_item_usage_start_date",
    ];
    assert_eq!(lacks, needed);
    let legacy = report(&[&every_column(&[("line_item_line_item_type", "Usage")])]);
    assert!(Report::of(legacy.schema()).expect("a report").lacks().is_empty());
}

/// The cells of a line item with all that FOCUS asks for, and `own` ones.
fn every_column<'a>(own: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let common = [
        ("bill_payer_account_id", "012345678901"),
        ("bill_payer_account_name", "payer"),
        ("bill_billing_entity", "AWS"),
        ("bill_invoicing_entity", "Amazon Web Services, Inc."),
        ("bill_billing_period_start_date", "2024-09-01T00:00:00.000Z"),
        ("bill_billing_period_end_date", "2024-10-01T00:00:00.000Z"),
        ("line_item_usage_account_id", "098765432109"),
        ("line_item_usage_account_name", "prod"),
        ("line_item_usage_start_date", "2024-09-01T00:00:00.000Z"),
        ("line_item_usage_end_date", "2024-09-02T00:00:00.000Z"),
        ("line_item_product_code", "AmazonEC2"),
        ("line_item_usage_type", "BoxUsage:m5.large"),
        ("line_item_operation", "RunInstances"),
        ("line_item_usage_amount", "24"),
        ("line_item_currency_code", "USD"),
        ("line_item_unblended_cost", "0"),
        ("product_region_code", "us-east-1"),
    ];
    let is_own = |name: &str| own.iter().any(|(n, _)| *n == name);
    common.into_iter().filter(|(n, _)| !is_own(n)).chain(own.iter().copied()).collect()
}

/// A report of line items with all that FOCUS asks for.
fn full(rows: &[&[(&str, &str)]]) -> DataFrame {
    let rows: Vec<_> = rows.iter().map(|row| every_column(row)).collect();
    report(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of cases, a row each")]
fn what_is_written_conforms_to_focus() {
    let (kind, cost, plan) =
        ("line_item_line_item_type", "line_item_unblended_cost", "savings_plan_savings_plan_a_r_n");
    let reserved = "reservation_reservation_a_r_n";
    let list = "pricing_public_on_demand_cost";
    let frame = full(&[
        &[(kind, "Usage"), (cost, "10"), (list, "10"), ("pricing_unit", "Hrs")],
        &[
            (kind, "SavingsPlanCoveredUsage"),
            (cost, "36"),
            (list, "36"),
            (plan, "arn:sp"),
            ("savings_plan_savings_plan_effective_cost", "24"),
        ],
        &[(kind, "SavingsPlanNegation"), (cost, "-36"), (plan, "arn:sp"), ("pricing_unit", "Hrs")],
        &[(kind, "SavingsPlanNegation"), (cost, "-1")],
        &[
            (kind, "SavingsPlanRecurringFee"),
            (cost, "25"),
            (plan, "arn:sp"),
            ("savings_plan_total_commitment_to_date", "25"),
            ("savings_plan_used_commitment", "24"),
        ],
        &[(kind, "SavingsPlanUpfrontFee"), (cost, "100"), (plan, "arn:sp")],
        &[
            (kind, "DiscountedUsage"),
            (list, "3"),
            (reserved, "arn:ri"),
            ("reservation_effective_cost", "2"),
        ],
        &[
            (kind, "RIFee"),
            (cost, "3"),
            (reserved, "arn:ri"),
            ("reservation_unused_recurring_fee", "1"),
            ("reservation_unused_amortized_upfront_fee_for_billing_period", "0"),
            ("reservation_unused_quantity", "8"),
        ],
        &[(kind, "Fee"), (cost, "50"), (reserved, "arn:ri")],
        &[(kind, "FlatRateSubscription"), (cost, "20")],
        &[(kind, "EdpDiscount"), (cost, "-1")],
        &[
            (kind, "BundledDiscount"),
            (cost, "-1"),
            ("line_item_usage_type", "USE2-SpotUsage:m5.large"),
            ("product_region_code", "xx-moon-1"),
        ],
        &[(kind, "Tax"), (cost, "1"), ("line_item_usage_amount", ""), ("product_region_code", "")],
        &[(kind, "Credit"), (cost, "-1")],
        &[(kind, "Refund"), (cost, "-1")],
        &[(kind, "HeardOfNever"), (cost, "-1")],
        &[(kind, "Usage"), (cost, ""), ("split_line_item_parent_resource_id", "i-1")],
    ]);
    let (charged, unused) = charges(&frame);
    let moved =
        all_moved(&Report::of(frame.schema()).expect("a report"), &frame).collect().expect("moved");
    assert_eq!((unused.height(), moved.height()), (2, 2));
    let origin =
        |(label, frame): (&str, DataFrame)| Origin::of_frame(label, frame.lazy()).expect("columns");
    let origins = [("charges", charged), ("unused", unused), ("moved", moved)].map(origin);
    let found = validate(&origins, None, 3).expect("can be read");
    let findings = |c: &cost_core::focus::conformance::ColumnReport| {
        (!c.findings.is_empty()).then(|| c.column.clone())
    };
    assert_eq!(
        found.columns.iter().filter_map(findings).collect::<Vec<_>>(),
        Vec::<String>::new(),
        "{:?}",
        found.columns
    );
    let violated: Vec<_> = found
        .cross_column
        .iter()
        .filter(|r| r.violations > 0)
        .map(|r| (&r.rule, &r.examples))
        .collect();
    assert!(violated.is_empty(), "{violated:?}");
    assert!(found.conforms, "{:?}", found.headers);
}

#[test]
fn negations_and_discounts_have_the_shape_of_what_they_make_cheaper() {
    let arn = ("savingsPlan/SavingsPlanARN", "arn:sp");
    let box_usage = ("lineItem/UsageType", "BoxUsage:m5.large");
    let spot = ("lineItem/UsageType", "USE2-SpotUsage:m5.large");
    let hours = ("lineItem/UsageAmount", "24");
    let frame = report(&[
        &[
            (TYPE, "SavingsPlanCoveredUsage"),
            (COST, "36"),
            arn,
            box_usage,
            hours,
            ("savingsPlan/SavingsPlanEffectiveCost", "24"),
        ],
        &[(TYPE, "SavingsPlanNegation"), (COST, "-36"), arn, box_usage, hours],
        &[(TYPE, "EdpDiscount"), (COST, "-1"), box_usage, hours],
        &[(TYPE, "PrivateRateDiscount"), (COST, "-1"), spot, hours],
        &[(TYPE, "Usage"), (COST, "9"), spot, hours],
    ]);
    let (charges, _) = charges(&frame);
    let texts = |column: &str| {
        cells(&charges, column).into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>()
    };
    assert_eq!(
        texts("PricingCategory"),
        ["Committed", "Committed", "Standard", "Dynamic", "Dynamic"]
    );
    assert_eq!(texts("CommitmentDiscountStatus"), ["Used", "Used", "", "", ""]);
    assert_eq!(numbers(&charges, "PricingQuantity"), ["24", "0", "0", "0", "24"].map(dec));
    assert_eq!(numbers(&charges, "ListCost")[1..4], ["0", "0", "0"].map(dec));
    // What a plan covers costs nothing of its own on the invoice: its fee does.
    let billed: Decimal = numbers(&charges, "BilledCost")[..2].iter().flatten().sum();
    assert_eq!(billed, Decimal::ZERO);
}

/// Two volumes over two days, and discounts of a day and of the month.
fn discounted() -> DataFrame {
    let (kind, cost, resource) =
        ("line_item_line_item_type", "line_item_unblended_cost", "line_item_resource_id");
    let (usage_type, unit) =
        (("line_item_usage_type", "EBS:VolumeUsage.gp2"), ("pricing_unit", "GB-Mo"));
    let (first, second) = (
        ("line_item_usage_start_date", "2024-09-01"),
        ("line_item_usage_start_date", "2024-09-02"),
    );
    let (until_second, until_third) =
        (("line_item_usage_end_date", "2024-09-02"), ("line_item_usage_end_date", "2024-09-03"));
    let month = ("line_item_usage_end_date", "2024-10-01");
    let list = ("pricing_public_on_demand_cost", "1");
    let tag = ("resource_tags_user_team", "x");
    full(&[
        &[
            (kind, "Usage"),
            (cost, "1"),
            (resource, "vol-a"),
            usage_type,
            unit,
            first,
            until_second,
            list,
            tag,
        ],
        &[
            (kind, "Usage"),
            (cost, "2"),
            (resource, "vol-b"),
            usage_type,
            unit,
            first,
            until_second,
            list,
        ],
        &[
            (kind, "Usage"),
            (cost, "3"),
            (resource, "vol-b"),
            usage_type,
            unit,
            second,
            until_third,
            list,
        ],
        // Of the first day: a third and two thirds. Of the second: all of it is b's.
        &[(kind, "EdpDiscount"), (cost, "-0.1"), usage_type, first, until_second],
        &[(kind, "EdpDiscount"), (cost, "-0.3"), usage_type, second, until_third],
        // Of the month: 1 to 2 to 3.
        &[(kind, "SppDiscount"), (cost, "-0.6"), usage_type, first, month],
        // Names its resource; is for usage, or a service, that is not there; is no discount.
        &[
            (kind, "EdpDiscount"),
            (cost, "-0.05"),
            (resource, "vol-a"),
            usage_type,
            first,
            until_second,
        ],
        &[
            (kind, "EdpDiscount"),
            (cost, "-0.02"),
            ("line_item_usage_type", "BoxUsage:m5.large"),
            first,
            until_second,
        ],
        &[
            (kind, "EdpDiscount"),
            (cost, "-7"),
            ("line_item_product_code", "AmazonS3"),
            usage_type,
            first,
            until_second,
        ],
        &[(kind, "Credit"), (cost, "-8"), usage_type, first, until_second],
    ])
}

/// Discounts without a resource, moved to usage: of line items that come all at once.
fn all_moved(report: &Report, frame: &DataFrame) -> LazyFrame {
    assert!(report.moves_discounts(), "no net columns");
    let discounts = report.discount_groups(frame.clone().lazy()).expect("columns");
    let usage = report.usage_groups(frame.clone().lazy(), discounts.clone()).expect("columns");
    moved_discounts(vec![discounts, usage]).expect("columns")
}

#[test]
fn discounts_without_a_resource_are_moved_to_the_usage_they_are_for() {
    let frame = discounted();
    let report = Report::of(frame.schema()).expect("a report");
    assert_eq!(report.loose_discounts(frame.clone().lazy()).collect().expect("rows").height(), 5);
    let plan = all_moved(&report, &frame);
    let moved = plan.clone().collect().expect("moved");
    assert_eq!(
        numbers(&moved, "EffectiveCost").into_iter().flatten().sum::<Decimal>(),
        Decimal::ZERO
    );
    assert_eq!(numbers(&moved, "ContractedCost"), numbers(&moved, "EffectiveCost"));
    assert!(numbers(&moved, "BilledCost").iter().all(|b| *b == dec("0")));
    let rows = |frame: &DataFrame| {
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
    };
    let expected = [
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
    assert_eq!(rows(&moved), expected);
    // The streaming engine, and line items in another order, give the same.
    let streamed = plan.collect_with_engine(Engine::Streaming).expect("moved").unwrap_single();
    assert_eq!(rows(&streamed), expected);
    let turned = all_moved(&report, &frame.reverse());
    assert_eq!(rows(&turned.collect().expect("moved")), expected);
    // Line items that come in batches give the same: discounts of all first, then usage of each.
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
    assert_eq!(
        rows(&moved_discounts(groups).and_then(LazyFrame::collect).expect("moved")),
        expected
    );
    // With net columns usage has its discounts.
    let mut net = frame;
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
    // 2 + 3 less 0.066666666667 + 0.3 + 0.5: one row, for all that the core tells rows apart by is
    // the usage's.
    assert_eq!(numbers(&volume, "EffectiveCost"), [dec("4.133333333333")]);
    assert_eq!(numbers(&volume, "PricingQuantity"), [dec("48")]);
    assert_eq!(cells(&volume, "PricingQuantityUnknown"), [Some("0".to_owned())]);
    // Nothing is lost: 6 of usage, 1 + 0.05 + 0.02 + 7 of discounts, 8 of credit.
    let total = rollup.cube.total(lit(true)).expect("total");
    let (billed, effective) =
        (total.billed.amount().normalize(), total.effective.amount().normalize());
    assert_eq!((Some(billed), Some(effective)), (dec("-10.07"), dec("-10.07")));
}
