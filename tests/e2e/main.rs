//! End to end: the real binary on real, made and broken bills.

mod anomalies;
mod broken;
mod exact;
mod fuzz;
mod golden;
mod jobs;
mod planted;
mod properties;
mod schema;
mod support;
mod types;
mod validate;
mod views;
