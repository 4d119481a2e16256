//! Bridge: the change from the previous month to this one, in parts that add up to it exactly
//! (ADR 0047).
//!
//! In:  sums of both months by SKU, and of resources that only one of them has.
//! Out: [`BridgeReport`](super::BridgeReport), and the parts of each account's service.

mod family;
mod read;
mod report;
mod sku;
#[cfg(test)]
mod tests;

pub(super) use read::{Families, FamilyParts, bridge};
pub(super) use report::report;
