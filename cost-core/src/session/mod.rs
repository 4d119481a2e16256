//! [`Session`]: a bill, and what is known besides, ready to be asked: the entry for programs that
//! embed the library.
//!
//! In: line items ([`FocusFrame`](crate::focus::FocusFrame)) and an
//! [`Estate`](crate::estate::Estate), by way of a [`SessionBuilder`]. Out: reports. The line items
//! are scanned once, when the session is opened. Sections that reports have in common are made at
//! their first use, once. Each call of `commitments` reads line items again by the hour; without
//! [`SessionBuilder::for_commitments`] its first call scans them all once more.

mod asked;
mod builder;
mod explain;
mod reports;
mod results;

pub use asked::Session;
pub use builder::SessionBuilder;
pub use explain::{ANOMALY_ID, Explained};
