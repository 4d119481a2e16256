//! Naming rules of each cloud: usage types, identifiers, regions, commitments, and command line.
//!
//! Generic code uses a [`Cloud`], which [`cloud`] returns for the [`Provider`] of a line item. Only
//! a cloud's own module parses its usage types. Its parsers take a [`Metered`] and return nothing
//! for another provider.

pub mod aws;
mod azure;
mod choose;
mod commitment;
mod google;
mod id;
mod machine;
mod metered;
mod naming;
mod play;
mod provider;
mod region;
mod tagging;
mod unknown;

pub use choose::{cloud, plays};
pub use commitment::{Attributes, CommitmentPool, PlanKind, Service, UNKNOWN_PLATFORM};
pub use id::{account_of_id, is_region_id, last_part_of_id, resource_key, resource_part, short_id};
pub use machine::{Credits, Crossing};
pub use metered::{Metered, PricedUsage};
pub use naming::Cloud;
pub use play::Play;
pub use provider::Provider;
pub use region::region_id;
pub use tagging::{Tag, Tagging};

#[cfg(test)]
mod tests;
