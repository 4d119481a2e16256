//! The cloud of a provider: a new room is a line here.

use super::aws::Aws;
use super::azure::Azure;
use super::google::Google;
use super::naming::Cloud;
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
