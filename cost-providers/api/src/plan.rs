//! Requests of a pull: planned paid requests, and requests sent.

use chrono::NaiveDate;

use crate::Capability;

/// Planned paid request; further requests follow if the answer has more than one page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlannedRequest {
    /// Capability that the request is for.
    pub capability: Capability,
    /// Service and operation, as access policies of the provider name them: `ce:GetCostAndUsage`.
    pub operation: &'static str,
    /// Requested data.
    pub what: String,
    /// First day requested.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
    /// Price of one page, hundredths of a USD.
    pub cents: u32,
}

impl PlannedRequest {
    /// Returns a planned request for the days from `from` to before `until`, at `cents` hundredths
    /// of a USD per page. `operation` is named as in access policies: `ce:GetCostAndUsage`.
    #[must_use]
    pub fn new(
        capability: Capability,
        operation: &'static str,
        what: impl Into<String>,
        (from, until): (NaiveDate, NaiveDate),
        cents: u32,
    ) -> Self {
        Self { capability, operation, what: what.into(), from, until, cents }
    }
}

/// The paid requests of a pull, in order. Free requests are not included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestPlan(pub Vec<PlannedRequest>);

impl RequestPlan {
    /// Lowest price of the requests, in hundredths of a USD. Each further page costs the same
    /// again.
    #[must_use]
    pub fn cents(&self) -> u32 {
        self.0.iter().map(|p| p.cents).fold(0, u32::saturating_add)
    }
}

/// Requests of one operation that were sent, including retries, which are also charged.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestsMade {
    /// Service and operation, as access policies of the provider name them.
    pub operation: &'static str,
    /// Number of requests.
    pub count: u64,
    /// Price of each, hundredths of a USD; zero if free.
    pub cents: u32,
}

impl RequestsMade {
    /// Returns an operation without requests so far, at `cents` hundredths of a USD each.
    #[must_use]
    pub fn none(operation: &'static str, cents: u32) -> Self {
        Self { operation, count: 0, cents }
    }
}
