//! What is done to a resource, and in which way.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is done to the resource. The order is the order of the joint plan: what goes away need not
/// be switched off at night or made smaller, and commitments are bought for what remains, or spot
/// capacity is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Action {
    /// The resource is deleted or released.
    Remove,
    /// The resource is off at times when nobody uses it.
    Schedule,
    /// The resource is changed to a cheaper type, size or class.
    Modify,
    /// A commitment is bought for its usage.
    Commit,
    /// It runs on spot capacity.
    Spot,
    /// Its costs are given an owner; saves nothing itself.
    Allocate,
}

impl Action {
    /// The word.
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

/// What is there now and what there would be, for programs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Change {
    /// What is changed: `instance type`, `volume type`, …
    pub what: String,
    /// What it is.
    pub from: String,
    /// What it would be.
    pub to: String,
    /// 99th percentile of the hourly CPU maxima after the change, percent; `None` if it is not
    /// known or not about CPU.
    #[serde(default)]
    pub predicted_cpu_p99_pct: Option<Decimal>,
    /// Share of the hours seen whose CPU maximum would have been above 70 %, percent.
    #[serde(default)]
    pub hours_above_70_pct: Option<Decimal>,
    /// Whether it needs a restart.
    pub restart: bool,
    /// Whether software has to be there for another processor architecture.
    pub architecture_change: bool,
}

/// One of several ways to do the same thing to the same resource.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Variant {
    /// Least change, most room.
    Safe,
    /// In between.
    Balanced,
    /// Most saving.
    Bold,
}

impl Variant {
    /// The word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Balanced => "balanced",
            Self::Bold => "bold",
        }
    }
}
