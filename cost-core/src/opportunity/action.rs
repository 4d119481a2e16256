//! Kind and variant of a change to a resource.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Kind of change. The order is the order of the plan: a removed resource needs no schedule or
/// smaller size, and commitments or spot capacity apply to the remaining usage.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Action {
    /// The resource is deleted or released.
    Remove,
    /// The resource is off when it is not used.
    Schedule,
    /// The resource is changed to a cheaper type, size or class.
    Modify,
    /// A commitment is bought for its usage.
    Commit,
    /// It runs on spot capacity.
    Spot,
    /// Its cost is assigned to an owner. No savings of its own.
    Allocate,
}

impl Action {
    /// Returns the name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Remove => "remove",
            Self::Schedule => "schedule",
            Self::Modify => "modify",
            Self::Commit => "commit",
            Self::Spot => "spot",
            Self::Allocate => "allocate",
        }
    }
}

/// Current and proposed state, for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Change {
    /// Property that changes: `instance type`, `volume type`, …
    pub what: String,
    /// Current value.
    pub from: String,
    /// Proposed value.
    pub to: String,
    /// 99th percentile of the hourly CPU maxima after the change, percent; `None` if unknown or
    /// unrelated to CPU.
    #[serde(default)]
    pub predicted_cpu_p99_pct: Option<Decimal>,
    /// Share of the observed hours whose CPU maximum would have been above 70 %, percent.
    #[serde(default)]
    pub hours_above_70_pct: Option<Decimal>,
    /// Whether it needs a restart.
    pub restart: bool,
    /// Whether software must be available for another processor architecture.
    pub architecture_change: bool,
}

/// Variant: one of several ways to make the same change to the same resource.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Variant {
    /// Smallest change, largest headroom.
    Safe,
    /// Between safe and bold.
    Balanced,
    /// Largest savings.
    Bold,
}

impl Variant {
    /// Returns the name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Balanced => "balanced",
            Self::Bold => "bold",
        }
    }
}
