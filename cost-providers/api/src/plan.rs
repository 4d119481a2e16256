//! Requests of a pull: those that cost money, before any is made, and those that were made.

use chrono::NaiveDate;

/// A paid request that a pull will make, with further pages if the answer has more than one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedRequest {
    /// Service and operation, as the provider's access rules name them: `ce:GetCostAndUsage`.
    pub operation: &'static str,
    /// What is asked for.
    pub what: String,
    /// First day asked for.
    pub from: NaiveDate,
    /// The day after the last.
    pub until: NaiveDate,
    /// Price of one page, hundredths of a USD.
    pub cents: u32,
}

/// The paid requests of a pull, in order. What costs nothing is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestPlan(pub Vec<PlannedRequest>);

impl RequestPlan {
    /// Cost of the requests at least, hundredths of a USD: each further page costs the same again.
    #[must_use]
    pub fn cents(&self) -> u32 {
        self.0.iter().map(|p| p.cents).fold(0, u32::saturating_add)
    }
}

/// Requests of one operation that were made, retries included: what is paid for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestsMade {
    /// Service and operation, as the provider's access rules name them.
    pub operation: &'static str,
    /// How many.
    pub count: u64,
    /// Price of each, hundredths of a USD; zero for what is free.
    pub cents: u32,
}
