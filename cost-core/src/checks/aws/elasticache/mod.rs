//! Checks for `ElastiCache`. Shared code: `again`, `cache`, `group`,
//! `settings`.

mod again;
mod cache;
mod extended_support_cache;
mod graviton_cache;
mod group;
pub(in crate::checks) mod idle_cache;
mod oversized_cache;
mod previous_generation_cache;
mod settings;
mod valkey_cache;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &idle_cache::CHECK,
    &oversized_cache::OversizedCache,
    &previous_generation_cache::CHECK,
    &graviton_cache::CHECK,
    &valkey_cache::CHECK,
    &extended_support_cache::CHECK,
];
