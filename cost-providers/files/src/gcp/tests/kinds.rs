//! Kinds of charges.

use super::frames::{Row, row};
use super::{cells, decimals, each_spelling, numbers, words};

/// Rows of every kind: usage, spot, tax, adjustment, rounding, a commitment, an unknown kind,
/// support.
fn every_kind() -> [Row; 8] {
    [
        row(&[
            ("cost", "2.5"),
            ("cost_at_list", "3"),
            ("usage.amount", "3600"),
            ("usage.amount_in_pricing_units", "1"),
        ]),
        row(&[
            ("cost", "0.4"),
            ("sku.description", "Spot Preemptible N2 Instance Core running in Americas"),
        ]),
        row(&[("cost", "19"), ("cost_type", "tax"), ("project.id", ""), ("project.name", "")]),
        row(&[("cost", "-5"), ("cost_type", "adjustment"), ("adjustment_info.type", "GOODWILL")]),
        row(&[("cost", "0.01"), ("cost_type", "rounding_error")]),
        row(&[
            ("cost", "7"),
            ("sku.description", "Commitment v1: Cpu in Americas for 1 Year"),
            ("project.id", ""),
        ]),
        row(&[("cost", "1"), ("cost_type", "something new")]),
        row(&[("cost", "150"), ("service.description", "Support"), ("project.id", "")]),
    ]
}

#[test]
fn kinds_of_charges_are_those_of_focus() {
    each_spelling(&every_kind(), |charges, credits| {
        assert_eq!(credits.height(), 0);
        let category = "Usage|Usage|Tax|Adjustment|Adjustment|Purchase|Adjustment|Usage";
        assert_eq!(cells(charges, "ChargeCategory"), words(category));
        assert_eq!(
            cells(charges, "PricingCategory"),
            words("Standard|Dynamic|-|-|-|Standard|-|Standard")
        );
        let frequency =
            "Usage-Based|Usage-Based|One-Time|One-Time|One-Time|Recurring|One-Time|Usage-Based";
        assert_eq!(cells(charges, "ChargeFrequency"), words(frequency));
        assert!(cells(charges, "ChargeClass").iter().all(Option::is_none));
        assert_eq!(cells(charges, "SkuMeter")[2], None, "taxes have no SKU");
    });
}

#[test]
fn charges_of_every_kind_have_costs_and_quantities() {
    each_spelling(&every_kind(), |charges, _| {
        assert_eq!(numbers(charges, "BilledCost"), decimals("2.5 0.4 19 -5 0.01 7 1 150"));
        assert_eq!(numbers(charges, "ListCost"), decimals("3 - 19 -5 0.01 - 1 -"));
        assert_eq!(numbers(charges, "ContractedCost"), decimals("2.5 0.4 19 -5 0.01 7 1 150"));
        assert_eq!(numbers(charges, "ConsumedQuantity"), decimals("3600 - - - - - - -"));
        assert_eq!(numbers(charges, "PricingQuantity"), decimals("1 - - - - - - -"));
        assert_eq!(cells(charges, "PricingUnit")[0].as_deref(), Some("Hours"));
        assert_eq!(cells(charges, "ConsumedUnit")[0].as_deref(), Some("Seconds"));
    });
}

#[test]
fn charges_of_every_kind_say_whose_and_when_they_are() {
    each_spelling(&every_kind(), |charges, _| {
        for (column, each) in [
            ("SubAccountId", "shop-1|shop-1|-|shop-1|shop-1|-|shop-1|-"),
            ("SubAccountName", "Shop|Shop|-|Shop|Shop|-|Shop|-"),
            ("SubAccountType", "Project|Project|-|Project|Project|-|Project|-"),
        ] {
            assert_eq!(cells(charges, column), words(each), "{column}");
        }
        for (row, column, value) in [
            (0, "BillingAccountId", "01ABCD-234567-89EF01"),
            (0, "BillingCurrency", "USD"),
            (0, "ProviderName", "Google Cloud"),
            (0, "PublisherName", "Google Cloud"),
            (0, "InvoiceIssuerName", "Google Cloud"),
            (0, "ServiceSubcategory", "Other (Compute)"),
            (7, "ServiceCategory", "Management and Governance"),
        ] {
            assert_eq!(cells(charges, column)[row].as_deref(), Some(value), "{column}");
        }
        for (column, value) in [
            ("ChargePeriodStart", "2026-10-05 10:00:00"),
            ("ChargePeriodEnd", "2026-10-05 11:00:00"),
            ("BillingPeriodStart", "2026-10-01 00:00:00"),
            ("BillingPeriodEnd", "2026-11-01 00:00:00"),
        ] {
            let found = cells(charges, column);
            assert_eq!(found[0].as_deref().map(|t| &t[..19]), Some(value), "{column}");
        }
    });
}
