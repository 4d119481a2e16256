//! What is known of Azure's naming: regions.

use super::id::is_region_id;
use super::naming::Cloud;
use super::provider::Provider;

/// Microsoft Azure.
#[derive(Debug)]
pub(super) struct Azure;

impl Cloud for Azure {
    fn provider(&self) -> Provider {
        Provider::Azure
    }

    /// "Up to the fifth day after a closed month" (Microsoft Learn, Cost Management + Billing FAQ).
    fn final_after_days(&self) -> Option<u64> {
        Some(5)
    }

    /// The name without blanks (Microsoft Learn, "Azure regions").
    fn region_id(&self, name: &str) -> Option<String> {
        Some(name.replace(' ', "")).filter(|id| is_region_id(id))
    }
}
