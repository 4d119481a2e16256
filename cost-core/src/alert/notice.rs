//! Notices to channels.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::anomaly::Severity;

/// Event of an alert.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// The alert was raised.
    Raised,
    /// Its severity rose.
    Worsened,
    /// The snooze time is over, and the anomaly is still ongoing.
    Reminded,
    /// The anomaly ended, or is no longer detected.
    Closed,
}

impl Event {
    /// Returns the name in JSON and messages.
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

/// Channel for notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelRule {
    /// Name of the channel.
    pub name: String,
    /// Lowest severity of alerts for this channel.
    pub min_severity: Severity,
}

/// Notice that a channel has not received yet. It stays until it is delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Notice {
    /// Unique ID, the same on each attempt, so that receivers can detect repeats.
    pub id: String,
    /// Event.
    pub event: Event,
    /// Name of the channel.
    pub channel: String,
    /// Day of the data that caused it.
    pub day: NaiveDate,
    /// Number of failed attempts.
    pub attempts: u32,
    /// Error of the last attempt.
    pub last_error: Option<String>,
}

/// Outcome of sending a notice, which a run records at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// ID of the notice.
    pub id: String,
    /// Why its channel refused it for good; `None` if it was delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

impl Notice {
    /// Returns whether `which` selects it: everything if it is `None`, else its ID, its channel, or
    /// its alert.
    pub(super) fn is_of(&self, alert: &str, which: Option<&str>) -> bool {
        which.is_none_or(|w| w == self.id || w == self.channel || w == alert)
    }
}
