//! Checks for `OpenSearch` Service. Shared code: `node`.

mod extended_support_search_domain;
mod gp2_search_storage;
mod graviton_search_domain;
pub(in crate::checks) mod idle_search_domain;
mod node;
mod previous_generation_search_domain;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[
    &idle_search_domain::CHECK,
    &previous_generation_search_domain::CHECK,
    &graviton_search_domain::CHECK,
    &gp2_search_storage::CHECK,
    &extended_support_search_domain::CHECK,
];
