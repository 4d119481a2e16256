//! Exact cloud cost analysis on FOCUS bills.
//!
//! A [`Session`] opens a bill and reports spend, cost drivers, anomalies, and savings.
//!
//! ```
//! use cost_core::prelude::*;
//!
//! let session = Session::open(&cost_core::example::bill()?)?;
//! let review = session.review()?;
//! assert_eq!(review.totals.effective.this_month.to_string(), "1,247.70 USD");
//! for opportunity in &review.opportunities {
//!     println!("{} a month: {}", opportunity.savings.expected, opportunity.title);
//! }
//! # Ok::<(), Error>(())
//! ```
//!
//! Line items are read as a [`focus::FocusFrame`], from any frame with FOCUS columns or from a
//! provider of `cost-providers`. They are rolled up once ([`rollup`]), and every analysis uses the
//! roll-up. A custom check implements [`check::Check`]. The core is synchronous and has no I/O of
//! its own: it reads no clock and no network, and the same input gives the same bytes.
//!
//! | for | modules |
//! | --- | --- |
//! | opening a bill and asking | [`session`], [`prelude`], [`error`], [`example`] |
//! | reading reports | [`review`], [`anomaly`], [`opportunity`], [`tradeoff`], [`plan`], [`risk`], [`commitment`], [`money`], [`month`] |
//! | keeping decisions and alerts between runs | [`lifecycle`], [`alert`], [`mod@file`] |
//! | checks of your own | [`check`], [`cloud`], [`price`], [`rightsizing`], [`mod@slice`] |
//! | bills, estates and providers of your own | [`focus`], [`estate`], [`table`], [`inventory`], [`usage`], [`recommendation`], [`resource_cost`], [`exchange`], [`shield`], [`call_limits`] |
//! | questions and formats of your own | [`rollup`], [`text`] |

pub mod alert;
pub mod anomaly;
pub mod call_limits;
pub mod check;
pub mod cloud;
pub mod commitment;
pub mod error;
pub mod estate;
pub mod example;
pub mod exchange;
pub mod file;
pub mod focus;
pub mod inventory;
pub mod lifecycle;
pub mod money;
pub mod month;
pub mod opportunity;
pub mod plan;
pub mod prelude;
pub mod price;
pub mod recommendation;
pub mod reconcile;
pub mod resource_cost;
pub mod review;
pub mod rightsizing;
pub mod risk;
pub mod rollup;
pub mod session;
pub mod shield;
pub mod slice;
pub mod table;
pub mod text;
pub mod tradeoff;
pub mod upcoming;
pub mod usage;

mod assumptions;
mod cells;
mod checks;
mod header;
mod ids;
mod runbook;
mod schedule;
mod shell;

pub use error::{Error, ErrorKind};
pub use session::{Session, SessionBuilder};

/// Program and version, which every JSON output contains.
pub const GENERATOR: &str = concat!("cost ", env!("CARGO_PKG_VERSION"));
