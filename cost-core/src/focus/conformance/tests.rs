//! Whole bills against the specification: detection of versions, headers, and the rules across
//! columns and rows.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::{Conformance, Origin, RuleReport, validate};
use crate::focus::columns::{COLUMNS, Level, Version, lookup_exact};

/// Column values of a line item that meets every rule; columns without an entry are null.
const USAGE: &[(&str, &str)] = &[
    (
        "AllocatedMethodDetails",
        r#"{"Elements":[{"AllocatedRatio":0.5,"UsageUnit":"CPU","UsageQuantity":2}]}"#,
    ),
    ("AllocatedMethodId", "cpu-share"),
    ("AllocatedResourceId", "pod-1"),
    ("AllocatedResourceName", "pod"),
    ("AllocatedTags", r#"{"team":"web"}"#),
    ("BilledCost", "10.00"),
    ("BillingAccountId", "900000000001"),
    ("BillingAccountName", "Example Org"),
    ("BillingAccountType", "Org"),
    ("BillingCurrency", "USD"),
    ("BillingPeriodEnd", "2026-07-01T00:00:00Z"),
    ("BillingPeriodStart", "2026-06-01T00:00:00Z"),
    ("ChargeCategory", "Usage"),
    ("ChargeDescription", "usage"),
    ("ChargeFrequency", "Usage-Based"),
    ("ChargePeriodEnd", "2026-06-02T00:00:00Z"),
    ("ChargePeriodStart", "2026-06-01T00:00:00Z"),
    (
        "CommitmentProgramEligibilityDetails",
        r#"{"CommitmentPrograms":[{"ProgramType":"FlexibleSpendPlan"}]}"#,
    ),
    ("ConsumedQuantity", "1"),
    ("ConsumedUnit", "Hours"),
    ("ContractApplied", r#"{"Elements":[{"ContractId":"c-1","ContractCommitmentId":"c-1.1"}]}"#),
    ("ContractedCost", "10.00"),
    ("ContractedUnitPrice", "10.00"),
    ("EffectiveCost", "10.00"),
    ("HostProviderName", "Example Cloud"),
    ("InvoiceDetailId", "i-1.1"),
    ("InvoiceId", "i-1"),
    ("InvoiceIssuerName", "Example Cloud"),
    ("ListCost", "10.00"),
    ("ListUnitPrice", "10.00"),
    ("PricingCategory", "Standard"),
    ("PricingCurrency", "USD"),
    ("PricingCurrencyContractedUnitPrice", "10.00"),
    ("PricingCurrencyEffectiveCost", "10.00"),
    ("PricingCurrencyListUnitPrice", "10.00"),
    ("PricingQuantity", "1"),
    ("PricingUnit", "Hours"),
    ("ProviderName", "Example Cloud"),
    ("PublisherName", "Example Cloud"),
    ("RegionId", "us-east-1"),
    ("RegionName", "US East"),
    ("ResourceId", "vm-1"),
    ("ResourceName", "vm"),
    ("ResourceType", "Virtual Machine"),
    ("ServiceCategory", "Compute"),
    ("ServiceName", "Example Compute"),
    ("ServiceProviderName", "Example Cloud"),
    ("ServiceSubcategory", "Virtual Machines"),
    ("SkuId", "SKU1"),
    ("SkuMeter", "Compute Usage"),
    ("SkuPriceDetails", r#"{"CoreCount":4}"#),
    ("SkuPriceId", "SKU1.P1"),
    ("SubAccountId", "100000000001"),
    ("SubAccountName", "prod"),
    ("SubAccountType", "Account"),
    ("Tags", r#"{"team":"web"}"#),
];

/// What a line item has instead of the cells of [`USAGE`].
type Cells<'a> = &'a [(&'a str, &'a str)];

/// A bill with these columns, a line item for each of `rows`.
fn bill(label: &str, headers: &[&str], rows: &[Cells]) -> Origin {
    let column = |header: &&str| {
        let cell = |row: &Cells| {
            let of = |cells: Cells| {
                cells.iter().find(|(name, _)| name == header).map(|(_, value)| (*value).to_owned())
            };
            of(row).or_else(|| of(USAGE)).filter(|v| !v.is_empty())
        };
        Column::new((*header).into(), rows.iter().map(cell).collect::<Vec<Option<String>>>())
    };
    let frame = DataFrame::new(rows.len(), headers.iter().map(column).collect()).expect("a frame");
    Origin::of_frame(label, frame.lazy()).expect("columns")
}

fn columns_of(version: Version) -> Vec<&'static str> {
    COLUMNS.iter().filter(|c| c.is_in(version)).map(|c| c.name).collect()
}

fn without<'a>(headers: &[&'a str], gone: &[&str]) -> Vec<&'a str> {
    headers.iter().filter(|h| !gone.contains(h)).copied().collect()
}

fn of(bills: &[Origin]) -> Conformance {
    validate(bills, None, 3).expect("the bill can be read")
}

/// What does not conform: column, rule, or the name of a rule across columns or rows.
fn findings(report: &Conformance) -> Vec<String> {
    let columns = report
        .columns
        .iter()
        .flat_map(|c| c.findings.iter().map(|f| format!("{} {}", c.column, f.rule)));
    let headers = report.headers.iter().map(|f| format!("header {}", f.rule));
    let rules = report.cross_column.iter().chain(&report.cross_row).filter(|r| r.violations > 0);
    columns.chain(headers).chain(rules.map(|r| r.rule.clone())).collect()
}

fn rule<'a>(report: &'a Conformance, name: &str) -> &'a RuleReport {
    let mut rules = report.cross_column.iter().chain(&report.cross_row);
    rules.find(|r| r.rule == name).unwrap_or_else(|| panic!("{name} was not checked"))
}

#[test]
fn a_bill_with_all_columns_of_a_version_conforms_to_it() {
    for version in Version::ALL {
        let report = of(&[bill("b", &columns_of(version), &[&[]])]);
        assert_eq!((report.focus_version, findings(&report)), (version, vec![]), "{version:?}");
        assert!(report.conforms);
    }
}

/// "Data generators SHOULD include both deprecated and new columns in FOCUS 1.3 datasets"
/// (`version_migration_guidance.md`).
#[test]
fn what_1_3_deprecates_may_be_missing_and_what_is_new_may_not() {
    let all = columns_of(Version::V1_3);
    let report = of(&[bill("b", &without(&all, &["ProviderName"]), &[&[]])]);
    assert_eq!((report.focus_version, findings(&report)), (Version::V1_3, vec![]));
    let report =
        of(&[bill("b", &without(&all, &["ServiceProviderName", "HostProviderName"]), &[&[]])]);
    assert_eq!(report.focus_version, Version::V1_3);
    assert_eq!(findings(&report), ["HostProviderName presence", "ServiceProviderName presence"]);
    // Null where nothing is hosted.
    let report = of(&[bill("b", &all, &[&[("HostProviderName", "")]])]);
    assert_eq!(findings(&report), Vec::<String>::new());
}

#[test]
fn what_1_4_removed_is_named() {
    let mut headers = columns_of(Version::V1_4);
    headers.push("ProviderName");
    let report = of(&[bill("b", &headers, &[&[]])]);
    assert_eq!(
        (report.focus_version, findings(&report)),
        (Version::V1_4, vec!["header removed".to_owned()])
    );
    assert_eq!(report.headers[0].examples[0].values, [("ProviderName".to_owned(), None)]);
    // Asked for as 1.3 it is there rightly.
    let report = validate(&[bill("b", &headers, &[&[]])], Some(Version::V1_3), 3)
        .expect("the bill can be read");
    assert_eq!(findings(&report), Vec::<String>::new());
}

/// The columns of 1.4 that may not be null, and none besides: those that may be are mandatory all
/// the same.
#[test]
fn a_bill_of_1_4_with_the_least_columns_lacks_some_that_may_be_null() {
    let is_needed = |name: &&str| {
        lookup_exact(name).is_some_and(|c| !c.nullable && c.level == Level::Mandatory)
    };
    let needed: Vec<&str> = columns_of(Version::V1_4).into_iter().filter(is_needed).collect();
    assert_eq!(needed.len(), 15);
    let report = of(&[bill("b", &needed, &[&[]])]);
    assert_eq!(report.focus_version, Version::V1_4);
    let lacks = [
        "BillingAccountName",
        "ChargeClass",
        "ChargeDescription",
        "HostProviderName",
        "PricingQuantity",
        "PricingUnit",
    ];
    assert_eq!(findings(&report), lacks.map(|c| format!("{c} presence")));
}

#[test]
fn names_are_judged_by_the_letter() {
    let all = columns_of(Version::V1_2);
    let mut headers = without(&all, &["BilledCost", "ProviderName"]);
    headers.extend(["billed_cost", "Provider", "x_UsageType"]);
    let cells = [("billed_cost", "10.00"), ("Provider", "Example Cloud")];
    let report = of(&[bill("b", &headers, &[&cells])]);
    assert_eq!(
        findings(&report),
        ["BilledCost name", "ProviderName presence", "header custom-prefix"]
    );
    assert_eq!(report.headers[0].violations, 1);
    // The name itself is meant where another spelling is there too.
    headers.push("BilledCost");
    let report = of(&[bill("b", &headers, &[&[("billed_cost", "nothing")]])]);
    assert_eq!(
        findings(&report),
        ["BilledCost name", "ProviderName presence", "header custom-prefix"]
    );
}

#[test]
fn cells_are_judged_by_the_version_of_their_columns() {
    let cases = [
        (Version::V1_1, "ServiceSubcategory", "Servers", "allowed-values"),
        (Version::V1_2, "PricingCurrency", "", "nullability"),
        (Version::V1_2, "SkuPriceDetails", r#"{"a":[1]}"#, "format"),
        (Version::V1_3, "ServiceProviderName", "", "nullability"),
        (Version::V1_3, "AllocatedTags", r#"{"a":[1]}"#, "format"),
        (Version::V1_3, "ContractApplied", "[1]", "type"),
        (Version::V1_4, "CommitmentProgramEligibilityDetails", "FlexibleSpendPlan", "type"),
    ];
    for (version, column, cell, finding) in cases {
        let report = of(&[bill("b", &columns_of(version), &[&[(column, cell)]])]);
        assert_eq!(findings(&report), [format!("{column} {finding}")], "{cell}");
    }
    let report =
        of(&[bill("b", &columns_of(Version::V1_1), &[&[("ServiceSubcategory", "Servers")]])]);
    let finding = report.columns.iter().find_map(|c| c.findings.first()).expect("a finding");
    assert_eq!(finding.requirement, "is one of the 82 values that the specification lists");
}

/// The right cells come from the sentences that the rules cite.
#[test]
fn rules_across_columns_hold_or_not() {
    let used = |column, cell, effective| {
        [
            ("CommitmentDiscountId", "c"),
            ("CommitmentDiscountStatus", "Used"),
            (column, cell),
            ("EffectiveCost", effective),
        ]
    };
    let checked = |version, rule_id: &str, cells: Cells, violations: u64| {
        let report = of(&[bill("b", &columns_of(version), &[cells])]);
        assert_eq!(rule(&report, rule_id).violations, violations, "{rule_id} {cells:?}");
    };
    checked(Version::V1_2, "sub-account-type", &[("SubAccountType", "")], 1);
    checked(Version::V1_2, "sub-account-type", &[("SubAccountType", ""), ("SubAccountId", "")], 0);
    checked(Version::V1_3, "allocated-method", &[("AllocatedMethodId", "")], 1);
    // The share that is not allocated has a method and no resource.
    checked(Version::V1_3, "allocated-method", &[("AllocatedResourceId", "")], 0);
    for (name, rule) in [
        ("ListCost", "list-cost-placeholder"),
        ("ListUnitPrice", "list-unit-price-placeholder"),
        ("ContractedCost", "contracted-cost-placeholder"),
        ("ContractedUnitPrice", "contracted-unit-price-placeholder"),
    ] {
        checked(Version::V1_0, rule, &used(name, "0", "24.00"), 1);
        checked(Version::V1_0, rule, &used(name, "0.00", "0"), 0);
        checked(Version::V1_0, rule, &used(name, "30", "24.00"), 0);
        checked(Version::V1_0, rule, &[(name, "0"), ("EffectiveCost", "24.00")], 0);
    }
    // From 1.3 on a quantity "MUST be null when SkuPriceId is null".
    let unpriced = [("PricingQuantity", ""), ("PricingUnit", ""), ("SkuPriceId", "")];
    checked(Version::V1_2, "pricing-quantity-there", &unpriced, 1);
    checked(Version::V1_3, "pricing-quantity-there", &unpriced, 0);
    checked(Version::V1_3, "pricing-quantity-there", &unpriced[..2], 1);
}

const ONCE: &str = "commitment-counted-once";
const WHOLE: &str = "commitment-spread-whole";

/// A commitment's line item: category, status, period, billed and effective cost.
fn commitment<'a>(
    id: &'a str,
    what: [&'a str; 2],
    period: [&'a str; 2],
    [billed, effective]: [&'a str; 2],
) -> Vec<(&'a str, &'a str)> {
    let frequency = if what[0] == "Purchase" { "Recurring" } else { "Usage-Based" };
    vec![
        ("CommitmentDiscountId", id),
        ("ChargeCategory", what[0]),
        ("CommitmentDiscountStatus", what[1]),
        ("ChargeFrequency", frequency),
        ("ChargePeriodStart", period[0]),
        ("ChargePeriodEnd", period[1]),
        ("BilledCost", billed),
        ("EffectiveCost", effective),
    ]
}

const HOUR: [&str; 2] = ["2026-06-01T00:00:00Z", "2026-06-01T01:00:00Z"];
const MONTH: [&str; 2] = ["2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z"];
const BUY: [&str; 2] = ["Purchase", ""];
const USED: [&str; 2] = ["Usage", "Used"];
const UNUSED: [&str; 2] = ["Usage", "Unused"];

/// Violations of a rule in a bill of these line items, each file a list.
fn violations(files: &[Vec<Vec<(&str, &str)>>], name: &str) -> u64 {
    rule(&across(files), name).violations
}

fn across(files: &[Vec<Vec<(&str, &str)>>]) -> Conformance {
    let all = columns_of(Version::V1_2);
    let file = |(at, rows): (usize, &Vec<Vec<(&str, &str)>>)| {
        let rows: Vec<Cells> = rows.iter().map(Vec::as_slice).collect();
        bill(&format!("file {}", at + 1), &all, &rows)
    };
    of(&files.iter().enumerate().map(file).collect::<Vec<_>>())
}

/// Amounts of the specification's appendix "commitment discounts": 100 % and 0 % utilization, and
/// usage scenario 3.
#[test]
fn the_commitments_of_the_specification_conform() {
    let bills = [
        vec![commitment("c", BUY, HOUR, ["0.50", "0"]), commitment("c", USED, HOUR, ["0", "0.50"])],
        vec![
            commitment("c", BUY, HOUR, ["2.00", "0"]),
            commitment("c", USED, HOUR, ["0", "1.00"]),
            commitment("c", USED, HOUR, ["0", "1.00"]),
        ],
        vec![
            commitment("c", BUY, HOUR, ["1.50", "0"]),
            commitment("c", UNUSED, HOUR, ["0", "1.50"]),
        ],
        vec![
            commitment("c", USED, HOUR, ["0", "0.75"]),
            commitment("c", UNUSED, HOUR, ["0", "0.25"]),
        ],
    ];
    for rows in bills {
        let files = [rows];
        assert_eq!((violations(&files, ONCE), violations(&files, WHOLE)), (0, 0), "{files:?}");
    }
}

#[test]
fn a_cost_in_purchase_and_usage_is_counted_twice() {
    let twice = vec![
        commitment("c", USED, HOUR, ["0", "1.50"]),
        commitment("c", BUY, HOUR, ["1.00", "1.00"]),
        commitment("c", BUY, HOUR, ["0.50", "0.50"]),
        commitment("d", BUY, HOUR, ["9.00", "0"]),
    ];
    let report = across(std::slice::from_ref(&twice));
    let found = rule(&report, ONCE);
    assert_eq!((found.violations, found.checked_in), (2, 1));
    let values = [("CommitmentDiscountId", "c"), ("EffectiveCost", "1.5")];
    let values = values.map(|(c, v)| (c.to_owned(), Some(v.to_owned())));
    assert_eq!(
        (found.examples[0].row, found.examples[0].values.as_slice()),
        (Some(2), values.as_slice())
    );
    assert!(!report.conforms);
    // In one file or in two, whichever comes first.
    let apart = [vec![twice[3].clone(), twice[1].clone()], vec![twice[0].clone()]];
    let report = across(&apart);
    let example = &rule(&report, ONCE).examples[0];
    assert_eq!(
        (rule(&report, ONCE).violations, example.file.as_str(), example.row),
        (1, "file 1", Some(2))
    );
    // What no usage carries is a cost of its own: a purchase that covers nothing, or another
    // commitment's.
    assert_eq!(violations(&[vec![twice[1].clone()]], ONCE), 0);
    assert_eq!(
        violations(&[vec![twice[1].clone(), commitment("d", USED, HOUR, ["0", "1"])]], ONCE),
        0
    );
    assert_eq!(
        violations(&[vec![twice[1].clone(), commitment("c", USED, HOUR, ["0", "0"])]], ONCE),
        0
    );
}

#[test]
fn what_is_billed_for_a_commitment_is_spread_over_its_usage() {
    let month = |billed, used, unused| {
        vec![
            commitment("c", BUY, MONTH, [billed, "0"]),
            commitment("c", USED, MONTH, ["0", used]),
            commitment("c", UNUSED, MONTH, ["0", unused]),
        ]
    };
    let hour = |billed, used| {
        vec![commitment("c", BUY, HOUR, [billed, "0"]), commitment("c", USED, HOUR, ["0", used])]
    };
    // By the hour the sums are the same but for rounding: 0.01 % of 1 000 and a cent are 0.11.
    assert_eq!(violations(&[hour("1000", "999.89")], WHOLE), 0);
    assert_eq!(violations(&[hour("1000", "999.88")], WHOLE), 1);
    // Installments for months are off by the length of a month: 9.68 % of 300 and a cent are 29.05.
    assert_eq!(violations(&[month("300", "200", "70.95")], WHOLE), 0);
    assert_eq!(violations(&[month("300", "200", "70.94")], WHOLE), 1);
    // More than is billed may be the share of an upfront payment.
    assert_eq!(violations(&[month("300", "400", "0")], WHOLE), 0);
    let files = [vec![month("300", "100", "0")[0].clone()], month("300", "100", "0")[1..].to_vec()];
    let report = across(&files);
    let found = rule(&report, WHOLE);
    let shown: BTreeMap<&str, Option<&str>> =
        found.examples[0].values.iter().map(|(c, v)| (c.as_str(), v.as_deref())).collect();
    assert_eq!(found.violations, 1);
    assert_eq!((shown["BilledCost"], shown["EffectiveCost"]), (Some("300"), Some("100")));
    assert_eq!(shown["BillingPeriodStart"], Some("2026-06-01T00:00:00Z"));
}

#[test]
fn a_commitment_of_which_not_all_is_shown_is_not_judged() {
    let day = ["2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"];
    let buy = commitment("c", BUY, MONTH, ["300", "0"]);
    let used = commitment("c", USED, MONTH, ["0", "10"]);
    let with = |row: &Vec<(&'static str, &'static str)>, name: &'static str, cell: &'static str| {
        let mut row: Vec<(&str, &str)> = row.iter().filter(|(n, _)| *n != name).copied().collect();
        row.push((name, cell));
        row
    };
    assert_eq!(violations(&[vec![buy.clone(), used.clone()]], WHOLE), 1);
    let others = [
        // The month has just begun; the installment stands on its day.
        vec![buy.clone(), commitment("c", USED, day, ["0", "10"])],
        vec![commitment("c", BUY, day, ["300", "0"]), used.clone()],
        vec![buy.clone()],
        vec![buy.clone(), with(&used, "ChargeClass", "Correction")],
        vec![buy.clone(), with(&used, "EffectiveCost", "ten")],
        vec![with(&buy, "ChargeFrequency", "One-Time"), used.clone()],
        vec![with(&buy, "BillingCurrency", "EUR"), used],
    ];
    for rows in others {
        assert_eq!(violations(std::slice::from_ref(&rows), WHOLE), 0, "{rows:?}");
    }
}

#[test]
fn an_invoice_has_one_currency() {
    let of_invoice = |id, issuer, currency| {
        vec![("InvoiceId", id), ("InvoiceIssuerName", issuer), ("BillingCurrency", currency)]
    };
    let usd = of_invoice("i-1", "Example Cloud", "USD");
    let two = [vec![usd.clone()], vec![usd.clone(), of_invoice("i-1", "Example Cloud", "EUR")]];
    let report = across(&two);
    let found = rule(&report, "invoice-currency");
    assert_eq!((found.violations, found.checked_in), (1, 2));
    assert_eq!(
        found.examples[0].values[2],
        ("BillingCurrency".to_owned(), Some("EUR, USD".to_owned()))
    );
    for other in [
        of_invoice("i-2", "Example Cloud", "EUR"),
        of_invoice("i-1", "Another", "EUR"),
        usd.clone(),
    ] {
        assert_eq!(violations(&[vec![usd.clone(), other]], "invoice-currency"), 0);
    }
    let drafts = [of_invoice("", "Example Cloud", "USD"), of_invoice("", "Example Cloud", "EUR")];
    assert_eq!(
        violations(&[drafts.to_vec()], "invoice-currency"),
        0,
        "without an invoice there is none to match"
    );
}
