//! What is known of Google Cloud: when its months are final.

use super::naming::Cloud;
use super::provider::Provider;

/// Google Cloud.
#[derive(Debug)]
pub(super) struct Google;

impl Cloud for Google {
    fn provider(&self) -> Provider {
        Provider::Google
    }

    /// Invoices are "generally available by the fifth business day" (Google Cloud, "Understand your
    /// invoice"), the seventh at the latest if the month starts with a weekend.
    fn final_after_days(&self) -> Option<u64> {
        Some(7)
    }
}
