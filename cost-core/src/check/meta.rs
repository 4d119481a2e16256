//! What is known of a check without running it.

use schemars::JsonSchema;
use serde::Serialize;

use crate::cloud::Provider;

/// What kind of waste a check looks for: the chapters of the catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
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
pub enum Input {
    /// What exists.
    Inventory,
    /// How busy it is.
    Utilization,
}

/// A number that decides, and can be configured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
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

/// What is known of a check without running it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
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
