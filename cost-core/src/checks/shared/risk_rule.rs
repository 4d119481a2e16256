//! [`RiskRule`]: the type of the rules for reliability risks.

use crate::check::{CheckError, CheckOutput, Context};
use crate::risk::ReliabilityRisk;

/// Finds the reliability risks of one kind of resource. What cannot be evaluated is a skip.
pub(in crate::checks) type RiskRule =
    fn(&Context<'_>, &mut CheckOutput) -> Result<Vec<ReliabilityRisk>, CheckError>;
