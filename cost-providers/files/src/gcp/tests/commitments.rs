//! Discounts, credits, and fees of commitments.

use std::collections::BTreeMap;

use super::frames::{Row, nested, row};
use super::{cells, decimals, each_spelling, noted, numbers, words};

/// The note on fees of commitments, by its first words.
const COMMITMENTS: &str = "fees of resource-based and";

#[test]
fn discounts_lower_the_charge_and_promotions_pay_for_it() {
    let discounts = [
        "COMMITTED_USAGE_DISCOUNT",
        "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE",
        "DISCOUNT",
        "FREE_TIER",
        "RESELLER_MARGIN",
        "SPENDING_BASED_DISCOUNT",
        "SUBSCRIPTION_BENEFIT",
        "SUSTAINED_USAGE_DISCOUNT",
    ];
    let mut rows: Vec<Row> = discounts
        .iter()
        .map(|kind| row(&[("cost", "10")]).credit(kind, "A discount", "-2.75"))
        .collect();
    rows.push(
        row(&[("cost", "10"), ("labels", "team=web")])
            .credit("SUSTAINED_USAGE_DISCOUNT", "Sustained Usage Discount", "-1.1")
            .credit("PROMOTION", "Free trial credit", "-4.2")
            .credit("PROMOTION", "Free trial credit", "-0.3")
            .credit("CREDIT_TYPE_UNSPECIFIED", "Grant", "-0.000000000001"),
    );
    rows.push(row(&[("cost", "10")]).credit("HEARD_OF_NEVER", "New", "-3"));
    rows.push(row(&[("cost", "10"), ("invoice.month", "202609")]).credit("", "Old", "-1"));
    // Granted and reversed: no payment.
    rows.push(row(&[("cost", "10")]).credit("PROMOTION", "P", "-1").credit("PROMOTION", "P", "1"));
    each_spelling(&rows, |charges, credits| {
        let each = "7.25 7.25 7.25 7.25 7.25 7.25 7.25 7.25 8.9 10 10 10";
        assert_eq!(numbers(charges, "BilledCost"), decimals(each));
        let pricing = "Committed|Committed|Standard|Standard|Standard|Standard|Standard|Standard|Standard|Standard|Standard|Standard";
        assert_eq!(cells(charges, "PricingCategory"), words(pricing));
        assert!(
            cells(charges, "CommitmentDiscountStatus").iter().all(Option::is_none),
            "no commitment is named"
        );
        assert_eq!(numbers(credits, "BilledCost"), decimals("-4.500000000001 -3 -1"));
        assert_eq!(numbers(credits, "ListCost"), numbers(credits, "BilledCost"));
        assert_eq!(cells(credits, "ChargeCategory"), words("Credit|Credit|Credit"));
        assert_eq!(cells(credits, "ChargeDescription"), words("Free trial credit, Grant|New|Old"));
        assert_eq!(cells(credits, "PricingCategory"), words("-|-|-"));
        assert_eq!(numbers(credits, "PricingQuantity"), decimals("- - -"));
        assert_eq!(cells(credits, "Tags"), [Some(r#"{"team":"web"}"#.to_owned()), None, None]);
        let by_type = r#"{"CREDIT_TYPE_UNSPECIFIED":"-0.000000000001","PROMOTION":"-4.5"}"#;
        assert_eq!(cells(credits, "x_CreditsByType")[0].as_deref(), Some(by_type));
        let by_type = r#"{"SUSTAINED_USAGE_DISCOUNT":"-1.1"}"#;
        assert_eq!(cells(charges, "x_CreditsByType")[8].as_deref(), Some(by_type));
    });
    let frame = nested(&rows);
    assert_eq!(noted(&frame), [("credits with a missing or ", 2), (COMMITMENTS, 2)].into());
}

/// Google's own example of one hour: an e2-standard-8 and a flexible commitment for 1 year of 0.3
/// USD per hour that is not fully used, then one of 0.1 USD that is. "Spend-based CUDs data model
/// updates", "Example scenarios before and after the new CUD model", read 2026-11; the first row
/// has no credit because the commitment was not used.
fn an_hour_of_flexible_commitments() -> [Row; 8] {
    let subscription = ("subscription.instance_id", "subscriptions/1fd3b130");
    let default = ("consumption_model.description", "Default");
    let flexible = ("consumption_model.description", "Compute Flexible CUDs 1 Year");
    let sku = ("sku.description", "Commitment - dollar based v1: GCE for 1 year");
    let fee = |cost: &'static str| {
        row(&[("cost", cost), sku, default, subscription, ("price.list_price", "1")])
    };
    let offset = |row: Row, amount: &'static str| row.credit("FEE_UTILIZATION_OFFSET", "", amount);
    let ram = ("sku.description", "E2 Instance Ram running in Americas");
    let core = ("sku.description", "E2 Instance Core running in Americas");
    [
        fee("0.022994"),
        offset(fee("0.125637"), "-0.1256348"),
        offset(fee("0.067369"), "-0.0673581"),
        row(&[
            ("cost", "0.125637"),
            ram,
            flexible,
            subscription,
            ("cost_at_effective_price_default", "0.174496"),
        ]),
        row(&[
            ("cost", "0.067369"),
            core,
            flexible,
            subscription,
            ("cost_at_effective_price_default", "0.093568"),
        ]),
        // Fully used; the remaining usage is on demand.
        offset(fee("0.046868"), "-0.046868"),
        row(&[("cost", "0.046868"), ram, flexible, subscription]),
        row(&[("cost", "0.109398"), ram, default]),
    ]
}

/// Returns the costs of the rows of [`an_hour_of_flexible_commitments`].
const COST_OF_THE_HOUR: &str = "0.022994 0.0000022 0.0000109 0.125637 0.067369 0 0.046868 0.109398";

#[test]
fn what_remains_of_an_offset_fee_is_unused() {
    let rows = an_hour_of_flexible_commitments();
    each_spelling(&rows, |charges, _| {
        assert_eq!(numbers(charges, "EffectiveCost"), decimals(COST_OF_THE_HOUR));
        assert_eq!(numbers(charges, "BilledCost"), decimals(COST_OF_THE_HOUR));
        assert_eq!(
            cells(charges, "CommitmentDiscountStatus"),
            words("Unused|Unused|Unused|Used|Used|Unused|Used|-")
        );
        assert!(cells(charges, "ChargeCategory").iter().all(|c| c.as_deref() == Some("Usage")));
        let pricing =
            "Committed|Committed|Committed|Committed|Committed|Committed|Committed|Standard";
        assert_eq!(cells(charges, "PricingCategory"), words(pricing));
        let quantity = "0.022994 0.0000022 0.0000109 0.125637 0.067369 0 0.046868 -";
        assert_eq!(numbers(charges, "CommitmentDiscountQuantity"), decimals(quantity));
        // On demand 0.268064 for 0.193006 of the commitment. It is unknown for usage without an
        // on-demand price.
        assert_eq!(
            numbers(charges, "ContractedCost"),
            decimals("0 0 0 0.174496 0.093568 0 - 0.109398")
        );
        assert_eq!(numbers(charges, "ListCost"), decimals("0 0 0 - - 0 - -"));
        assert!(numbers(charges, "ConsumedQuantity")[..3].iter().all(Option::is_none), "unused");
    });
    assert_eq!(noted(&nested(&rows)), BTreeMap::new());
}

#[test]
fn commitments_are_named_where_there_is_an_id() {
    each_spelling(&an_hour_of_flexible_commitments(), |charges, _| {
        let ids = cells(charges, "CommitmentDiscountId");
        assert!(
            ids[..7].iter().all(|id| id.as_deref() == Some("subscriptions/1fd3b130"))
                && ids[7].is_none()
        );
        let no_id: Vec<bool> = ids.iter().map(Option::is_none).collect();
        for column in
            ["CommitmentDiscountCategory", "CommitmentDiscountType", "CommitmentDiscountUnit"]
        {
            let nulls: Vec<bool> = cells(charges, column).iter().map(Option::is_none).collect();
            assert_eq!(nulls, no_id, "{column} with an id only");
        }
        assert_eq!(cells(charges, "CommitmentDiscountCategory")[0].as_deref(), Some("Spend"));
        assert_eq!(
            cells(charges, "CommitmentDiscountName")[3].as_deref(),
            Some("Compute Flexible CUDs 1 Year")
        );
    });
}

/// The standard export has no subscription: the remainder is still billed, but without a
/// commitment.
#[test]
fn without_a_subscription_the_remainder_is_of_no_commitment() {
    let bare = an_hour_of_flexible_commitments().map(|row| row.without("subscription.instance_id"));
    each_spelling(&bare, |charges, _| {
        assert_eq!(numbers(charges, "EffectiveCost"), decimals(COST_OF_THE_HOUR));
        assert!(cells(charges, "CommitmentDiscountStatus").iter().all(Option::is_none));
    });
    assert_eq!(noted(&nested(&bare)), [("usage and fees of committe", 7)].into());
}

/// The same hour of the same page before the change: usage at its on-demand price, a credit for the
/// covered part, and a fee.
#[test]
fn legacy_commitments_are_billed_as_they_are_and_noted() {
    let subscription = ("subscription.instance_id", "subscriptions/e52fd279");
    let sku = ("sku.description", "Commitment - dollar based v1: GCE for 1 year");
    let price = ("price.effective_price", "0.0072");
    let cpu = ("sku.description", "Commitment v1: Cpu in Americas for 1 Year");
    let covering = "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE";
    let rows = [
        row(&[("cost", "0.046868"), sku, subscription, price]),
        row(&[("cost", "0.025132"), sku, subscription, price]),
        row(&[("cost", "0.174496")]).credit(covering, "Committed use discount", "-0.065095"),
        row(&[("cost", "0.093568")]).credit(covering, "Committed use discount", "-0.034905"),
        row(&[("cost", "0.5"), cpu, subscription, ("usage.amount_in_pricing_units", "20")]),
        row(&[("cost", "1")]),
    ];
    each_spelling(&rows, |charges, _| {
        let billed = "0.046868 0.025132 0.109401 0.058663 0.5 1";
        assert_eq!(numbers(charges, "BilledCost"), decimals(billed));
        assert_eq!(numbers(charges, "EffectiveCost"), decimals(billed));
        assert_eq!(
            cells(charges, "ChargeCategory"),
            words("Purchase|Purchase|Usage|Usage|Purchase|Usage")
        );
        assert_eq!(cells(charges, "CommitmentDiscountCategory"), words("Spend|Spend|-|-|Usage|-"));
        let kinds = "Spend-based CUD|Spend-based CUD|-|-|Resource-based CUD|-";
        assert_eq!(cells(charges, "CommitmentDiscountType"), words(kinds));
        assert!(cells(charges, "CommitmentDiscountStatus").iter().all(Option::is_none));
        assert_eq!(
            numbers(charges, "CommitmentDiscountQuantity"),
            decimals("0.046868 0.025132 - - 20 -")
        );
        assert_eq!(cells(charges, "CommitmentDiscountUnit"), words("USD|USD|-|-|Hours|-"));
    });
    assert_eq!(noted(&nested(&rows)), [(COMMITMENTS, 5)].into());
}
