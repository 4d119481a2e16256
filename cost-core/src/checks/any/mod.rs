//! Checks of every cloud's bills: they look at columns of FOCUS alone.

mod inconsistent_tag_values;
mod tagged;
mod untagged_spend;

use crate::check::Check;

/// Every check of this folder: a new one is a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] =
    &[&untagged_spend::UntaggedSpend, &inconsistent_tag_values::InconsistentTagValues];
