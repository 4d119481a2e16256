//! [`Slice`]: the part of a resource's cost that an opportunity works on.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The part of a resource's cost that an opportunity works on.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Slice {
    /// Hours of instances, nodes and tasks, and what functions run, that no commitment pays for.
    Compute,
    /// The same, paid for by a commitment: less of it saves only what another usage then takes
    /// over.
    Covered,
    /// What is stored.
    Storage,
    /// Provisioned operations, throughput and capacity.
    Performance,
    /// What is moved or processed.
    Traffic,
    /// Requests.
    Requests,
    /// Addresses.
    Address,
    /// Fees for being there: of gateways, balancers, endpoints, clusters, extended support.
    Fee,
}
