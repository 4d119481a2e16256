//! Checks for Savings Plans and Reserved Instances that are owned.

mod ending_commitment;
mod owned;
mod unused_commitment;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] =
    &[&ending_commitment::EndingCommitment, &unused_commitment::UnusedCommitment];
