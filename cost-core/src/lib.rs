//! Exact cloud cost analysis on FOCUS bills.
//!
//! Line items come in as a [`focus::FocusFrame`], are rolled up once ([`rollup`]), and every analysis works on the
//! roll-up. The core is synchronous and pure: it reads no clock and no network, and the same input gives the same bytes.

pub mod alert;
pub mod anomaly;
pub mod assumptions;
mod cells;
pub mod check;
pub mod checks;
pub mod cloud;
pub mod commitment;
pub mod count;
pub mod estate;
pub mod exchange;
pub mod file;
pub mod focus;
pub mod header;
mod ids;
pub mod inventory;
pub mod kept;
pub mod lifecycle;
pub mod money;
pub mod month;
pub mod opportunity;
pub mod plan;
pub mod price;
pub mod recommendation;
pub mod resource_cost;
pub mod review;
pub mod rightsizing;
pub mod rollup;
pub mod runbook;
pub mod schedule;
pub mod shield;
pub mod slice;
pub mod table;
pub mod tradeoff;
pub mod usage;
pub mod visible;

/// Program and version, as every JSON output names its maker.
pub const GENERATOR: &str = concat!("cost ", env!("CARGO_PKG_VERSION"));
