//! Exact cloud cost analysis on FOCUS bills.
//!
//! Line items come in as a [`focus::FocusFrame`], are rolled up once ([`rollup`]), and every analysis works on the
//! roll-up. The core is synchronous and pure: it reads no clock and no network, and the same input gives the same bytes.

pub mod focus;
pub mod money;
pub mod rollup;
