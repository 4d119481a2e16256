//! Checks of AWS: S3. What several share: `bucket_rule`.

mod archivable_bucket;
mod bucket_rule;
mod cold_bucket;
mod incomplete_uploads;
mod noncurrent_versions;
mod standard_bucket;

use crate::check::Check;

/// Every check of this folder: a new one is a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &cold_bucket::CHECK,
    &archivable_bucket::CHECK,
    &standard_bucket::CHECK,
    &noncurrent_versions::CHECK,
    &incomplete_uploads::CHECK,
];
