//! The checks: one file each, and the registry.

mod gp2_volume;
mod idle_address;
mod previous_generation_instance;
mod registry;
mod unattached_volume;
mod uncovered_steady_usage;

pub use registry::registry;

use crate::check::ResourceUse;
use crate::opportunity::Scope;

/// Where a resource's usage is.
fn scope_of(used: &ResourceUse) -> Scope {
    Scope {
        sub_account_id: used.sub_account_id.clone(),
        service_name: used.service_name.clone(),
        region_id: Some(used.region_id.clone()),
    }
}

fn lines(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|t| (*t).to_owned()).collect()
}
