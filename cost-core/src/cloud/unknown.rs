//! Clouds of which no naming is known: every answer is [`Cloud`]'s own.

use super::naming::Cloud;
use super::provider::Provider;

/// A cloud without a room of its own.
#[derive(Debug)]
pub(super) struct Unknown(pub(super) Provider);

impl Cloud for Unknown {
    fn provider(&self) -> Provider {
        self.0
    }
}
