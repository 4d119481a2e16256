//! Every kind of row, nested and as text, compared with figures calculated by hand; sums compared
//! with Python's decimals.

use std::collections::BTreeMap;
use std::path::Path;

use cost_core::focus::columns::Version;
use cost_core::focus::conformance::validate;
use cost_core::focus::{Origin, typed};
use polars::prelude::*;
use rust_decimal::Decimal;

use super::{BillingExport, MAPPING};

mod commitments;
mod frames;
mod kinds;
mod samples;

use frames::{Row, as_json, nested, row, texts};

/// Charges and credits of an export, in an estate's types.
fn focus(frame: &DataFrame) -> (DataFrame, DataFrame) {
    let export = BillingExport::of(frame.schema()).expect("a billing export");
    let collected = |lazy: LazyFrame| typed(lazy).and_then(LazyFrame::collect).expect("FOCUS rows");
    let (charges, credits) = (
        collected(export.charges(frame.clone().lazy())),
        collected(export.credits(frame.clone().lazy())),
    );
    assert_eq!(charges.height(), frame.height(), "a charge each");
    assert_eq!(charges.schema(), credits.schema(), "the same columns");
    (charges, credits)
}

fn cells(frame: &DataFrame, column: &str) -> Vec<Option<String>> {
    let text = frame.column(column).expect("column").cast(&DataType::String).expect("text");
    text.str().expect("text").iter().map(|t| t.map(ToOwned::to_owned)).collect()
}

fn numbers(frame: &DataFrame, column: &str) -> Vec<Option<Decimal>> {
    let number = |t: Option<String>| t.map(|t| t.parse::<Decimal>().expect("a number").normalize());
    cells(frame, column).into_iter().map(number).collect()
}

/// As the cells of [`numbers`]; `-` is null.
fn decimals(list: &str) -> Vec<Option<Decimal>> {
    let number = |t: &str| (t != "-").then(|| t.parse::<Decimal>().expect("a number").normalize());
    list.split_whitespace().map(number).collect()
}

/// As the cells of [`cells`], separated by `|`; `-` is null.
fn words(list: &str) -> Vec<Option<String>> {
    list.split('|').map(|t| Some(t.trim().to_owned()).filter(|t| t != "-")).collect()
}

/// Sums of a column by billing period.
fn by_month(frames: &[&DataFrame], column: &str) -> BTreeMap<String, Decimal> {
    let mut sums = BTreeMap::new();
    for frame in frames {
        for (month, amount) in
            cells(frame, "BillingPeriodStart").into_iter().zip(numbers(frame, column))
        {
            let sum: &mut Decimal =
                sums.entry(month.expect("a month")[..7].to_owned()).or_default();
            *sum = (*sum + amount.expect("an amount")).normalize();
        }
    }
    sums
}

/// Runs a check on the same rows in each spelling of an export.
fn each_spelling(rows: &[Row], check: impl Fn(&DataFrame, &DataFrame)) {
    for frame in [texts(rows), nested(rows), as_json(rows)] {
        let (charges, credits) = focus(&frame);
        check(&charges, &credits);
        // The invoice amount: the cost of all rows, and all credits.
        let mut invoiced = BTreeMap::new();
        for row in rows {
            let sum: &mut Decimal = invoiced.entry(row.month()).or_default();
            *sum = (*sum + row.invoiced()).normalize();
        }
        assert_eq!(by_month(&[&charges, &credits], "BilledCost"), invoiced);
        assert_eq!(by_month(&[&charges, &credits], "EffectiveCost"), invoiced);
    }
}

/// Returns the number of rows for each note that applies, by its first words.
fn noted(frame: &DataFrame) -> BTreeMap<&'static str, usize> {
    let export = BillingExport::of(frame.schema()).expect("a billing export");
    let notes = export.notes(frame.clone().lazy()).into_iter();
    let counted =
        notes.map(|note| (&note.sentence[..26], note.rows.collect().expect("rows").height()));
    counted.filter(|(_, rows)| *rows > 0).collect()
}

/// The example of Cloud Billing's documentation, "Corrections", moved to 2026: 10 USD of 1
/// September become 5 USD on October's invoice.
#[test]
fn corrections_are_of_months_before_the_invoice_in_pacific_time() {
    let usage = ("adjustment_info.type", "USAGE_CORRECTION");
    let at = |start: &'static str| ("usage_start_time", start);
    let rows = [
        row(&[("cost", "-10"), usage, at("2026-09-01T10:00:00Z")]),
        row(&[
            ("cost", "5"),
            ("adjustment_info.mode", "COMPLETE_NEGATION_WITH_REMONETIZATION"),
            at("2026-09-01T10:00:00Z"),
        ]),
        // 30 September, 23:00 in Los Angeles; 1 October, 00:00 in Los Angeles.
        row(&[("cost", "1"), usage, at("2026-10-01T06:00:00Z")]),
        row(&[("cost", "1"), usage, at("2026-10-01T07:00:00Z")]),
        // Late, but no correction; goodwill corrects nothing.
        row(&[("cost", "1"), at("2026-09-30T10:00:00Z")]),
        row(&[
            ("cost", "-1"),
            ("cost_type", "adjustment"),
            ("adjustment_info.type", "GOODWILL"),
            at("2026-09-01T10:00:00Z"),
        ]),
        // January corrects December.
        row(&[("cost", "-2"), usage, at("2026-12-31T10:00:00Z"), ("invoice.month", "202701")]),
    ];
    each_spelling(&rows, |charges, _| {
        let class = "Correction|Correction|Correction|-|-|-|Correction";
        assert_eq!(cells(charges, "ChargeClass"), words(class));
        assert_eq!(
            cells(charges, "BillingPeriodEnd")[6].as_deref().map(|t| &t[..10]),
            Some("2027-02-01")
        );
    });
}

#[test]
fn of_a_key_that_comes_twice_the_nearest_label_counts() {
    let rows = [
        row(&[
            ("labels", "team=web;env=;=lost;cost_center=7;env=prod"),
            ("project.labels", "team=all;owner=ann;cost_center=1"),
            ("tags", "123/cost_center=9*;456/cost_center=8;123/tier=gold*"),
            (
                "system_labels",
                "compute.googleapis.com/machine_spec=n2-standard-4;compute.googleapis.com/cores=4",
            ),
        ]),
        row(&[("labels", "goog-k8s-cluster-name=main;k8s-namespace=shop;say=\"hi\"")]),
        row(&[("project.labels", "owner=ann")]),
        row(&[]),
        row(&[(
            "system_labels",
            "compute.googleapis.com/reservation_name=gpu;compute.googleapis.com/is_unused_reservation=true;\
               compute.googleapis.com/reservation_project_id=infra",
        )]),
    ];
    each_spelling(&rows, |charges, _| {
        let tags = r#"{"cost_center":"8","env":"prod","owner":"ann","team":"web","tier":"gold"}"#;
        let kubernetes =
            r#"{"goog-k8s-cluster-name":"main","k8s-namespace":"shop","say":"\"hi\""}"#;
        let owner = r#"{"owner":"ann"}"#;
        assert_eq!(cells(charges, "Tags"), words(&format!("{tags}|{kubernetes}|{owner}|-|-")));
        let namespaced = r#"{"123/cost_center":"9","123/tier":"gold","456/cost_center":"8"}"#;
        assert_eq!(cells(charges, "x_NamespacedTags"), words(&format!("{namespaced}|-|-|-|-")));
        assert_eq!(cells(charges, "x_MachineType"), words("n2-standard-4|-|-|-|-"));
        assert_eq!(cells(charges, "x_MachineCores"), words("4|-|-|-|-"));
        let system = r#"{"compute.googleapis.com/cores":"4","compute.googleapis.com/machine_spec":"n2-standard-4"}"#;
        assert_eq!(cells(charges, "x_SystemLabels")[0].as_deref(), Some(system));
        assert_eq!(cells(charges, "CapacityReservationId"), words("-|-|-|-|infra/gpu"));
        assert_eq!(cells(charges, "CapacityReservationStatus"), words("-|-|-|-|Unused"));
    });
}

#[test]
fn places_resources_and_sellers_are_read() {
    let vm =
        "//compute.googleapis.com/projects/1/zones/us-central1-a/instances/4172277607321436583";
    let rows = [
        row(&[
            ("location.location", "us-central1-a"),
            ("location.region", "us-central1"),
            ("location.zone", "us-central1-a"),
            ("resource.global_name", vm),
            ("resource.name", "web-1"),
        ]),
        row(&[("location.location", "eu"), ("resource.name", "projects/1/instances/old")]),
        row(&[("transaction_type", "THIRD_PARTY_RESELLER"), ("seller_name", "MongoDB, Inc.")]),
        row(&[("invoice.publisher_type", "PARTNER"), ("service.description", "Elastic Cloud")]),
        row(&[("transaction_type", "GOOGLE"), ("seller_name", "Google LLC")]),
    ];
    each_spelling(&rows, |charges, _| {
        assert_eq!(cells(charges, "RegionId"), words("us-central1|eu|-|-|-"));
        assert_eq!(cells(charges, "RegionName"), words("Iowa|eu|-|-|-"));
        assert_eq!(cells(charges, "AvailabilityZone"), words("us-central1-a|-|-|-|-"));
        assert_eq!(
            cells(charges, "ResourceId"),
            words(&format!("{vm}|projects/1/instances/old|-|-|-"))
        );
        assert_eq!(cells(charges, "ResourceName"), words("web-1|projects/1/instances/old|-|-|-"));
        assert_eq!(cells(charges, "ResourceType"), words("instances|instances|-|-|-"));
        let publishers = "Google Cloud|Google Cloud|MongoDB, Inc.|Elastic Cloud|Google Cloud";
        assert_eq!(cells(charges, "PublisherName"), words(publishers));
    });
}

#[test]
fn only_prices_of_one_unit_are_unit_prices() {
    let list = ("price.list_price", "0.031611");
    let rows = [
        row(&[list, ("price.effective_price_default", "0.03"), ("price.effective_price", "0.02")]),
        row(&[list, ("price.effective_price", "0.02"), ("price.pricing_unit_quantity", "1")]),
        row(&[list, ("price.effective_price", "0.02"), ("price.pricing_unit_quantity", "1000000")]),
        row(&[
            ("price.effective_price", "0.02"),
            ("consumption_model.description", "Cloud SQL CUD - 3 Year"),
        ]),
        row(&[list, ("cost_type", "tax")]),
    ];
    each_spelling(&rows, |charges, _| {
        assert_eq!(numbers(charges, "ListUnitPrice"), decimals("0.031611 0.031611 - - -"));
        assert_eq!(numbers(charges, "ContractedUnitPrice"), decimals("0.03 0.02 - - -"));
    });
}

#[test]
fn other_bills_are_no_billing_export() {
    let of = |names: &[&str]| {
        let schema: Schema =
            names.iter().map(|n| Field::new((*n).into(), DataType::String)).collect();
        BillingExport::of(&schema).is_some()
    };
    let export = [
        "billing_account_id",
        "service.description",
        "sku.id",
        "usage_start_time",
        "cost",
        "currency",
        "invoice.month",
        "credits",
    ];
    assert!(of(&export));
    assert!(
        of(&export.map(|name| if name == "invoice.month" { "invoice_month" } else { name })),
        "as columns of a view"
    );
    for missing in export {
        let rest: Vec<&str> = export.into_iter().filter(|name| *name != missing).collect();
        assert!(!of(&rest), "without {missing}");
    }
    // A view with both, such as Google's FOCUS view over the export.
    assert!(!of(&[&export[..], &["BilledCost"]].concat()));
    assert!(!of(&[
        "BilledCost",
        "ChargeCategory",
        "x_Credits",
        "x_CostType",
        "x_ExportTime",
        "SkuId",
        "BillingAccountId"
    ]));
    assert!(!of(&[
        "line_item_line_item_type",
        "line_item_unblended_cost",
        "bill_billing_period_start_date"
    ]));
    assert!(!of(&[
        "BillingAccountId",
        "Date",
        "CostInBillingCurrency",
        "MeterId",
        "ChargeType",
        "BillingCurrency"
    ]));
}

#[test]
fn amounts_that_cannot_be_read_stop_the_reading_and_labels_do_not() {
    let of = |cost: &str, credits: &str, labels: &str| {
        let mut frame =
            texts(&[row(&[("cost", "1"), ("labels", "a=b")]).credit("PROMOTION", "", "-1")]);
        for (column, cell) in [("cost", cost), ("credits", credits), ("labels", labels)] {
            frame.with_column(Series::new(column.into(), [cell]).into_column()).expect("replaced");
        }
        frame
    };
    let failure = |frame: DataFrame| {
        let export = BillingExport::of(frame.schema()).expect("a billing export");
        export.charges(frame.lazy()).collect().expect_err("not read").to_string()
    };
    let problem = failure(of("1,5", "[]", "[]"));
    assert!(problem.contains("column cost: `1,5` is not an amount"), "{problem}");
    let problem = failure(of("1", "[{'amount': 'x'}]", "[]"));
    assert!(problem.contains("column credits: `x` is not an amount"), "{problem}");
    let problem = failure(of("1", "[{", "[]"));
    assert!(problem.contains("column credits: `[{` is not a list of credits"), "{problem}");
    let frame = of("0.0000000000004", "[]", "team: web");
    let (charges, _) = focus(&frame);
    assert_eq!(cells(&charges, "Tags"), [None]);
    let notes = [("labels and tags that are n", 1), ("costs and credits with mor", 1)];
    assert_eq!(noted(&frame), notes.into());
}

/// Charges and credits of every kind conform to FOCUS 1.2 if the export contains all required data.
#[test]
fn charges_and_credits_conform() {
    let usual = [
        ("cost_at_list", "1"),
        ("price.list_price", "1"),
        ("price.effective_price", "1"),
        ("usage.amount", "3600"),
        ("usage.amount_in_pricing_units", "1"),
        ("location.region", "us-central1"),
        (
            "resource.global_name",
            "//compute.googleapis.com/projects/1/zones/us-central1-a/instances/1",
        ),
    ];
    let with = |cells: &[(&'static str, &'static str)]| row(&[&usual[..], cells].concat());
    let subscription = ("subscription.instance_id", "subscriptions/1fd3b130");
    let model = ("consumption_model.description", "Compute Flexible CUD - 1 Year");
    let fee = ("sku.description", "Commitment - dollar based v1: GCE for 1 year");
    let rows = [
        with(&[]).credit("SUSTAINED_USAGE_DISCOUNT", "", "-0.3").credit(
            "PROMOTION",
            "Free trial",
            "-0.2",
        ),
        with(&[("cost_type", "tax"), ("project.id", "")]),
        with(&[("cost_type", "adjustment")]),
        with(&[
            ("adjustment_info.type", "PRICE_CORRECTION"),
            ("usage_start_time", "2026-09-05T10:00:00Z"),
        ]),
        with(&[("sku.description", "Spot Preemptible N2 Instance Core running in Americas")]),
        with(&[("sku.description", "Commitment v1: Cpu in Americas for 1 Year"), subscription]),
        with(&[fee, subscription]).credit("FEE_UTILIZATION_OFFSET", "", "-0.9"),
        with(&[model, subscription, ("cost", "0.72"), ("cost_at_effective_price_default", "1")]),
        with(&[("system_labels", "compute.googleapis.com/reservation_name=gpu")]),
    ];
    let (charges, credits) = focus(&nested(&rows));
    let origin =
        |label: &str, frame: DataFrame| Origin::of_frame(label, frame.lazy()).expect("columns");
    let origins = [origin("charges", charges), origin("credits", credits)];
    let found = validate(&origins, Some(Version::V1_2), 3).expect("validated");
    let rules = found.cross_column.iter().filter(|rule| rule.violations > 0);
    assert_eq!(rules.map(|rule| (&rule.rule, &rule.examples)).collect::<Vec<_>>(), []);
    let findings = found
        .columns
        .iter()
        .flat_map(|c| c.findings.iter().map(|f| (&c.column, f)))
        .collect::<Vec<_>>();
    assert_eq!(findings, []);
    assert_eq!((found.rows, found.headers), (10, vec![]));
}

/// Floats are what `BigQuery` exports: each is the decimal it was, and sums do not drift.
#[test]
fn floats_add_up_as_decimals() {
    // 1,000 × (0.7 + 0.1 - 0.2) = 600; as floats 0.7 + 0.1 is 0.7999999999999999.
    let row = row(&[("cost", "0.7")]).credit("DISCOUNT", "", "0.1").credit("PROMOTION", "", "-0.2");
    let (charges, credits) = focus(&nested(&vec![row; 1_000]));
    let billed = by_month(&[&charges, &credits], "BilledCost");
    assert_eq!(billed, [("2026-10".to_owned(), Decimal::from(600))].into());
}

#[test]
fn the_mapping_is_documented_as_it_is() {
    let mut page = String::from(
        "# Google Cloud's billing export as FOCUS 1.2\n\nGenerated from the table in \
         `cost-providers/files/src/gcp/mapping.rs`, which the program uses. Field names are those \
         of the detailed export\n(`gcp_billing_export_resource_v1_…`) in BigQuery; the standard \
         export (`gcp_billing_export_v1_…`) lacks `resource` and `subscription`.\n*Promotions* \
         are the separate charges made from credits of type PROMOTION and CREDIT_TYPE_UNSPECIFIED \
         on a row.\n\n| FOCUS column | source |\n| --- | --- |\n",
    );
    for mapped in MAPPING {
        page.push_str(&format!("| {} | {} |\n", mapped.column, mapped.from.replace('|', "\\|")));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/gcp-export-to-focus.md");
    if std::env::var_os("SNAPSHOTS").is_some_and(|v| v == "overwrite") {
        std::fs::write(&path, &page).expect("written");
    }
    assert_eq!(
        std::fs::read_to_string(path).expect("the page is there"),
        page,
        "SNAPSHOTS=overwrite writes it anew"
    );
    let known =
        |column: &str| cost_core::focus::columns::lookup(column).is_some_and(|c| c.name == column);
    for mapped in MAPPING {
        assert!(
            known(mapped.column) || mapped.column.starts_with("x_"),
            "{} is no FOCUS column",
            mapped.column
        );
    }
    assert!(MAPPING.windows(2).all(|w| w[0].column < w[1].column));
}
