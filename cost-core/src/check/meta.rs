//! What is known of a check without running it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::cloud::Provider;

/// What kind of waste a check looks for: the chapters of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Group {
    /// Nothing uses it.
    Idle,
    /// It is larger than what uses it needs.
    OverProvisioned,
    /// Something newer does the same for less.
    #[serde(rename = "modernisation")]
    Modernization,
    /// It is kept in a dearer place, or longer, than it needs.
    Storage,
    /// Data takes a dear way.
    Network,
    /// It runs when nobody needs it, or could run on spare capacity.
    SpotAndSchedule,
    /// It is paid for without a commitment.
    Commitment,
    /// Nobody can be asked about it.
    Allocation,
}

impl Group {
    /// For people.
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

/// What a check needs besides the bill; without it the check is skipped, and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Input {
    /// What exists.
    Inventory,
    /// How busy it is.
    Utilization,
}

impl Input {
    /// For people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Inventory => "inventory",
            Self::Utilization => "utilization",
        }
    }
}

/// A number that decides, and can be configured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Threshold {
    /// Its name in the configuration.
    pub key: &'static str,
    /// Its value if none is configured.
    pub value: f64,
    /// Of the value.
    pub unit: &'static str,
    /// What is held against it: metric and statistic.
    pub metric: &'static str,
    /// Over what time.
    pub window: &'static str,
    /// Where the value is from.
    pub source: &'static str,
}

/// How a program declares a threshold of a check of its own.
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
    /// A threshold by its name in the configuration, with its default value and unit. Metric,
    /// window and source are empty.
    #[must_use]
    pub const fn new(key: &'static str, value: f64, unit: &'static str) -> Self {
        Self { key, value, unit, metric: "", window: "", source: "" }
    }

    /// The metric and statistic that is compared with the value, and over what time.
    #[must_use]
    pub const fn with_metric(mut self, metric: &'static str, window: &'static str) -> Self {
        self.metric = metric;
        self.window = window;
        self
    }

    /// Where the value is from.
    #[must_use]
    pub const fn with_source(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }
}

/// What is known of a check without running it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct CheckMeta {
    /// Stable id, named for the waste: `unattached_volume`.
    pub id: &'static str,
    /// The provider whose usage it looks at; `None` if it looks at columns of FOCUS alone and is
    /// for every bill.
    #[serde(skip)]
    pub provider: Option<Provider>,
    /// The service that it is about, in one word: the folder it is in, such as `ec2`; `any` if it
    /// is about none.
    #[serde(skip)]
    pub service: &'static str,
    /// What it finds, in a few words.
    pub title: &'static str,
    /// What kind of waste it is.
    pub group: Group,
    /// Version of the library that first had it.
    pub since: &'static str,
    /// What it needs besides the bill.
    pub needs: &'static [Input],
    /// Permissions the collection of its data needs, in the cloud's own names.
    pub permissions: &'static [&'static str],
    /// FOCUS columns it needs besides the mandatory ones.
    pub columns: &'static [&'static str],
    /// Complete calendar months of bills it needs.
    pub history_months: u32,
    /// The numbers that decide.
    pub thresholds: &'static [Threshold],
    /// What it finds, how the saving is computed, trade-offs, sources. Markdown.
    pub docs: &'static str,
}

/// How a program describes a check of its own. Fields may be added in new versions; what is not
/// set has a default.
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
    /// A check by its id, what it finds, and the kind of waste.
    ///
    /// It is for every bill and needs one complete month of it; it has no thresholds, needs no
    /// other input, and its `since` and docs are empty.
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

    /// Runs on usage of this provider alone; `service` is what it is about, such as `ec2`.
    #[must_use]
    pub const fn with_cloud(mut self, provider: Provider, service: &'static str) -> Self {
        self.provider = Some(provider);
        self.service = service;
        self
    }

    /// The first version that had it.
    #[must_use]
    pub const fn with_since(mut self, version: &'static str) -> Self {
        self.since = version;
        self
    }

    /// What it needs besides the bill. Without it the check is skipped.
    #[must_use]
    pub const fn with_needs(mut self, needs: &'static [Input]) -> Self {
        self.needs = needs;
        self
    }

    /// Permissions that the collection of its data needs, in the cloud's own names.
    #[must_use]
    pub const fn with_permissions(mut self, permissions: &'static [&'static str]) -> Self {
        self.permissions = permissions;
        self
    }

    /// FOCUS columns that it needs besides the mandatory ones. Without values the check is skipped.
    #[must_use]
    pub const fn with_columns(mut self, columns: &'static [&'static str]) -> Self {
        self.columns = columns;
        self
    }

    /// Complete calendar months of bills that it needs.
    #[must_use]
    pub const fn with_history_months(mut self, months: u32) -> Self {
        self.history_months = months;
        self
    }

    /// The numbers that decide, each of which can be configured.
    #[must_use]
    pub const fn with_thresholds(mut self, thresholds: &'static [Threshold]) -> Self {
        self.thresholds = thresholds;
        self
    }

    /// What it finds, how the saving is computed, trade-offs, sources: Markdown.
    #[must_use]
    pub const fn with_docs(mut self, docs: &'static str) -> Self {
        self.docs = docs;
        self
    }
}
