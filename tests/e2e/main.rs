//! End-to-end tests: the real binary on real, generated, and broken bills.

mod anomalies;
#[cfg(target_os = "linux")]
mod at_once;
#[cfg(feature = "aws")]
mod aws;
mod bills;
mod broken;
mod buy;
mod calibration;
mod clouds;
mod commitments;
mod cur;
mod currencies;
mod embed;
mod exact;
mod first_page;
mod fuzz;
mod golden;
#[cfg(feature = "aws")]
#[expect(clippy::print_stdout, reason = "the tables print their counts")]
mod hostile;
mod hours;
mod jobs;
#[cfg(target_os = "linux")]
#[expect(clippy::print_stdout, reason = "the table prints its counts")]
mod kills;
mod lifecycle;
mod limits;
mod log;
mod lost_alerts;
#[cfg(target_os = "linux")]
mod places;
mod planted;
mod properties;
mod pulls;
mod python;
mod reconcile;
mod runbooks;
mod schema;
#[cfg(target_os = "linux")]
mod signals;
mod simulator;
mod sizing;
mod small_machine;
mod support;
mod types;
mod validate;
mod views;
mod workbook;
mod written;
