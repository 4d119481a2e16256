//! Tables that are cost details, in all spellings; identifiers, tags, services, and regions.

use polars::prelude::*;

use super::super::{CostDetails, Dataset, Role};
use super::{alone, charges, details, export, frame, numbers, words};

fn is_cost_details(headers: &[&str]) -> bool {
    let schema: Schema =
        headers.iter().map(|h| Field::new((*h).into(), DataType::String)).collect();
    CostDetails::of(&schema).is_some()
}

#[test]
fn spellings_of_all_agreements_are_known() {
    // Headers of azure-docs, dataset-schema: EA 2024-08-01, EA 2019-10-01, MCA 2023-12-01,
    // pay-as-you-go 2019-11-01; and of a German download.
    for headers in [
        &[
            "SubscriptionId",
            "Date",
            "MeterId",
            "Quantity",
            "CostInBillingCurrency",
            "BillingCurrencyCode",
            "ChargeType",
        ][..],
        &[
            "SubscriptionGuid",
            "UsageDateTime",
            "MeterCategory",
            "UsageQuantity",
            "ResourceRate",
            "PreTaxCost",
            "InstanceId",
        ],
        &[
            "\u{feff}invoiceId",
            "SubscriptionId",
            "date",
            "meterName",
            "quantity",
            "costInBillingCurrency",
            "billingCurrency",
        ],
        &[
            "SubscriptionGuid",
            "UsageDateTime",
            "MeterId",
            "UsageQuantity",
            "PreTaxCost",
            "Currency",
        ],
        &["subscriptionid", "date", "meterid", "quantity", "cost", "billingcurrency"],
        &[
            "Abonnement-GUID (SubscriptionGuid)",
            "Datum (Date)",
            "ID der Verbrauchseinheit (MeterId)",
            "Menge (Quantity)",
            "Kosten (Cost)",
        ],
    ] {
        assert!(is_cost_details(headers), "{headers:?}");
    }
}

#[test]
fn other_bills_are_no_cost_details() {
    for headers in [
        // Azure's FOCUS export, with additional columns.
        &["BilledCost", "ChargePeriodStart", "SubAccountId", "x_SkuMeterId", "PricingQuantity"][..],
        &["BilledCost", "EffectiveCost", "Cost", "Date", "Quantity", "SubscriptionId", "MeterId"],
        // AWS, legacy and 2.0.
        &[
            "lineItem/LineItemType",
            "lineItem/UnblendedCost",
            "lineItem/UsageStartDate",
            "lineItem/UsageAmount",
        ],
        &["line_item_line_item_type", "line_item_unblended_cost", "line_item_usage_start_date"],
        // Google, detailed export and console download.
        &[
            "billing_account_id",
            "service",
            "sku",
            "usage_start_time",
            "project",
            "cost",
            "currency",
            "usage",
            "credits",
        ],
        &["Project ID", "Service ID", "SKU ID", "Usage start date", "Usage amount", "Cost ($)"],
        // A cost analysis download: no line items.
        &["UsageDate", "ServiceName", "Cost", "CostUSD", "Currency"],
    ] {
        assert!(!is_cost_details(headers), "{headers:?}");
    }
}

#[test]
fn a_localized_download_reads_as_an_english_one() {
    let german = frame(&[&[
        ("\u{feff}Abonnement-GUID (SubscriptionGuid)", "ABC-1"),
        ("Abonnementname (SubscriptionName)", "Prod"),
        ("Datum (Date)", "06/13/2026"),
        ("Zählerkategorie (MeterCategory)", "Virtual Machines"),
        ("ID der Verbrauchseinheit (MeterId)", "F310"),
        ("Menge (Quantity)", "2"),
        ("Vorsteuerkosten (PreTaxCost)", "1.5"),
        ("Währung (Currency)", "EUR"),
    ]]);
    let read = alone(&german);
    assert_eq!(words(&read, "SubAccountId"), ["abc-1"]);
    assert_eq!(words(&read, "SubAccountName"), ["Prod"]);
    assert_eq!(numbers(&read, "BilledCost"), ["1.5"]);
    assert_eq!(words(&read, "BillingCurrency"), ["EUR"]);
    assert_eq!(
        words(&read, "ChargeCategory"),
        ["Usage"],
        "a file without charge types has usage only"
    );
    assert_eq!(words(&read, "BillingAccountId"), ["abc-1"], "nothing else names who pays");
    assert_eq!(
        [words(&read, "ServiceName"), words(&read, "ServiceCategory")].concat(),
        ["Virtual Machines", "Compute"]
    );
    assert!(words(&read, "BillingPeriodStart")[0].starts_with("2026-06-01"));
}

#[test]
fn the_first_spelling_that_has_a_value_counts() {
    let read = alone(&export(&[
        &[
            ("BillingCurrency", ""),
            ("BillingCurrencyCode", "EUR"),
            ("SubscriptionGuid", "G-1"),
            ("SubscriptionId", "17"),
        ],
        &[
            ("BillingCurrency", "USD"),
            ("BillingCurrencyCode", ""),
            ("SubscriptionGuid", ""),
            ("SubscriptionId", "-2"),
        ],
    ]));
    assert_eq!(words(&read, "BillingCurrency"), ["EUR", "USD"]);
    assert_eq!(words(&read, "SubAccountId"), ["g-1", "-"]);
    assert_eq!(words(&read, "SubAccountType"), ["Subscription", "-"]);
}

const VM: &str =
    "/subscriptions/9EC5/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/VM-One";

/// A machine; one with an unusual id and region; a product that a partner resells; unknown names.
fn four_resources() -> DataFrame {
    alone(&export(&[
        &[
            ("ResourceId", VM),
            ("ConsumedService", "Microsoft.Compute"),
            ("ResourceLocation", "EastUS2"),
            ("ResourceGroup", "RG"),
            ("PublisherName", "Microsoft Corporation"),
            ("MeterName", "D2s v5"),
            ("MeterId", "EC8C"),
            ("Product", "Virtual Machines Dv5"),
            ("Frequency", "UsageBased"),
            ("OfferId", "MS-AZR-0017P"),
        ],
        &[
            (
                "ResourceId",
                "/subscriptions/1/resourceGroups/R/providers/Microsoft.Compute/virtualMachine/x",
            ),
            ("ConsumedService", "microsoft.compute"),
            ("MeterCategory", "Virtual Machines"),
            ("ResourceLocation", "Mars North"),
            ("ResourceName", "Named"),
            ("MeterName", "B1s"),
            ("Frequency", "OneTime"),
        ],
        &[
            ("PublisherType", "Marketplace"),
            ("PublisherName", "Datadog"),
            ("ConsumedService", "Unheard.Of"),
            ("ChargeType", "Purchase"),
            ("Frequency", "Recurring"),
            ("PartnerName", "Reseller"),
        ],
        &[
            ("ConsumedService", "Unheard.Of"),
            ("Frequency", "Quarterly"),
            ("ChargeType", "Purchase"),
            ("ResourceGroup", "Others"),
        ],
    ]))
}

#[test]
fn resources_and_services() {
    let read = four_resources();
    assert_eq!(words(&read, "ResourceId")[0], VM.to_lowercase());
    assert_eq!(words(&read, "ResourceName"), ["VM-One", "Named", "-", "-"]);
    assert_eq!(words(&read, "ResourceType")[0], "microsoft.compute/virtualmachines");
    assert_eq!(words(&read, "x_ResourceGroupName"), ["rg", "-", "-", "-"]);
    assert_eq!(
        words(&read, "ServiceName"),
        ["Virtual Machines", "Virtual Machines", "Datadog", "Other"]
    );
    assert_eq!(words(&read, "ServiceCategory"), ["Compute", "Compute", "Other", "Other"]);
    assert_eq!(words(&read, "ServiceSubcategory")[2..], ["Other (Other)", "Other (Other)"]);
    assert_eq!(
        words(&read, "ChargeDescription")[..2],
        ["Virtual Machines Dv5", "Virtual Machines, B1s"]
    );
    assert_eq!(
        [words(&read, "x_SkuMeterId")[0].as_str(), words(&read, "x_SkuOfferId")[0].as_str()],
        ["ec8c", "MS-AZR-0017P"]
    );
}

#[test]
fn regions_sellers_and_frequencies() {
    let read = four_resources();
    assert_eq!(words(&read, "RegionId"), ["eastus2", "marsnorth", "-", "-"]);
    assert_eq!(words(&read, "RegionName"), ["East US 2", "Mars North", "-", "-"]);
    assert_eq!(words(&read, "PublisherName"), ["Microsoft", "Microsoft", "Datadog", "Microsoft"]);
    assert_eq!(
        words(&read, "InvoiceIssuerName"),
        ["Microsoft", "Microsoft", "Reseller", "Microsoft"]
    );
    assert_eq!(words(&read, "ChargeFrequency"), ["Usage-Based", "One-Time", "Recurring", "-"]);
}

#[test]
fn tags_in_both_forms() {
    let read = alone(&export(&[
        &[("Tags", r#"{"env":"prod","team":"a"}"#)],
        &[("Tags", r#""env": "prod","team": "a""#)],
        &[("Tags", r#""""#)],
        &[("Tags", "env=prod")],
        &[],
    ]));
    let tags = r#"{"env":"prod","team":"a"}"#;
    assert_eq!(words(&read, "Tags"), [tags, tags, "-", "-", "-"]);
}

#[test]
fn typed_columns_of_parquet_read_as_text_does() {
    let text = export(&[
        &[
            ("CostInBillingCurrency", "19.2"),
            ("Quantity", "24"),
            ("UnitPrice", "0.8"),
            ("PayGPrice", "1"),
        ],
        &[
            ("CostInBillingCurrency", "0.1"),
            ("Quantity", "0.5"),
            ("UnitPrice", "0.2"),
            ("PayGPrice", "0.3"),
        ],
    ]);
    let expected = alone(&text);
    let float = |name: &str| col(name).cast(DataType::Float64);
    let day = |name: &str| {
        cost_core::focus::instant(col(name))
            .cast(DataType::Datetime(TimeUnit::Nanoseconds, None))
            .alias(name)
    };
    let date = |name: &str| cost_core::focus::instant(col(name)).cast(DataType::Date).alias(name);
    for dates in [
        [day("Date"), day("BillingPeriodStartDate")],
        [date("Date"), date("BillingPeriodStartDate")],
    ] {
        let typed = text
            .clone()
            .lazy()
            .with_columns(
                ["CostInBillingCurrency", "Quantity", "UnitPrice", "PayGPrice"].map(float),
            )
            .with_columns(dates)
            .collect()
            .expect("typed");
        assert!(alone(&typed).equals_missing(&expected));
        let decimal = typed
            .lazy()
            .with_columns([cost_core::focus::decimal(col("CostInBillingCurrency"))
                .alias("CostInBillingCurrency")])
            .collect()
            .expect("typed");
        assert!(alone(&decimal).equals_missing(&expected));
    }
}

#[test]
fn a_bad_cost_is_passed_on_to_where_its_row_can_be_named() {
    let bad = export(&[&[("CostInBillingCurrency", "1,5")]]);
    let raw = details(&bad).charges(bad.clone().lazy(), Role::Alone(Dataset::Actual));
    let read = raw.select([col("BilledCost"), col("EffectiveCost")]).collect().expect("undecoded");
    assert_eq!(
        [words(&read, "BilledCost"), words(&read, "EffectiveCost")].concat(),
        ["1,5", "1,5"]
    );
    let failed = details(&bad)
        .charges(bad.clone().lazy(), Role::Alone(Dataset::Actual))
        .collect()
        .expect_err("no number");
    assert!(failed.to_string().contains("CostInBillingCurrency"), "{failed}");
    // An empty frame can be read, and has every column.
    let none = export(&[&[]]).slice(0, 0);
    assert_eq!(charges(&none, Role::Alone(Dataset::WithoutCommitments)).height(), 0);
}
