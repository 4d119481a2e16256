//! List of repair rules. A new rule is an entry here.

use polars::prelude::*;

use super::kernels as of_cells;
use super::rule::{Rule, raw};
use crate::cloud::Provider;
use crate::focus::kernels;

fn is(column: &str, value: &str) -> Expr {
    col(column).eq(lit(value.to_owned()))
}
fn zero() -> Expr {
    lit(0).cast(kernels::decimal_type())
}
fn no_amount() -> Expr {
    lit(NULL).cast(kernels::decimal_type())
}
/// Blank text and placeholders become null only later.
fn blank(column: &str) -> Expr {
    of_cells::is_blank(col(column))
}
/// Usage that somebody used and that cost something. Not what moves a discount to the usage it is
/// for: nothing is billed of it, and it has no quantity, so that its prices are 0.
fn paid_usage() -> Expr {
    let is_moved =
        col("BilledCost").eq(zero()).and(col("PricingQuantity").eq(zero())).fill_null(lit(false));
    is("ChargeCategory", "Usage").and(is_moved.not()).and(col("EffectiveCost").gt(zero())).and(
        col("CommitmentDiscountStatus")
            .is_null()
            .or(is("CommitmentDiscountStatus", "Unused").not()),
    )
}
fn purchase_of_commitment() -> Expr {
    is("ChargeCategory", "Purchase").and(blank("CommitmentDiscountId").not())
}
/// Also one whose commitment is not named, but whose kind is.
fn purchase_of_any_commitment() -> Expr {
    let is_known = ["CommitmentDiscountId", "CommitmentDiscountCategory", "CommitmentDiscountType"];
    let is_known = is_known
        .into_iter()
        .map(|column| blank(column).not())
        .reduce(Expr::or)
        .unwrap_or_else(|| lit(false));
    is("ChargeCategory", "Purchase").and(is_known)
}

/// Columns with closed lists that may be null.
const CLOSED: [&str; 4] =
    ["ChargeClass", "CommitmentDiscountCategory", "CommitmentDiscountStatus", "PricingCategory"];

/// Rule for purchases that can be classified only with the usage of the complete bill.
pub(crate) const UNCLEAR_PURCHASE: &str = "commitment-purchase-unclear";

const TOOLKIT: &str =
    "microsoft/finops-toolkit, docs-mslearn/focus/conformance-summary.md, 2026-04";

/// All rules, in order. At most 32: each is a bit of a 32-bit mask.
pub const RULES: &[Rule] = &[
    Rule {
        id: "list-cost-zero",
        what: "ListCost is 0 although the usage has a cost: the list price counts as unknown, not zero",
        source: "microsoft/finops-toolkit, conformance-summary.md (\"ListCost isn't supported and is 0\"), issues 1424, 1835",
        provider: None,
        if_amortized: false,
        needs: &[],
        hit: || paid_usage().and(col("ListCost").eq(zero())),
        change: || vec![("ListCost", no_amount())],
    },
    Rule {
        id: "contracted-cost-zero",
        what: "ContractedCost is 0 although the usage has a cost: the contracted price counts as unknown, not zero",
        source: "microsoft/finops-toolkit, conformance-summary.md, issues 874, 1424",
        provider: None,
        if_amortized: false,
        needs: &[],
        hit: || paid_usage().and(col("ContractedCost").eq(zero())),
        change: || vec![("ContractedCost", no_amount())],
    },
    Rule {
        id: "commitment-purchase-beside-usage",
        what: "a commitment's purchase or refund has an EffectiveCost in addition to the usage it pays for: only the usage counts",
        source: "FOCUS 1.2, EffectiveCost: 0 for purchases that cover future usage; microsoft/finops-toolkit, issue 1092",
        provider: None,
        if_amortized: true,
        needs: &[],
        hit: || purchase_of_commitment().and(col("EffectiveCost").neq(zero())),
        change: || vec![("EffectiveCost", zero())],
    },
    Rule {
        id: "commitment-purchase-effective-cost",
        what: "a commitment's purchase has an EffectiveCost; Azure's exports repeat it with the commitment's usage, in this bill or \
               another: only the usage counts",
        source: "microsoft/finops-toolkit, issue 1092; FOCUS 1.2, EffectiveCost: 0 for purchases that cover future usage",
        provider: Some(Provider::Azure),
        if_amortized: false,
        needs: &[],
        hit: || purchase_of_any_commitment().and(col("EffectiveCost").neq(zero())),
        change: || vec![("EffectiveCost", zero())],
    },
    Rule {
        id: UNCLEAR_PURCHASE,
        what: "a commitment's purchase or refund has an EffectiveCost, and its usage in the bill has none: it is not changed; \
               if its usage is in other bills, its cost counts twice together with them",
        source: "FOCUS 1.2, EffectiveCost: 0 for purchases that cover future usage",
        provider: None,
        if_amortized: false,
        needs: &[],
        hit: || purchase_of_any_commitment().and(col("EffectiveCost").neq(zero())),
        change: || vec![("EffectiveCost", col("EffectiveCost"))],
    },
    Rule {
        id: "committed-pricing-category",
        what: "usage that a commitment paid for has the PricingCategory Standard: changed to Committed",
        source: "FOCUS 1.2, PricingCategory: Committed where a commitment discount applies; microsoft/finops-toolkit, issue 836",
        provider: None,
        if_amortized: false,
        needs: &[],
        hit: || {
            let standard = blank("PricingCategory").or(is("PricingCategory", "Standard"));
            let used =
                is("CommitmentDiscountStatus", "Used").and(blank("CommitmentDiscountId").not());
            is("ChargeCategory", "Usage").and(used).and(standard)
        },
        change: || vec![("PricingCategory", lit("Committed"))],
    },
    Rule {
        id: "null-words",
        what: "a column with a fixed set of values has a placeholder (None, nan, N/A, -): changed to null",
        source: "FOCUS 1.2, null handling; pandas, \"IO tools\", na_values; Python's text of None",
        provider: None,
        if_amortized: false,
        needs: &[],
        hit: || {
            let each = CLOSED.into_iter().map(|column| of_cells::is_null_word(col(column)));
            each.reduce(Expr::or).unwrap_or_else(|| lit(false))
        },
        change: || {
            CLOSED
                .into_iter()
                .map(|column| (column, of_cells::without_null_words(col(column))))
                .collect()
        },
    },
    Rule {
        id: "region-spelling",
        what: "a region is not written as its ID (letter case, blanks, or its name): changed to the ID",
        source: "AWS, Azure and Google Cloud: ids of regions are in small letters",
        provider: None,
        if_amortized: false,
        needs: &[],
        hit: || of_cells::region(col("RegionId"), col("ProviderName")).neq(col("RegionId")),
        change: || vec![("RegionId", of_cells::region(col("RegionId"), col("ProviderName")))],
    },
    Rule {
        id: "billing-period-start",
        what: "a billing period does not start on the first day of a month: counted in that month",
        source: "microsoft/finops-toolkit, Costs_transform_v1_2 (startofmonth)",
        provider: Some(Provider::Azure),
        if_amortized: false,
        needs: &[],
        hit: || of_cells::first_of_month(col("BillingPeriodStart")).neq(col("BillingPeriodStart")),
        change: || {
            vec![("BillingPeriodStart", of_cells::first_of_month(col("BillingPeriodStart")))]
        },
    },
    Rule {
        id: "account-placeholder",
        what: "the account is a placeholder (-2, Unassigned): changed to null",
        source: TOOLKIT,
        provider: Some(Provider::Azure),
        if_amortized: false,
        needs: &[],
        hit: || of_cells::is_placeholder(col("SubAccountId")),
        change: || vec![("SubAccountId", lit(NULL).cast(DataType::String))],
    },
    Rule {
        id: "commitment-as-resource",
        what: "a commitment's purchase has no ResourceId: set to the commitment's ID",
        source: TOOLKIT,
        provider: Some(Provider::Azure),
        if_amortized: false,
        needs: &[],
        hit: || purchase_of_commitment().and(blank("ResourceId")),
        change: || vec![("ResourceId", col("CommitmentDiscountId"))],
    },
    Rule {
        id: "service-of-publisher",
        what: "ServiceName is blank for products of other publishers: set to the publisher's name",
        source: "microsoft/finops-toolkit, issue 1569 and Costs_transform_v1_2",
        provider: Some(Provider::Azure),
        if_amortized: false,
        needs: &["PublisherName"],
        hit: || {
            let publisher = col(raw("PublisherName"));
            let microsoft = publisher
                .clone()
                .eq(lit("Microsoft"))
                .or(publisher.clone().eq(lit("Microsoft Corporation")));
            blank("ServiceName").and(publisher.is_not_null()).and(microsoft.not())
        },
        change: || vec![("ServiceName", col(raw("PublisherName")))],
    },
    Rule {
        id: "service-of-meter",
        what: "ServiceName is blank: set to the meter's subcategory",
        source: "microsoft/finops-toolkit, Costs_transform_v1_2",
        provider: Some(Provider::Azure),
        if_amortized: false,
        needs: &["x_SkuMeterSubcategory"],
        hit: || blank("ServiceName").and(col(raw("x_SkuMeterSubcategory")).is_not_null()),
        change: || vec![("ServiceName", col(raw("x_SkuMeterSubcategory")))],
    },
    Rule {
        id: "meter-of-description",
        what: "SkuMeter is missing: set to the description of the SKU",
        source: "Google Cloud, \"Structure of the FOCUS export\" (Preview): no SkuMeter; ChargeDescription is the SKU's",
        provider: None,
        if_amortized: false,
        needs: &["ChargeDescription", "SkuId", "x_Project"],
        // Without a meter, the SKU ID is used, which has no meaning for readers.
        hit: || {
            blank("SkuMeter")
                .or(col("SkuMeter").eq(col(raw("SkuId"))))
                .and(col(raw("ChargeDescription")).is_not_null())
        },
        change: || vec![("SkuMeter", col(raw("ChargeDescription")))],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_fit_into_the_mask_and_have_names_of_their_own() {
        let mut ids: Vec<&str> = RULES.iter().map(|r| r.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert!(ids.len() == RULES.len() && RULES.len() <= 32);
    }

    #[test]
    fn one_rule_only_reports() {
        let reports: Vec<&str> = RULES.iter().filter(|r| r.only_reports()).map(|r| r.id).collect();
        assert_eq!(reports, [UNCLEAR_PURCHASE]);
    }
}
