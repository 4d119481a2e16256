//! The columns of the FOCUS Cost and Usage dataset, versions 1.0 to 1.3, and what the specification says of each.
//!
//! Source: FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec, `specification/columns/*.md` at tags v1.0, v1.1, v1.2, and
//! `specification/datasets/cost_and_usage/columns/*.md` for 1.3 ("Content Constraints"). Read 2026-11.

use serde::{Deserialize, Serialize};

/// A version of the FOCUS specification, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Version {
    /// 1.0, June 2024.
    #[serde(rename = "1.0")]
    V1_0,
    /// 1.1, November 2024.
    #[serde(rename = "1.1")]
    V1_1,
    /// 1.2, May 2025.
    #[serde(rename = "1.2")]
    V1_2,
    /// 1.3, December 2025: `ProviderName` becomes `ServiceProviderName`, `PublisherName` is deprecated.
    #[serde(rename = "1.3")]
    V1_3,
}

impl Version {
    /// The number as the specification writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
        }
    }
}

/// How strongly the specification asks for a column ("Feature level").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Must be present.
    Mandatory,
    /// Must be present when the provider supports the feature; its absence alone proves nothing.
    Conditional,
    /// Should be present.
    Recommended,
}

/// The data type the specification asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Free or coded text.
    Text,
    /// A decimal number.
    Decimal,
    /// A UTC instant, ISO 8601.
    DateTime,
    /// A JSON object of keys and values.
    KeyValue,
    /// A three-letter ISO 4217 code.
    Currency,
}

/// What the specification says of one column.
#[derive(Clone, Copy, Debug)]
pub struct ColumnSpec {
    /// FOCUS column id, in its 1.2 name.
    pub name: &'static str,
    /// First version that has it.
    pub since: Version,
    /// Feature level.
    pub level: Level,
    /// Whether nulls are allowed at all.
    pub nullable: bool,
    /// Data type.
    pub kind: Kind,
    /// Closed list of values; empty if open.
    pub allowed: &'static [&'static str],
    /// Other headers it may come under: later or earlier names of the same column.
    pub aliases: &'static [&'static str],
}

use Kind::{Currency, DateTime, Decimal, KeyValue, Text};
use Level::{Conditional, Mandatory, Recommended};
use Version::{V1_0, V1_1, V1_2, V1_3};

const fn column(name: &'static str, since: Version, level: Level, nullable: bool, kind: Kind) -> ColumnSpec {
    ColumnSpec { name, since, level, nullable, kind, allowed: &[], aliases: &[] }
}

impl ColumnSpec {
    const fn one_of(self, allowed: &'static [&'static str]) -> Self {
        Self { allowed, ..self }
    }
    const fn also(self, aliases: &'static [&'static str]) -> Self {
        Self { aliases, ..self }
    }
}

const SERVICE_CATEGORIES: &[&str] = &[
    "AI and Machine Learning",
    "Analytics",
    "Business Applications",
    "Compute",
    "Databases",
    "Developer Tools",
    "Multicloud",
    "Identity",
    "Integration",
    "Internet of Things",
    "Management and Governance",
    "Media",
    "Migration",
    "Mobile",
    "Networking",
    "Security",
    "Storage",
    "Web",
    "Other",
];

/// Every column of the dataset, by name.
pub const COLUMNS: &[ColumnSpec] = &[
    column("AvailabilityZone", V1_0, Recommended, true, Text),
    column("BilledCost", V1_0, Mandatory, false, Decimal),
    column("BillingAccountId", V1_0, Mandatory, false, Text),
    column("BillingAccountName", V1_0, Mandatory, true, Text),
    column("BillingAccountType", V1_2, Conditional, false, Text),
    column("BillingCurrency", V1_0, Mandatory, false, Currency),
    column("BillingPeriodEnd", V1_0, Mandatory, false, DateTime),
    column("BillingPeriodStart", V1_0, Mandatory, false, DateTime),
    column("CapacityReservationId", V1_1, Conditional, true, Text),
    column("CapacityReservationStatus", V1_1, Conditional, true, Text).one_of(&["Used", "Unused"]),
    column("ChargeCategory", V1_0, Mandatory, false, Text).one_of(&[
        "Usage",
        "Purchase",
        "Tax",
        "Credit",
        "Adjustment",
    ]),
    column("ChargeClass", V1_0, Mandatory, true, Text).one_of(&["Correction"]),
    column("ChargeDescription", V1_0, Mandatory, true, Text),
    column("ChargeFrequency", V1_0, Recommended, false, Text).one_of(&["One-Time", "Recurring", "Usage-Based"]),
    column("ChargePeriodEnd", V1_0, Mandatory, false, DateTime),
    column("ChargePeriodStart", V1_0, Mandatory, false, DateTime),
    column("CommitmentDiscountCategory", V1_0, Conditional, true, Text).one_of(&["Spend", "Usage"]),
    column("CommitmentDiscountId", V1_0, Conditional, true, Text),
    column("CommitmentDiscountName", V1_0, Conditional, true, Text),
    column("CommitmentDiscountQuantity", V1_1, Conditional, true, Decimal),
    column("CommitmentDiscountStatus", V1_0, Conditional, true, Text).one_of(&["Used", "Unused"]),
    column("CommitmentDiscountType", V1_0, Conditional, true, Text),
    column("CommitmentDiscountUnit", V1_1, Conditional, true, Text),
    column("ConsumedQuantity", V1_0, Conditional, true, Decimal),
    column("ConsumedUnit", V1_0, Conditional, true, Text),
    column("ContractedCost", V1_0, Mandatory, false, Decimal),
    column("ContractedUnitPrice", V1_0, Conditional, true, Decimal),
    column("EffectiveCost", V1_0, Mandatory, false, Decimal),
    column("HostProviderName", V1_3, Conditional, true, Text),
    column("InvoiceId", V1_2, Recommended, true, Text),
    column("InvoiceIssuerName", V1_0, Mandatory, false, Text),
    column("ListCost", V1_0, Mandatory, false, Decimal),
    column("ListUnitPrice", V1_0, Conditional, true, Decimal),
    column("PricingCategory", V1_0, Conditional, true, Text).one_of(&["Standard", "Dynamic", "Committed", "Other"]),
    column("PricingCurrency", V1_2, Conditional, true, Text),
    column("PricingCurrencyContractedUnitPrice", V1_2, Conditional, true, Decimal),
    column("PricingCurrencyEffectiveCost", V1_2, Conditional, true, Decimal),
    column("PricingCurrencyListUnitPrice", V1_2, Conditional, true, Decimal),
    column("PricingQuantity", V1_0, Mandatory, true, Decimal),
    column("PricingUnit", V1_0, Mandatory, true, Text),
    // Renamed in 1.3; the old name stays valid, deprecated.
    column("ProviderName", V1_0, Mandatory, false, Text).also(&["ServiceProviderName"]),
    column("PublisherName", V1_0, Mandatory, false, Text),
    column("RegionId", V1_0, Conditional, true, Text),
    column("RegionName", V1_0, Conditional, true, Text),
    column("ResourceId", V1_0, Conditional, true, Text),
    column("ResourceName", V1_0, Conditional, true, Text),
    column("ResourceType", V1_0, Conditional, true, Text),
    column("ServiceCategory", V1_0, Mandatory, false, Text).one_of(SERVICE_CATEGORIES),
    column("ServiceName", V1_0, Mandatory, false, Text),
    column("ServiceSubcategory", V1_1, Recommended, false, Text),
    column("SkuId", V1_0, Conditional, true, Text),
    // AWS and Azure exports of 1.0 carry the meter under their own names.
    column("SkuMeter", V1_1, Conditional, true, Text).also(&["x_UsageType", "x_SkuMeterName"]),
    column("SkuPriceDetails", V1_1, Conditional, true, KeyValue),
    column("SkuPriceId", V1_0, Conditional, true, Text),
    column("SubAccountId", V1_0, Conditional, true, Text),
    column("SubAccountName", V1_0, Conditional, true, Text),
    column("SubAccountType", V1_2, Conditional, true, Text),
    column("Tags", V1_0, Conditional, true, KeyValue),
];

/// The column known under `header`, by its name or an alias; headers are compared exactly, then without case.
#[must_use]
pub fn lookup(header: &str) -> Option<&'static ColumnSpec> {
    let named = |c: &&ColumnSpec| c.name == header || c.aliases.contains(&header);
    let folded = |c: &&ColumnSpec| {
        c.name.eq_ignore_ascii_case(header) || c.aliases.iter().any(|a| a.eq_ignore_ascii_case(header))
    };
    COLUMNS.iter().find(named).or_else(|| COLUMNS.iter().find(folded))
}

/// The version a set of headers was written for: the newest that any of them was introduced in.
#[must_use]
pub fn detect_version<'a>(headers: impl IntoIterator<Item = &'a str>) -> Version {
    headers.into_iter().fold(V1_0, |found, header| {
        let since = match header {
            "ServiceProviderName" | "HostProviderName" => V1_3,
            // Vendor columns, not FOCUS ones: they say nothing of the version.
            "x_UsageType" | "x_SkuMeterName" => V1_0,
            _ => lookup(header).map_or(V1_0, |c| c.since),
        };
        found.max(since)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_unique() {
        assert!(COLUMNS.windows(2).all(|w| w[0].name < w[1].name));
    }

    #[test]
    fn renamed_columns_are_found() {
        assert_eq!(lookup("ServiceProviderName").unwrap().name, "ProviderName");
        assert_eq!(lookup("billedcost").unwrap().name, "BilledCost");
        assert!(lookup("x_Discounts").is_none());
        assert_eq!(detect_version(["BilledCost", "SkuMeter"]), V1_1);
        assert_eq!(detect_version(["BilledCost", "ServiceProviderName"]), V1_3);
        assert_eq!(detect_version(["BilledCost", "x_UsageType"]), V1_0);
    }
}
