//! Checks for bills of all clouds. They read only FOCUS columns.

mod inconsistent_tag_values;
mod tagged;
mod untagged_spend;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] =
    &[&untagged_spend::UntaggedSpend, &inconsistent_tag_values::InconsistentTagValues];
