//! Costs to come of AWS resources: the surcharge for versions whose standard support ends, and
//! upgrades that AWS makes instead. The dates and prices are in `cost-core/data/lifecycle`.

mod calendar;
mod policy;
mod rate;
mod rises;
mod starts;
mod together;
mod units;
mod version;

use crate::checks::shared::upcoming_rule::UpcomingRule;

/// The rules of AWS.
pub(in crate::checks) static UPCOMING: &[UpcomingRule] = &[starts::costs, rises::costs];
