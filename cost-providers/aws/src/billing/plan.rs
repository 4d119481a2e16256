//! Paid requests of a pull, determined before the first one is sent.

use chrono::NaiveDate;
use cost_core::month::Month;
use cost_provider_api::{Capability, PlannedRequest};

use super::cache::Cache;
use crate::operation::Operation;

/// Months for which Cost Explorer has daily costs, including the current month. Source: Cost
/// Explorer API reference, `GetCostAndUsage` ("historical data up to 14 months"), read 2026-11.
pub(super) const DAILY_MONTHS: u32 = 14;

/// Questions to Cost Explorer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// Cost by month, service, and usage type: shows which services a usage type belongs to.
    Services,
    /// Cost of usage by day, account, and usage type.
    Usage,
    /// Cost by day, account, and service, for usage types that several services share.
    Shared,
    /// Cost of all other record types (fees, taxes, credits, refunds, discounts) by day, account,
    /// and record type.
    Other,
}

impl Question {
    pub(super) const ALL: [Self; 4] = [Self::Services, Self::Usage, Self::Shared, Self::Other];

    /// Name of the question and of its cache folder.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Usage => "usage",
            Self::Shared => "shared-usage-types",
            Self::Other => "other-charges",
        }
    }

    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Services => "costs by month, service and usage type",
            Self::Usage => "costs of usage by day, account and usage type",
            Self::Shared => {
                "costs by day, account and service of usage types that several services share"
            }
            Self::Other => "fees, taxes, credits and discounts by day, account and type",
        }
    }
}

/// Returns a planned request.
pub(super) fn planned(
    capability: Capability,
    operation: &Operation,
    what: String,
    days: (NaiveDate, NaiveDate),
) -> PlannedRequest {
    PlannedRequest::new(capability, operation.action, what, days, operation.cents)
}

/// Returns the months from `months - 1` before the month of `as_of`. On the first of a month, the
/// new month has no day yet.
pub(super) fn months(as_of: NaiveDate, months: u32) -> Vec<Month> {
    let first = first_month(as_of, months);
    (0..months).map(|on| first.plus(on)).collect()
}

/// The first of them.
pub(super) fn first_month(as_of: NaiveDate, months: u32) -> Month {
    Month::of(as_of.pred_opt().unwrap_or(as_of)).minus(months.saturating_sub(1))
}

/// Returns the days to request for one question: from the first out-of-date month to the day before
/// `as_of`.
pub(super) fn range(
    cache: &Cache,
    name: &str,
    all: &[Month],
    as_of: NaiveDate,
) -> Option<(NaiveDate, NaiveDate)> {
    let stale: Vec<&Month> = all.iter().filter(|m| cache.stale(name, **m, as_of)).collect();
    Some((stale.first()?.first_day(), stale.last()?.end().min(as_of)))
}

/// Returns the months that begin in a range of days.
pub(super) fn within(all: &[Month], (from, until): (NaiveDate, NaiveDate)) -> Vec<Month> {
    all.iter().copied().filter(|m| m.first_day() >= from && m.first_day() < until).collect()
}
