//! The rules that look at several columns: a new one is an entry here.
//!
//! Source: `FOCUS_Spec`, `specification/columns/<column>.md`, "Requirements", read 2026-11 at 1.2,
//! 1.3 and 1.4.

use polars::prelude::*;

use crate::focus::columns::Version::{self, V1_3};

/// A rule across columns.
pub(super) struct Rule {
    /// Its name.
    pub(super) id: &'static str,
    /// What it asks.
    pub(super) requirement: &'static str,
    /// Versions that ask it.
    pub(super) versions: Versions,
    /// Columns it looks at; it is checked in files that have them all.
    pub(super) columns: &'static [&'static str],
    /// Whether a row violates it, on the cells as [`super::cells::typed`] gives them. Null counts
    /// as no.
    pub(super) violated: fn() -> Expr,
}

/// The versions of the specification that ask something: from one on, before another.
#[derive(Clone, Copy)]
pub(super) struct Versions {
    from: Version,
    before: Option<Version>,
}

impl Versions {
    pub(super) const ALL: Self = Self::from(Version::V1_0);

    pub(super) const fn from(from: Version) -> Self {
        Self { from, before: None }
    }

    const fn before(version: Version) -> Self {
        Self { from: Version::V1_0, before: Some(version) }
    }

    pub(super) fn has(self, version: Version) -> bool {
        self.from <= version && self.before.is_none_or(|b| version < b)
    }
}

fn there(column: &str) -> Expr {
    col(column).is_not_null()
}
fn null(column: &str) -> Expr {
    col(column).is_null()
}
/// Whether a text column has a value; null has not.
pub(super) fn is(column: &str, value: &str) -> Expr {
    col(column).eq_missing(lit(value.to_owned()))
}
/// Usage or Purchase, and no correction.
fn ordinary() -> Expr {
    is("ChargeCategory", "Usage")
        .or(is("ChargeCategory", "Purchase"))
        .and(is("ChargeClass", "Correction").not())
}

/// Share of a cost by which it may differ from unit price × quantity: exports round both. Chosen
/// (ADR 0007).
const PRODUCT_TOLERANCE: f64 = 1e-4;
/// The same as an amount: half a unit of the eighth place, the coarsest rounding seen in real
/// exports. Chosen (ADR 0007).
const PRODUCT_TOLERANCE_AMOUNT: f64 = 5e-9;

fn product_differs(unit_price: &str, cost: &str) -> Expr {
    let absolute = |e: Expr| when(e.clone().lt(lit(0.0))).then(lit(0.0) - e.clone()).otherwise(e);
    let difference = absolute(col(unit_price) * col("PricingQuantity") - col(cost));
    let tolerated = absolute(col(cost)) * lit(PRODUCT_TOLERANCE) + lit(PRODUCT_TOLERANCE_AMOUNT);
    difference.gt(tolerated).and(is("ChargeClass", "Correction").not())
}

/// Null handling: "Columns MUST NOT use … placeholder values such as 0 for numeric columns … to
/// represent a null or not having a value". A price before commitments cannot be 0 where the
/// commitment itself costs something for the usage: it is unknown. A known gap of Azure's exports
/// for reservations (microsoft/finops-toolkit, FOCUS conformance summary, "Missing data").
macro_rules! placeholder {
    ($id:literal, $price:literal) => {
        Rule {
            id: $id,
            requirement: concat!(
                $price,
                " is null, not 0, if the price is unknown: usage that a commitment pays for has an EffectiveCost"
            ),
            versions: Versions::ALL,
            columns: &[$price, "EffectiveCost", "ChargeCategory", "ChargeClass", "CommitmentDiscountStatus"],
            violated: || {
                let used = is("ChargeCategory", "Usage").and(is("CommitmentDiscountStatus", "Used"));
                let paid = used
                    .and(is("ChargeClass", "Correction").not())
                    .and(col("EffectiveCost").gt(lit(PRODUCT_TOLERANCE_AMOUNT)));
                paid.and(col($price).eq(lit(0.0)))
            },
        }
    };
}

/// All rules across columns.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "charge-period-order",
        requirement: "ChargePeriodEnd is the exclusive end and is after ChargePeriodStart",
        versions: Versions::ALL,
        columns: &["ChargePeriodStart", "ChargePeriodEnd"],
        violated: || col("ChargePeriodEnd").lt_eq(col("ChargePeriodStart")),
    },
    Rule {
        id: "billing-period-order",
        requirement: "BillingPeriodEnd is the exclusive end and is after BillingPeriodStart",
        versions: Versions::ALL,
        columns: &["BillingPeriodStart", "BillingPeriodEnd"],
        violated: || col("BillingPeriodEnd").lt_eq(col("BillingPeriodStart")),
    },
    Rule {
        id: "purchase-frequency",
        requirement: "ChargeFrequency is not Usage-Based when ChargeCategory is Purchase",
        versions: Versions::ALL,
        columns: &["ChargeCategory", "ChargeFrequency"],
        violated: || is("ChargeCategory", "Purchase").and(is("ChargeFrequency", "Usage-Based")),
    },
    Rule {
        id: "pricing-category-there",
        requirement: "PricingCategory is not null for Usage and Purchase unless ChargeClass is Correction",
        versions: Versions::before(V1_3),
        columns: &["PricingCategory", "ChargeCategory", "ChargeClass"],
        violated: || ordinary().and(null("PricingCategory")),
    },
    // From 1.3 on it "MUST be null when SkuPriceId is null" too: what is asked of such a row
    // contradicts itself.
    Rule {
        id: "pricing-category-there",
        requirement: "PricingCategory is not null for Usage and Purchase with a SkuPriceId unless ChargeClass is Correction",
        versions: Versions::from(V1_3),
        columns: &["PricingCategory", "ChargeCategory", "ChargeClass", "SkuPriceId"],
        violated: || ordinary().and(there("SkuPriceId")).and(null("PricingCategory")),
    },
    Rule {
        id: "pricing-category-tax",
        requirement: "PricingCategory is null when ChargeCategory is Tax",
        versions: Versions::ALL,
        columns: &["PricingCategory", "ChargeCategory"],
        violated: || is("ChargeCategory", "Tax").and(there("PricingCategory")),
    },
    Rule {
        id: "pricing-quantity-there",
        requirement: "PricingQuantity is not null for Usage and Purchase unless ChargeClass is Correction",
        versions: Versions::before(V1_3),
        columns: &["PricingQuantity", "ChargeCategory", "ChargeClass"],
        violated: || ordinary().and(null("PricingQuantity")),
    },
    // From 1.3 on it "MUST be null when SkuPriceId is null" too: what is asked of such a row
    // contradicts itself.
    Rule {
        id: "pricing-quantity-there",
        requirement: "PricingQuantity is not null for Usage and Purchase with a SkuPriceId unless ChargeClass is Correction",
        versions: Versions::from(V1_3),
        columns: &["PricingQuantity", "ChargeCategory", "ChargeClass", "SkuPriceId"],
        violated: || ordinary().and(there("SkuPriceId")).and(null("PricingQuantity")),
    },
    Rule {
        id: "pricing-quantity-tax",
        requirement: "PricingQuantity is null when ChargeCategory is Tax",
        versions: Versions::ALL,
        columns: &["PricingQuantity", "ChargeCategory"],
        violated: || is("ChargeCategory", "Tax").and(there("PricingQuantity")),
    },
    Rule {
        id: "pricing-unit-with-quantity",
        requirement: "PricingUnit is set if and only if PricingQuantity is set",
        versions: Versions::ALL,
        columns: &["PricingUnit", "PricingQuantity"],
        violated: || null("PricingUnit").neq(null("PricingQuantity")),
    },
    Rule {
        id: "list-unit-price-sign",
        requirement: "ListUnitPrice is not negative",
        versions: Versions::ALL,
        columns: &["ListUnitPrice"],
        violated: || col("ListUnitPrice").lt(lit(0.0)),
    },
    Rule {
        id: "list-cost-product",
        requirement: "ListCost is ListUnitPrice × PricingQuantity, unless ChargeClass is Correction",
        versions: Versions::ALL,
        columns: &["ListUnitPrice", "PricingQuantity", "ListCost", "ChargeClass"],
        violated: || product_differs("ListUnitPrice", "ListCost"),
    },
    Rule {
        id: "contracted-cost-product",
        requirement: "ContractedCost is ContractedUnitPrice × PricingQuantity, unless ChargeClass is Correction",
        versions: Versions::ALL,
        columns: &["ContractedUnitPrice", "PricingQuantity", "ContractedCost", "ChargeClass"],
        violated: || product_differs("ContractedUnitPrice", "ContractedCost"),
    },
    Rule {
        id: "consumed-quantity-usage",
        requirement: "ConsumedQuantity is null unless ChargeCategory is Usage and the commitment is not Unused",
        versions: Versions::ALL,
        columns: &["ConsumedQuantity", "ChargeCategory", "CommitmentDiscountStatus"],
        violated: || {
            let unused = is("CommitmentDiscountStatus", "Unused");
            there("ConsumedQuantity").and(is("ChargeCategory", "Usage").not().or(unused))
        },
    },
    Rule {
        id: "consumed-unit-with-quantity",
        requirement: "ConsumedUnit is set if and only if ConsumedQuantity is set",
        versions: Versions::ALL,
        columns: &["ConsumedUnit", "ConsumedQuantity"],
        violated: || null("ConsumedUnit").neq(null("ConsumedQuantity")),
    },
    Rule {
        id: "commitment-status",
        requirement: "CommitmentDiscountStatus is set for Usage with a CommitmentDiscountId and null without one",
        versions: Versions::ALL,
        columns: &["CommitmentDiscountStatus", "CommitmentDiscountId", "ChargeCategory"],
        violated: || {
            let missing = there("CommitmentDiscountId")
                .and(is("ChargeCategory", "Usage"))
                .and(null("CommitmentDiscountStatus"));
            missing.or(null("CommitmentDiscountId").and(there("CommitmentDiscountStatus")))
        },
    },
    Rule {
        id: "commitment-type",
        requirement: "CommitmentDiscountType is set if and only if CommitmentDiscountId is set",
        versions: Versions::ALL,
        columns: &["CommitmentDiscountType", "CommitmentDiscountId"],
        violated: || null("CommitmentDiscountType").neq(null("CommitmentDiscountId")),
    },
    Rule {
        id: "commitment-category",
        requirement: "CommitmentDiscountCategory is set if and only if CommitmentDiscountId is set",
        versions: Versions::ALL,
        columns: &["CommitmentDiscountCategory", "CommitmentDiscountId"],
        violated: || null("CommitmentDiscountCategory").neq(null("CommitmentDiscountId")),
    },
    Rule {
        id: "commitment-name",
        requirement: "CommitmentDiscountName is null when CommitmentDiscountId is null",
        versions: Versions::ALL,
        columns: &["CommitmentDiscountName", "CommitmentDiscountId"],
        violated: || null("CommitmentDiscountId").and(there("CommitmentDiscountName")),
    },
    Rule {
        id: "credit-effective-cost",
        requirement: "EffectiveCost of a Credit equals its BilledCost",
        versions: Versions::ALL,
        columns: &["EffectiveCost", "BilledCost", "ChargeCategory"],
        violated: || {
            is("ChargeCategory", "Credit").and(col("EffectiveCost").neq(col("BilledCost")))
        },
    },
    Rule {
        id: "sub-account-name",
        requirement: "SubAccountName is set if and only if SubAccountId is set",
        versions: Versions::ALL,
        columns: &["SubAccountName", "SubAccountId"],
        violated: || null("SubAccountName").neq(null("SubAccountId")),
    },
    Rule {
        id: "sub-account-type",
        requirement: "SubAccountType is set if and only if SubAccountId is set",
        versions: Versions::ALL,
        columns: &["SubAccountType", "SubAccountId"],
        violated: || null("SubAccountType").neq(null("SubAccountId")),
    },
    Rule {
        id: "region-name",
        requirement: "RegionName is set if and only if RegionId is set",
        versions: Versions::ALL,
        columns: &["RegionName", "RegionId"],
        violated: || null("RegionName").neq(null("RegionId")),
    },
    Rule {
        id: "resource-name",
        requirement: "ResourceName is null when ResourceId is null",
        versions: Versions::ALL,
        columns: &["ResourceName", "ResourceId"],
        violated: || null("ResourceId").and(there("ResourceName")),
    },
    Rule {
        id: "resource-type",
        requirement: "ResourceType is null when ResourceId is null",
        versions: Versions::ALL,
        columns: &["ResourceType", "ResourceId"],
        violated: || null("ResourceId").and(there("ResourceType")),
    },
    // "MUST be null when a charge is not related to a … split cost allocation"; AllocatedMethodId
    // "MUST NOT be null when" it is.
    Rule {
        id: "allocated-method",
        requirement: "AllocatedMethodId is set when AllocatedResourceId is set",
        versions: Versions::ALL,
        columns: &["AllocatedMethodId", "AllocatedResourceId"],
        violated: || there("AllocatedResourceId").and(null("AllocatedMethodId")),
    },
    placeholder!("list-cost-placeholder", "ListCost"),
    placeholder!("list-unit-price-placeholder", "ListUnitPrice"),
    placeholder!("contracted-cost-placeholder", "ContractedCost"),
    placeholder!("contracted-unit-price-placeholder", "ContractedUnitPrice"),
];
