//! The account of a company that was bought: waste of most kinds, and what only looks like it.
//! Prices are rounded public list prices of us-east-1; the savings follow from them and from what
//! is written here, not from the checks.

mod amounts;
mod clusters;
mod containers;
mod databases;
mod engines;
mod hosted;
mod machines;
mod managed;
mod messaging;
mod network;
mod records;
mod services;
mod storage;
mod stores;

use super::thing::Thing;

/// Everything in the account.
pub(super) fn things() -> anyhow::Result<Vec<Thing>> {
    let mut all = machines::machines()?;
    all.extend(storage::disks());
    all.extend(storage::snapshots());
    all.extend(databases::databases());
    all.extend(stores::stores());
    all.extend(records::records());
    all.extend(network::network());
    all.extend(containers::functions());
    all.extend(stores::caches());
    all.extend(containers::containers());
    all.extend(managed::managed());
    all.extend(clusters::clusters());
    all.extend(engines::engines());
    all.extend(hosted::hosted());
    all.extend(messaging::messaging());
    Ok(all)
}
