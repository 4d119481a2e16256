//! Unknown clouds, with the default answers of [`Cloud`].

use super::naming::Cloud;
use super::provider::Provider;

/// Cloud without a module of its own.
#[derive(Debug)]
pub(super) struct Unknown(pub(super) Provider);

impl Cloud for Unknown {
    fn provider(&self) -> Provider {
        self.0
    }
}
