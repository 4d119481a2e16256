//! Cloud of a provider. Add a line here for a new cloud module.

use super::aws::Aws;
use super::azure::Azure;
use super::google::Google;
use super::naming::Cloud;
use super::play::Play;
use super::provider::Provider;
use super::unknown::Unknown;

/// Returns the naming rules of a provider.
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

/// Returns the anomaly advice of all clouds. The first entry that matches a cause applies.
pub fn plays() -> impl Iterator<Item = &'static Play> {
    Provider::ALL.into_iter().flat_map(|of| cloud(of).plays())
}
