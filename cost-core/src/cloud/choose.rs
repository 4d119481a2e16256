//! The cloud of a provider: a new room is a line here.

use super::aws::Aws;
use super::azure::Azure;
use super::google::Google;
use super::naming::Cloud;
use super::play::Play;
use super::provider::Provider;
use super::unknown::Unknown;

/// What is known of a provider's naming.
#[must_use]
pub fn cloud(of: Provider) -> &'static dyn Cloud {
    match of {
        Provider::Aws => &Aws,
        Provider::Azure => &Azure,
        Provider::Google => &Google,
        Provider::Oracle => &Unknown(Provider::Oracle),
        Provider::Other => &Unknown(Provider::Other),
    }
}

/// What is known to do about anomalies, of all clouds: the first that fits a cause counts.
pub fn plays() -> impl Iterator<Item = &'static Play> {
    Provider::ALL.into_iter().flat_map(|of| cloud(of).plays())
}
