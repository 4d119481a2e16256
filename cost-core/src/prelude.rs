//! Common imports for programs that embed the library: `use cost_core::prelude::*;`.
//!
//! ```
//! use cost_core::prelude::*;
//!
//! let session = Session::open(&cost_core::example::bill()?)?;
//! let review: Review = session.review()?;
//! let spent: Money = review.totals.effective.this_month;
//! assert_eq!(spent.currency(), Currency::USD);
//! # Ok::<(), Error>(())
//! ```

pub use chrono::NaiveDate;
pub use rust_decimal::Decimal;

pub use crate::check::{Check, CheckMeta, CheckSet};
pub use crate::cloud::Provider;
pub use crate::commitment::CommitmentsReport;
pub use crate::error::{Error, ErrorKind};
pub use crate::estate::Estate;
pub use crate::file::StateFile;
pub use crate::focus::FocusFrame;
pub use crate::lifecycle::{RealizedReport, SavingsLedger};
pub use crate::money::{Currency, Money, Savings};
pub use crate::month::Month;
pub use crate::opportunity::Opportunity;
pub use crate::review::{AnomalyReport, CommitmentOptions, Review, ReviewOptions, SavingsReport};
pub use crate::rollup::Dimension;
pub use crate::session::{Explained, Session, SessionBuilder};
