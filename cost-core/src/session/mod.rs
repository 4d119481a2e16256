//! [`Session`]: a bill and the other data of the estate, ready for reports. It is the entry point
//! for programs that embed the library.
//!
//! Input: line items ([`FocusFrame`](crate::focus::FocusFrame)) and an
//! [`Estate`](crate::estate::Estate), through a [`SessionBuilder`]. Output: reports. The line items
//! are scanned once, when the session is opened. Sections that several reports use are computed
//! once, when first needed. Each call of `commitments` reads line items again by hour; without
//! [`SessionBuilder::for_commitments`], its first call scans all of them once more.

mod asked;
mod builder;
mod explain;
mod reports;
mod results;

pub use asked::Session;
pub use builder::SessionBuilder;
pub use explain::{ANOMALY_ID, Explained, RISK_ID};

#[cfg(test)]
mod report_date_tests;
