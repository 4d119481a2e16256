//! Checks of AWS: `OpenSearch` Service.

mod idle_search_domain;

use crate::check::Check;

/// Every check of this folder: a new one is a file and a line here.
pub(in crate::checks) static CHECKS: &[&dyn Check] = &[&idle_search_domain::CHECK];
