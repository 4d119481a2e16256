//! The columns of the FOCUS Cost and Usage dataset, versions 1.0 to 1.4, and what the specification says of each.
//!
//! Sources, read 2026-11: FinOps-Open-Cost-and-Usage-Spec/FOCUS_Spec, `specification/columns/*.md` at tags v1.0, v1.1
//! and v1.2; `specification/datasets/cost_and_usage/dataset.md` and `columns/*.md` beside it for 1.3 and 1.4;
//! `ERRATA.md`. Where the table "Content Constraints" and a sentence with MUST differ, the sentence counts, as the
//! errata say. 1.4 drops `ProviderName` and `PublisherName`, adds `CommitmentProgramEligibilityDetails` and
//! `InvoiceDetailId`, and makes `InvoiceId` conditional; no closed list changed between 1.2 and 1.4.
//!
//! Reading accepts more names than the specification has ([`lookup`]); the specification's own are [`lookup_exact`].

mod names;
mod table;

use serde::{Deserialize, Serialize};

pub use names::{Match, is_heir, lookup, lookup_exact, lookup_ranked, lookup_spelled};
pub use table::COLUMNS;

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
    /// 1.4, 2026: `ProviderName` and `PublisherName` are gone.
    #[serde(rename = "1.4")]
    V1_4,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Self; 5] = [Self::V1_0, Self::V1_1, Self::V1_2, Self::V1_3, Self::V1_4];

    /// The number as the specification writes it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_0 => "1.0",
            Self::V1_1 => "1.1",
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
            Self::V1_4 => "1.4",
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
    /// FOCUS column id.
    pub name: &'static str,
    /// First version that has it.
    pub since: Version,
    /// First version that no longer has it, and the column that took its place; `None` if every later version has it.
    pub removed: Option<(Version, &'static str)>,
    /// Feature level in the first version that has it; [`ColumnSpec::level_in`] for another.
    pub level: Level,
    /// The level from a later version on.
    pub changed: Option<(Version, Level)>,
    /// Whether nulls are allowed at all.
    pub nullable: bool,
    /// Data type.
    pub kind: Kind,
    /// Whether the values of a [`Kind::KeyValue`] may be objects and arrays themselves (attribute "JSON object format",
    /// 1.3).
    pub nested: bool,
    /// Closed list of values; empty if open.
    pub allowed: &'static [&'static str],
    /// Other headers it may come under when a bill is read: earlier and later names, and those of vendors.
    pub aliases: &'static [&'static str],
}

impl ColumnSpec {
    /// Whether a version has the column.
    #[must_use]
    pub fn is_in(&self, version: Version) -> bool {
        self.since <= version && self.removed.is_none_or(|(gone, _)| version < gone)
    }

    /// Feature level in a version.
    #[must_use]
    pub fn level_in(&self, version: Version) -> Level {
        self.changed.filter(|(from, _)| *from <= version).map_or(self.level, |(_, level)| level)
    }
}

/// The version a set of headers was written for: the newest that any of them was introduced in, or a later one that
/// removed columns if what took their place is there and none of them is.
///
/// Only FOCUS names count, however they are spelled; vendors' columns and earlier names do not.
#[must_use]
pub fn detect_version<'a>(headers: impl IntoIterator<Item = &'a str>) -> Version {
    let met: Vec<&ColumnSpec> = headers.into_iter().filter_map(lookup_spelled).collect();
    let has = |name: &str| met.iter().any(|c| c.name == name);
    let newest = met.iter().map(|c| c.since).max().unwrap_or(Version::V1_0);
    let left_behind = |gone: Version| met.iter().any(|c| c.removed.is_some_and(|(at, _)| at == gone));
    let removals = COLUMNS.iter().filter_map(|c| c.removed);
    removals.filter(|(gone, heir)| has(heir) && !left_behind(*gone)).map(|(gone, _)| gone).fold(newest, Version::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_shows_in_its_headers() {
        let cases: [(&[&str], Version); 12] = [
            (&["BilledCost"], Version::V1_0),
            (&["BilledCost", "x_UsageType"], Version::V1_0),
            (&["BilledCost", "Provider", "UsageQuantity"], Version::V1_0),
            (&["BilledCost", "ServiceSubcategory"], Version::V1_1),
            (&["BilledCost", "SkuMeter"], Version::V1_1),
            (&["billed_cost", "sku_meter"], Version::V1_1),
            (&["ProviderName", "SubAccountType"], Version::V1_2),
            (&["ProviderName", "PublisherName", "ServiceProviderName"], Version::V1_3),
            (&["PublisherName", "ServiceProviderName", "HostProviderName"], Version::V1_3),
            (&["ProviderName", "AllocatedTags"], Version::V1_3),
            (&["ServiceProviderName", "BilledCost"], Version::V1_4),
            (&["ProviderName", "ServiceProviderName", "InvoiceDetailId"], Version::V1_4),
        ];
        for (headers, version) in cases {
            assert_eq!(detect_version(headers.iter().copied()), version, "{headers:?}");
        }
    }

    /// Numbers of columns: `specification/columns` at v1.0, v1.1, v1.2, and the table of `dataset.md` of 1.3 and 1.4.
    #[test]
    fn every_version_has_its_number_of_columns() {
        let columns = |version| COLUMNS.iter().filter(|c| c.is_in(version)).count();
        assert_eq!(Version::ALL.map(columns), [43, 50, 57, 65, 65]);
    }

    #[test]
    fn columns_change_with_the_version() {
        let level = |name: &str, version| lookup_exact(name).expect("a column").level_in(version);
        assert_eq!(level("InvoiceId", Version::V1_3), Level::Recommended);
        assert_eq!(level("InvoiceId", Version::V1_4), Level::Conditional);
        assert_eq!(level("ProviderName", Version::V1_2), Level::Mandatory);
        assert_eq!(level("ProviderName", Version::V1_3), Level::Recommended);
        let gone: Vec<&str> = COLUMNS.iter().filter(|c| !c.is_in(Version::V1_4)).map(|c| c.name).collect();
        assert_eq!(gone, ["ProviderName", "PublisherName"]);
    }
}
