//! Column requirements of the specification.

use serde::{Deserialize, Serialize};

/// Version of the FOCUS specification, oldest first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[non_exhaustive]
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
    /// 1.3, December 2025: `ProviderName` becomes `ServiceProviderName`, `PublisherName` is
    /// deprecated.
    #[serde(rename = "1.3")]
    V1_3,
    /// 1.4, 2026: `ProviderName` and `PublisherName` are removed.
    #[serde(rename = "1.4")]
    V1_4,
}

impl Version {
    /// All versions, oldest first.
    pub const ALL: [Self; 5] = [Self::V1_0, Self::V1_1, Self::V1_2, Self::V1_3, Self::V1_4];

    /// Returns the version number as the specification writes it.
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

/// Feature level of a column in the specification ("Feature level").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Must be present.
    Mandatory,
    /// Must be present if the provider supports the feature. Its absence alone is not a violation.
    Conditional,
    /// Should be present.
    Recommended,
}

/// Data type of a column in the specification.
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

/// Requirements of the specification for one column.
#[derive(Clone, Copy, Debug)]
pub struct ColumnSpec {
    /// FOCUS column ID.
    pub name: &'static str,
    /// First version that has it.
    pub since: Version,
    /// First version that removed it, and the column that replaced it; `None` if every later
    /// version has it.
    pub removed: Option<(Version, &'static str)>,
    /// Feature level in the first version that has it; [`ColumnSpec::level_in`] for another.
    pub level: Level,
    /// Feature level from a later version on.
    pub changed: Option<(Version, Level)>,
    /// Whether nulls are allowed in any case.
    pub nullable: bool,
    /// Data type.
    pub kind: Kind,
    /// Whether values of a [`Kind::KeyValue`] can themselves be objects and arrays (attribute "JSON
    /// object format", 1.3).
    pub nested: bool,
    /// Allowed values; empty if any value is allowed.
    pub allowed: &'static [&'static str],
    /// Other headers for it in bills: earlier and later names, and those of vendors.
    pub aliases: &'static [&'static str],
}

impl ColumnSpec {
    /// Returns whether a version has the column.
    #[must_use]
    pub fn is_in(&self, version: Version) -> bool {
        self.since <= version && self.removed.is_none_or(|(gone, _)| version < gone)
    }

    /// Returns the feature level in a version.
    #[must_use]
    pub fn level_in(&self, version: Version) -> Level {
        self.changed.filter(|(from, _)| *from <= version).map_or(self.level, |(_, level)| level)
    }
}
