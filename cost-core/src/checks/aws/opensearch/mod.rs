//! Checks for `OpenSearch` Service.

pub(in crate::checks) mod idle_search_domain;

use crate::check::Check;

/// The checks of this folder. A new check needs a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&idle_search_domain::CHECK];
