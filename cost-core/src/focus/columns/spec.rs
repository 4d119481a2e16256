//! What the specification says of a column.

use serde::{Deserialize, Serialize};

/// A version of the FOCUS specification, oldest first.
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
    /// First version that no longer has it, and the column that took its place; `None` if every
    /// later version has it.
    pub removed: Option<(Version, &'static str)>,
    /// Feature level in the first version that has it; [`ColumnSpec::level_in`] for another.
    pub level: Level,
    /// The level from a later version on.
    pub changed: Option<(Version, Level)>,
    /// Whether nulls are allowed at all.
    pub nullable: bool,
    /// Data type.
    pub kind: Kind,
    /// Whether the values of a [`Kind::KeyValue`] may be objects and arrays themselves (attribute
    /// "JSON object format", 1.3).
    pub nested: bool,
    /// Closed list of values; empty if open.
    pub allowed: &'static [&'static str],
    /// Other headers it may come under when a bill is read: earlier and later names, and those of
    /// vendors.
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
