//! [`Slice`]: the part of a resource's cost that an opportunity affects.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Part of a resource's cost that an opportunity affects.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Slice {
    /// Hours of instances, nodes, and tasks, and function usage, without a commitment.
    Compute,
    /// The same usage covered by a commitment. Less of it saves only as much as other usage takes
    /// over.
    Covered,
    /// Storage.
    Storage,
    /// Provisioned operations, throughput and capacity.
    Performance,
    /// Data transfer and processing.
    Traffic,
    /// Requests.
    Requests,
    /// Addresses.
    Address,
    /// Fees per existing resource: gateways, balancers, endpoints, clusters, extended support.
    Fee,
}
