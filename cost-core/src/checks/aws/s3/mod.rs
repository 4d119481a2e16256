//! Checks for S3. Shared code: `bucket_rule`, `side_effects`.

mod archivable_bucket;
mod bucket_rule;
mod cold_bucket;
mod incomplete_uploads;
mod noncurrent_versions;
mod side_effects;
mod standard_bucket;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &cold_bucket::CHECK,
    &archivable_bucket::CHECK,
    &standard_bucket::CHECK,
    &noncurrent_versions::CHECK,
    &incomplete_uploads::CHECK,
];
