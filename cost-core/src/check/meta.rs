//! Metadata of a check.

use schemars::JsonSchema;
use serde::Serialize;

use crate::cloud::Provider;

/// Kind of waste that a check looks for. The check catalog has one chapter per group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Group {
    /// Idle resources.
    Idle,
    /// Resources that are larger than their usage needs.
    OverProvisioned,
    /// Resources for which a newer type does the same for less.
    #[serde(rename = "modernisation")]
    Modernization,
    /// Data in a more expensive storage class, or stored longer, than needed.
    Storage,
    /// Data on an expensive network path.
    Network,
    /// Resources that run when they are not needed, or that could run on spot capacity.
    SpotAndSchedule,
    /// Usage that is paid for without a commitment.
    Commitment,
    /// Cost without an owner.
    Allocation,
}

impl Group {
    /// Returns the label for reports.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Idle => "Unattached and idle",
            Self::OverProvisioned => "Over-provisioned",
            Self::Modernization => "Modernization",
            Self::Storage => "Storage classes and lifecycle",
            Self::Network => "Network",
            Self::SpotAndSchedule => "Spot and schedules",
            Self::Commitment => "Commitments",
            Self::Allocation => "Tagging and allocation",
        }
    }
}

/// Data that a check needs besides the bill. Without it, the check is skipped with a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Input {
    /// Inventory.
    Inventory,
    /// Utilization.
    Utilization,
}

impl Input {
    /// Returns the label for reports.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Inventory => "inventory",
            Self::Utilization => "utilization",
        }
    }
}

/// Threshold of a check, which can be configured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Threshold {
    /// Name in the configuration.
    pub key: &'static str,
    /// Default value.
    pub value: f64,
    /// Unit of the value.
    pub unit: &'static str,
    /// Metric and statistic that are compared with it.
    pub metric: &'static str,
    /// Time window of the metric.
    pub window: &'static str,
    /// Source of the value.
    pub source: &'static str,
}

/// Declaration of a threshold for a custom check.
///
/// ```
/// use cost_core::check::Threshold;
///
/// const MOST: Threshold = Threshold::new("monthly_cost", 40.0, "USD")
///     .with_metric("EffectiveCost", "the month under review")
///     .with_source("our platform team's budget");
/// assert_eq!((MOST.value, MOST.unit), (40.0, "USD"));
/// ```
impl Threshold {
    /// Creates a threshold with its name in the configuration, default value, and unit. Metric,
    /// window, and source are empty.
    #[must_use]
    pub const fn new(key: &'static str, value: f64, unit: &'static str) -> Self {
        Self { key, value, unit, metric: "", window: "", source: "" }
    }

    /// Sets the metric and statistic that are compared with the value, and the time window.
    #[must_use]
    pub const fn with_metric(mut self, metric: &'static str, window: &'static str) -> Self {
        self.metric = metric;
        self.window = window;
        self
    }

    /// Source of the value.
    #[must_use]
    pub const fn with_source(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }
}

/// Metadata of a check.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct CheckMeta {
    /// Stable ID, named after the waste: `unattached_volume`.
    pub id: &'static str,
    /// Provider whose usage it covers; `None` if it uses only FOCUS columns and applies to every
    /// bill.
    #[serde(skip)]
    pub provider: Option<Provider>,
    /// Service that it covers, in one word, such as `ec2`, which is also its folder; `any` for no
    /// specific service.
    #[serde(skip)]
    pub service: &'static str,
    /// Title: what it finds.
    pub title: &'static str,
    /// Kind of waste.
    pub group: Group,
    /// Version of the library that introduced it.
    pub since: &'static str,
    /// Data that it needs besides the bill.
    pub needs: &'static [Input],
    /// Permissions for collecting its data, in the provider's own names.
    pub permissions: &'static [&'static str],
    /// FOCUS columns that it needs besides the mandatory ones.
    pub columns: &'static [&'static str],
    /// Number of complete calendar months of bills that it needs.
    pub history_months: u32,
    /// Thresholds.
    pub thresholds: &'static [Threshold],
    /// Documentation in Markdown: findings, computation of savings, trade-offs, sources.
    pub docs: &'static str,
}

/// Metadata of a custom check. New versions may add fields; fields that are not set have defaults.
///
/// ```
/// use cost_core::check::{CheckMeta, Group, Input};
/// use cost_core::prelude::*;
///
/// static META: CheckMeta = CheckMeta::new("idle_build_agent", "Idle build agents", Group::Idle)
///     .with_cloud(Provider::Aws, "ec2")
///     .with_needs(&[Input::Inventory])
///     .with_columns(&["ResourceId"]);
/// assert_eq!((META.service, META.history_months), ("ec2", 1));
/// ```
impl CheckMeta {
    /// Creates metadata with ID, title, and kind of waste.
    ///
    /// It applies to every bill and needs one complete month of it. It has no thresholds, needs no
    /// other data, and its `since` and documentation are empty.
    #[must_use]
    pub const fn new(id: &'static str, title: &'static str, group: Group) -> Self {
        Self {
            id,
            provider: None,
            service: "any",
            title,
            group,
            since: "",
            needs: &[],
            permissions: &[],
            columns: &[],
            history_months: 1,
            thresholds: &[],
            docs: "",
        }
    }

    /// Restricts the check to usage of this provider. `service` is the service it covers, such as
    /// `ec2`.
    #[must_use]
    pub const fn with_cloud(mut self, provider: Provider, service: &'static str) -> Self {
        self.provider = Some(provider);
        self.service = service;
        self
    }

    /// Sets the first version that had it.
    #[must_use]
    pub const fn with_since(mut self, version: &'static str) -> Self {
        self.since = version;
        self
    }

    /// Sets the data that it needs besides the bill. Without it, the check is skipped.
    #[must_use]
    pub const fn with_needs(mut self, needs: &'static [Input]) -> Self {
        self.needs = needs;
        self
    }

    /// Sets the permissions for collecting its data, in the provider's own names.
    #[must_use]
    pub const fn with_permissions(mut self, permissions: &'static [&'static str]) -> Self {
        self.permissions = permissions;
        self
    }

    /// Sets the FOCUS columns that it needs besides the mandatory ones. Without values in them, the
    /// check is skipped.
    #[must_use]
    pub const fn with_columns(mut self, columns: &'static [&'static str]) -> Self {
        self.columns = columns;
        self
    }

    /// Sets the number of complete calendar months of bills that it needs.
    #[must_use]
    pub const fn with_history_months(mut self, months: u32) -> Self {
        self.history_months = months;
        self
    }

    /// Sets the thresholds, each of which can be configured.
    #[must_use]
    pub const fn with_thresholds(mut self, thresholds: &'static [Threshold]) -> Self {
        self.thresholds = thresholds;
        self
    }

    /// Sets the documentation in Markdown: findings, computation of savings, trade-offs, sources.
    #[must_use]
    pub const fn with_docs(mut self, docs: &'static str) -> Self {
        self.docs = docs;
        self
    }
}
