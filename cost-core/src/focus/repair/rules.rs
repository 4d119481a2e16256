//! The rules: a new one is an entry here.

use polars::prelude::*;

use super::{Rule, raw};
use crate::focus::kernels;

fn is(column: &str, value: &str) -> Expr {
    col(column).eq(lit(value.to_owned()))
}
/// `ProviderName` of Azure's exports.
const MICROSOFT: &str = "Microsoft";

fn zero() -> Expr {
    lit(0).cast(kernels::decimal_type())
}
fn no_amount() -> Expr {
    lit(NULL).cast(kernels::decimal_type())
}
/// Blank text is null only later.
fn blank(column: &str) -> Expr {
    col(column).is_null().or(is(column, "")).or(is(column, "NULL"))
}
/// Usage that somebody used and that cost something.
fn paid_usage() -> Expr {
    is("ChargeCategory", "Usage")
        .and(col("EffectiveCost").gt(zero()))
        .and(col("CommitmentDiscountStatus").is_null().or(is("CommitmentDiscountStatus", "Unused").not()))
}
fn purchase_of_commitment() -> Expr {
    is("ChargeCategory", "Purchase").and(blank("CommitmentDiscountId").not())
}

const TOOLKIT: &str = "microsoft/finops-toolkit, docs-mslearn/focus/conformance-summary.md, 2026-04";

/// All rules, in order. At most 32: each is a bit of a 32-bit mask.
pub const RULES: &[Rule] = &[
    Rule {
        id: "list-cost-zero",
        what: "ListCost is 0 though the usage cost something: the list price is unknown, not zero",
        source: "microsoft/finops-toolkit, conformance-summary.md (\"ListCost isn't supported and is 0\"), issues 1424, 1835",
        provider: None,
        needs: &[],
        hit: || paid_usage().and(col("ListCost").eq(zero())),
        change: || vec![("ListCost", no_amount())],
    },
    Rule {
        id: "contracted-cost-zero",
        what: "ContractedCost is 0 though the usage cost something: the contracted price is unknown, not zero",
        source: "microsoft/finops-toolkit, conformance-summary.md, issues 874, 1424",
        provider: None,
        needs: &[],
        hit: || paid_usage().and(col("ContractedCost").eq(zero())),
        change: || vec![("ContractedCost", no_amount())],
    },
    Rule {
        id: "commitment-purchase-effective-cost",
        what: "a commitment's purchase has an EffectiveCost beside the usage it pays for: it counts once, with the usage",
        source: "microsoft/finops-toolkit, issue 1092; FOCUS 1.2, EffectiveCost: 0 for purchases that cover future usage",
        provider: Some(MICROSOFT),
        needs: &[],
        hit: || purchase_of_commitment().and(col("EffectiveCost").neq(zero())),
        change: || vec![("EffectiveCost", zero())],
    },
    Rule {
        id: "committed-pricing-category",
        what: "usage that a commitment paid for is priced as Standard: it is Committed",
        source: "microsoft/finops-toolkit, issue 836",
        provider: Some(MICROSOFT),
        needs: &[],
        hit: || {
            let standard = blank("PricingCategory").or(is("PricingCategory", "Standard"));
            let used = is("CommitmentDiscountStatus", "Used").and(blank("CommitmentDiscountId").not());
            is("ChargeCategory", "Usage").and(used).and(standard)
        },
        change: || vec![("PricingCategory", lit("Committed"))],
    },
    Rule {
        id: "account-placeholder",
        what: "the account is a placeholder (-2, Unassigned): there is none",
        source: TOOLKIT,
        provider: Some(MICROSOFT),
        needs: &[],
        hit: || {
            let placeholders = ["-2", "Unassigned", "unassigned", "/subscriptions/unassigned", "/subscriptions/-2"];
            let each = placeholders.into_iter().map(|p| is("SubAccountId", p));
            each.reduce(Expr::or).unwrap_or_else(|| lit(false))
        },
        change: || vec![("SubAccountId", lit(NULL).cast(DataType::String))],
    },
    Rule {
        id: "commitment-as-resource",
        what: "a commitment's purchase has no ResourceId: it is the commitment's",
        source: TOOLKIT,
        provider: Some(MICROSOFT),
        needs: &[],
        hit: || purchase_of_commitment().and(blank("ResourceId")),
        change: || vec![("ResourceId", col("CommitmentDiscountId"))],
    },
    Rule {
        id: "service-of-publisher",
        what: "ServiceName is blank for what others sell: it is the publisher's name",
        source: "microsoft/finops-toolkit, issue 1569 and Costs_transform_v1_2",
        provider: Some(MICROSOFT),
        needs: &["PublisherName"],
        hit: || {
            let publisher = col(raw("PublisherName"));
            let microsoft =
                publisher.clone().eq(lit("Microsoft")).or(publisher.clone().eq(lit("Microsoft Corporation")));
            blank("ServiceName").and(publisher.is_not_null()).and(microsoft.not())
        },
        change: || vec![("ServiceName", col(raw("PublisherName")))],
    },
    Rule {
        id: "service-of-meter",
        what: "ServiceName is blank: it is the meter's subcategory",
        source: "microsoft/finops-toolkit, Costs_transform_v1_2",
        provider: Some(MICROSOFT),
        needs: &["x_SkuMeterSubcategory"],
        hit: || blank("ServiceName").and(col(raw("x_SkuMeterSubcategory")).is_not_null()),
        change: || vec![("ServiceName", col(raw("x_SkuMeterSubcategory")))],
    },
    Rule {
        id: "meter-of-description",
        what: "SkuMeter is not there: the description of the SKU is",
        source: "Google Cloud, \"Structure of the FOCUS export\" (Preview): no SkuMeter; ChargeDescription is the SKU's",
        provider: None,
        needs: &["ChargeDescription", "SkuId", "x_Project"],
        // Without a meter its place is taken by the SKU's id, which tells people nothing.
        hit: || {
            blank("SkuMeter").or(col("SkuMeter").eq(col(raw("SkuId")))).and(col(raw("ChargeDescription")).is_not_null())
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
}
