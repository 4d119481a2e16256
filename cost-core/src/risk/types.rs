//! [`ReliabilityRisk`], and its cheapest fix.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money, MoneyError};
use crate::opportunity::{Change, Evidence, Scope};
use crate::runbook::Runbook;
use crate::slice::Slice;

/// What a resource has too little of.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RiskKind {
    /// CPU.
    Cpu,
    /// Memory.
    Memory,
    /// CPU credits of a burstable machine.
    CpuCredits,
    /// Storage, which will be full soon.
    Storage,
    /// Operations per second of a volume.
    Operations,
    /// Throughput of a volume.
    Throughput,
    /// Provisioned capacity of a table.
    Capacity,
}

impl RiskKind {
    /// Returns the label for reports.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::Memory => "memory",
            Self::CpuCredits => "CPU credits",
            Self::Storage => "storage",
            Self::Operations => "IOPS",
            Self::Throughput => "throughput",
            Self::Capacity => "capacity",
        }
    }

    /// Returns the slices of a resource's cost that pay for what it has too little of. A change of
    /// these slices must wait for the fix.
    #[must_use]
    pub(crate) fn slices(self) -> &'static [Slice] {
        match self {
            Self::Cpu | Self::Memory | Self::CpuCredits => &[Slice::Compute, Slice::Covered],
            Self::Storage => &[Slice::Storage],
            Self::Operations | Self::Throughput => &[Slice::Storage, Slice::Performance],
            Self::Capacity => &[Slice::Performance],
        }
    }
}

/// Additional cost of a fix per month of 730 hours. Negative if the fix also costs less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FixCost {
    /// Low estimate.
    pub low: Money,
    /// Expected additional cost.
    pub expected: Money,
    /// High estimate.
    pub high: Money,
    /// Whether a price was estimated from other regions, because the price list does not have it.
    pub estimated: bool,
    /// How it was computed, and from which prices.
    pub basis: String,
}

/// The cheapest change that fits the measured load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fix {
    /// The change, in one line.
    pub title: String,
    /// Current and proposed state; `None` if no fitting target is known.
    pub change: Option<Change>,
    /// Additional cost per month of 730 h; `None` if a price is unknown.
    pub cost: Option<FixCost>,
    /// Why the cost or the target is unknown; `None` if both are known.
    pub unknown: Option<String>,
    /// What to know before the change.
    pub caveats: Vec<String>,
    /// Rollback, step by step.
    pub rollback: Vec<String>,
    /// Commands to apply and to roll back.
    pub runbook: Runbook,
}

/// Reliability risk: a resource, or a group of them, that is too small for its measured load. Not
/// part of any savings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ReliabilityRisk {
    /// Stable ID (`rk-…`): a hash of kind, account, region, and subject.
    pub id: String,
    /// What is too small.
    pub kind: RiskKind,
    /// The risk, in one line.
    pub title: String,
    /// Resource, or the group that the resources are members of.
    pub subject: String,
    /// Resources: the subject, or the members of the group that exceed the threshold.
    pub resource_ids: Vec<String>,
    /// Account, service, region, and owner.
    pub scope: Scope,
    /// Measured value with unit.
    pub measured: String,
    /// Threshold that it exceeds, with unit.
    pub threshold: String,
    /// Period of the measurements.
    pub period: String,
    /// Evidence.
    pub evidence: Vec<Evidence>,
    /// The cheapest fix.
    pub fix: Fix,
}

impl ReliabilityRisk {
    /// Returns the risk with its amounts converted by `convert`.
    ///
    /// # Errors
    /// [`MoneyError`].
    pub(crate) fn converted(
        mut self,
        into: Currency,
        convert: &impl Fn(Money) -> Result<Money, MoneyError>,
    ) -> Result<Self, MoneyError> {
        if let Some(cost) = &mut self.fix.cost
            && cost.expected.currency() != into
        {
            cost.low = convert(cost.low)?;
            cost.expected = convert(cost.expected)?;
            cost.high = convert(cost.high)?;
        }
        Ok(self)
    }
}
