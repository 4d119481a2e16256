//! Reliability risks of AWS resources: one file per kind of resource. Shared code: `found`, `size`.

mod found;
mod function;
mod instance;
mod service;
mod size;
mod storage;
mod table;
mod volume;

use crate::checks::shared::risk_rule::RiskRule;

/// The rules of AWS.
pub(in crate::checks) static RISKS: &[RiskRule] = &[
    instance::risks,
    size::databases,
    size::caches,
    size::domains,
    storage::risks,
    volume::risks,
    table::risks,
    service::risks,
    function::risks,
];
