//! [`UpcomingRule`]: the type of the rules for costs to come.

use crate::check::{CheckError, CheckOutput, Context};
use crate::upcoming::UpcomingCost;

/// Finds the costs to come of one kind. What cannot be evaluated is a skip.
pub(in crate::checks) type UpcomingRule =
    fn(&Context<'_>, &mut CheckOutput) -> Result<Vec<UpcomingCost>, CheckError>;
