//! Prices and quantities: price lists of both agreements, exchange rates, blocks, and prices that
//! Azure leaves out.

use super::super::{Dataset, Role};
use super::{alone, charges, export, numbers, words};

const COST: &str = "CostInBillingCurrency";

#[test]
fn an_enterprise_agreement_lists_payg_price_times_quantity() {
    // 24 h at 0.8, listed at 1. Source: azure-docs, automation-ingest-usage-details-overview.md,
    // "Example pricing scenarios".
    let read = alone(&export(&[&[
        (COST, "19.2"),
        ("Quantity", "24"),
        ("UnitPrice", "0.8"),
        ("PayGPrice", "1"),
    ]]));
    for (column, expected) in [
        ("ListUnitPrice", "1"),
        ("ListCost", "24"),
        ("ContractedUnitPrice", "0.8"),
        ("ContractedCost", "19.2"),
        ("EffectiveCost", "19.2"),
        ("PricingQuantity", "24"),
        ("ConsumedQuantity", "24"),
        ("PricingCurrencyListUnitPrice", "1"),
        ("PricingCurrencyEffectiveCost", "19.2"),
    ] {
        assert_eq!(numbers(&read, column), [expected], "{column}");
    }
    assert_eq!(words(&read, "PricingUnit"), ["Hours"]);
    assert_eq!(words(&read, "PricingCurrency"), ["EUR"]);
    assert_eq!(words(&read, "BillingAccountType"), ["Billing Account"]);
    assert_eq!(words(&read, "x_BillingExchangeRate"), ["-"]);
}

#[test]
fn a_customer_agreement_lists_what_the_export_says_in_the_billing_currency() {
    // Priced in USD, billed in EUR at 0.9: 10 units at 0.8 USD, listed at 1 USD.
    let row = [
        (COST, "7.2"),
        ("Quantity", "10"),
        ("UnitPrice", "0.8"),
        ("PayGPrice", "1"),
        ("PricingCurrency", "USD"),
        ("costInPricingCurrency", "8"),
        ("exchangeRatePricingToBilling", "0.9"),
        ("paygCostInBillingCurrency", "9"),
        ("BillingProfileId", "P-1"),
        ("BillingProfileName", "Profile"),
        ("BillingAccountName", "Account"),
    ];
    let read = alone(&export(&[&row]));
    for (column, expected) in [
        ("ListCost", "9"),
        ("ListUnitPrice", "0.9"),
        ("ContractedUnitPrice", "0.72"),
        ("ContractedCost", "7.2"),
        ("PricingCurrencyContractedUnitPrice", "0.8"),
        ("PricingCurrencyListUnitPrice", "1"),
        ("PricingCurrencyEffectiveCost", "8"),
        ("x_BillingExchangeRate", "0.9"),
    ] {
        assert_eq!(numbers(&read, column), [expected], "{column}");
    }
    assert_eq!(words(&read, "BillingAccountId"), ["p-1"]);
    assert_eq!(words(&read, "BillingAccountName"), ["Profile"]);
    assert_eq!(words(&read, "BillingAccountType"), ["Billing Profile"]);
    assert_eq!(
        [words(&read, "x_BillingAccountId"), words(&read, "x_BillingProfileId")].concat(),
        ["123", "p-1"]
    );
    // Without the export's list cost, price × rate × quantity; without a rate, prices in another
    // currency are unknown.
    let blank = |name: &'static str| {
        row.iter().filter(move |(n, _)| *n != name).copied().collect::<Vec<_>>()
    };
    assert_eq!(numbers(&alone(&export(&[&blank("paygCostInBillingCurrency")])), "ListCost"), ["9"]);
    let rateless = alone(&export(&[&blank("exchangeRatePricingToBilling")]));
    assert_eq!(numbers(&rateless, "ListCost"), ["9"]);
    assert_eq!(words(&rateless, "ContractedCost"), ["-"]);
    assert_eq!(words(&rateless, "ListUnitPrice"), ["-"]);
    assert_eq!(numbers(&rateless, "PricingCurrencyEffectiveCost"), ["8"]);
}

#[test]
fn quantities_in_blocks_and_in_units() {
    let row = |unit, quantity, price, cost| {
        [
            (COST, cost),
            ("UnitOfMeasure", unit),
            ("Quantity", quantity),
            ("UnitPrice", price),
            ("PayGPrice", price),
        ]
    };
    let rows = [
        // Microsoft's own sample export (EA_ActualCost_Small.csv): 4 and 47 operations, priced per
        // 10,000.
        row("10K", "0.0004", "0.1", "0.00004"),
        row("10K", "0.0047", "0.00237", "0.000011139"),
        // From its conversion table: 24 h, priced per 100; 25 GB, priced per 10; 500,000 calls,
        // priced per million.
        row("100 Hours", "24", "12", "2.88"),
        row("10 GB", "25", "0.8", "2"),
        row("1M", "500000", "0.2", "0.1"),
        // In single units, and in units that are not in the table.
        row("1 GB/Month", "24.5", "0.1", "2.45"),
        row("7 Things", "14", "0.5", "7"),
        // Free: no evidence; quantities follow the schema.
        row("1M", "0.25", "0.2", "0"),
    ];
    let read = alone(&export(&rows.iter().map(<[_; 5]>::as_slice).collect::<Vec<_>>()));
    assert_eq!(
        numbers(&read, "PricingQuantity"),
        ["0.0004", "0.0047", "0.24", "2.5", "0.5", "24.5", "14", "0.25"]
    );
    assert_eq!(
        numbers(&read, "ConsumedQuantity"),
        ["4", "47", "24", "25", "500000", "24.5", "14", "250000"]
    );
    assert_eq!(
        words(&read, "PricingUnit"),
        ["Units", "Units", "Hours", "GB", "Units", "GB/Month", "7 Things", "Units"]
    );
    assert_eq!(
        numbers(&read, "x_PricingBlockSize"),
        ["10000", "10000", "100", "10", "1000000", "1", "1", "1000000"]
    );
    // On-demand usage costs its contracted price, here also its list price; except the free one.
    let costs = ["0.00004", "0.000011139", "2.88", "2", "0.1", "2.45", "7", "0.05"];
    assert_eq!(numbers(&read, "ContractedCost"), costs);
    assert_eq!(numbers(&read, "ListCost"), costs);
    // A commitment at 72 % off: 100 h in blocks of 10, and in hours.
    let committed = |quantity, price, cost| {
        [
            (COST, cost),
            ("UnitOfMeasure", "10 Hours"),
            ("Quantity", quantity),
            ("UnitPrice", price),
            ("PricingModel", "Reservation"),
        ]
    };
    let rows = [committed("10", "5", "14"), committed("100", "5", "14")];
    let read = alone(&export(&rows.iter().map(<[_; 5]>::as_slice).collect::<Vec<_>>()));
    assert_eq!(numbers(&read, "ContractedCost"), ["50", "50"]);
    assert_eq!(numbers(&read, "PricingQuantity"), ["10", "10"]);
}

#[test]
fn a_price_that_azure_leaves_out_is_unknown() {
    let rows: [&[(&str, &str)]; 6] = [
        // Usage of a reservation: PayGPrice is missing (Enterprise Agreement), or all prices are
        // (Customer Agreement).
        &[
            (COST, "0.493152"),
            ("Quantity", "8"),
            ("UnitPrice", "0.146"),
            ("PayGPrice", "0"),
            ("PricingModel", "Reservation"),
        ],
        &[(COST, "3"), ("UnitPrice", "0"), ("PayGPrice", "0"), ("PricingModel", "Reservation")],
        // Marketplace: both are missing.
        &[
            (COST, "0"),
            ("UnitPrice", "0"),
            ("PayGPrice", "0"),
            ("PublisherType", "Marketplace"),
            ("PublisherName", "Canonical"),
        ],
        // A cost without a price.
        &[(COST, "5"), ("UnitPrice", "0")],
        // Free: the customer's own licenses. The price is known to be 0.
        &[(COST, "0"), ("UnitPrice", "0"), ("PayGPrice", "0"), ("Quantity", "2")],
        &[(COST, "5")],
    ];
    let read = charges(&export(&rows), Role::Alone(Dataset::Amortized));
    assert_eq!(numbers(&read, "ContractedCost"), ["1.168", "-", "-", "-", "0", "-"]);
    assert_eq!(numbers(&read, "ListCost"), ["-", "-", "-", "-", "0", "-"]);
    assert_eq!(numbers(&read, "ListUnitPrice"), ["-", "-", "-", "-", "0", "-"]);
    assert_eq!(words(&read, "PublisherName")[2], "Canonical");
    assert_eq!(words(&read, "ServiceName")[2], "Canonical");
}

#[test]
fn what_has_no_price_is_listed_at_its_cost_and_what_is_unused_at_none() {
    let rows: [&[(&str, &str)]; 4] = [
        &[("ChargeType", "RoundingAdjustment"), (COST, "-0.004"), ("Quantity", "")],
        &[("ChargeType", "Tax"), (COST, "19"), ("UnitPrice", "3")],
        &[
            ("ChargeType", "UnusedReservation"),
            ("PricingModel", "Reservation"),
            (COST, "6"),
            ("UnitPrice", "2"),
        ],
        &[("ChargeType", "Refund"), (COST, "-3"), ("Quantity", "-1"), ("UnitPrice", "3")],
    ];
    let read = charges(&export(&rows), Role::Alone(Dataset::Amortized));
    assert_eq!(numbers(&read, "ContractedCost"), ["-0.004", "19", "0", "-3"]);
    assert_eq!(numbers(&read, "ListCost"), ["-0.004", "19", "0", "-"]);
    assert_eq!(numbers(&read, "PricingQuantity"), ["-", "-", "1", "-1"]);
    assert_eq!(words(&read, "PricingUnit"), ["-", "-", "Hours", "Hours"]);
    assert_eq!(words(&read, "ConsumedQuantity"), ["-", "-", "-", "-"]);
}

#[test]
fn normalized_hours_of_a_reservation() {
    let info = r#"{"ServiceType":"Standard_DS2_v2","RINormalizationRatio":2.0,"VMCapacityReservationId":"F8B4"}"#;
    let rows: [&[(&str, &str)]; 2] = [
        &[
            (COST, "0.493152"),
            ("Quantity", "8"),
            ("PricingModel", "Reservation"),
            ("ReservationId", "F39D"),
            ("ReservationName", "VM_RI"),
            ("AdditionalInfo", info),
        ],
        &[
            ("AdditionalInfo", info),
            (
                "ResourceId",
                "/s/providers/Microsoft.Compute/capacityReservationGroups/G/capacityReservations/C",
            ),
        ],
    ];
    let read = charges(&export(&rows), Role::Alone(Dataset::Amortized));
    assert_eq!(numbers(&read, "CommitmentDiscountQuantity"), ["16", "-"]);
    assert_eq!(words(&read, "CommitmentDiscountUnit"), ["Normalized Hours", "-"]);
    assert_eq!(words(&read, "CommitmentDiscountId"), ["f39d", "-"]);
    assert_eq!(words(&read, "CommitmentDiscountName"), ["VM_RI", "-"]);
    assert_eq!(words(&read, "CommitmentDiscountCategory"), ["Usage", "-"]);
    assert_eq!(words(&read, "CapacityReservationId"), ["f8b4", "f8b4"]);
    assert_eq!(words(&read, "CapacityReservationStatus"), ["Used", "Unused"]);
    let details = r#"{"x_RINormalizationRatio":2.0,"x_ServiceType":"Standard_DS2_v2","x_VMCapacityReservationId":"F8B4"}"#;
    assert_eq!(words(&read, "SkuPriceDetails")[0], details);
}
