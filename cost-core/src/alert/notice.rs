//! What is to be told to whom.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::anomaly::Severity;

/// What happened to an alert.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It was raised.
    Raised,
    /// Its severity rose.
    Worsened,
    /// It was snoozed, the time is over, and it still goes on.
    Reminded,
    /// It ended, or turned out to be none.
    Closed,
}

impl Event {
    /// As in JSON and for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Worsened => "worsened",
            Self::Reminded => "reminded",
            Self::Closed => "closed",
        }
    }
}

/// A channel, as far as the ledger knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRule {
    /// Its name.
    pub name: String,
    /// It is told of alerts at least this severe.
    pub min_severity: Severity,
}

/// Something that a channel is still to be told. It stays until it has been delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// The same each time it is tried, and no other has it: receivers tell repeats by it.
    pub id: String,
    /// What happened.
    pub event: Event,
    /// Name of the channel.
    pub channel: String,
    /// The day whose data it came from.
    pub day: NaiveDate,
    /// How often it was tried in vain.
    pub attempts: u32,
    /// What went wrong the last time.
    pub last_error: Option<String>,
}
