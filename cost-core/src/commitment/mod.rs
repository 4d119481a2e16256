//! Commitments: their cost, utilization, coverage, and savings according to the bill, and what the
//! provider itself reports.
//!
//! ```
//! use cost_core::prelude::*;
//!
//! let session = Session::builder().for_commitments().open(&cost_core::example::bill()?)?;
//! let report: CommitmentsReport = session.commitments(&CommitmentOptions::default())?;
//! // The instance runs on demand: a commitment could pay for all of it, but none does.
//! assert_eq!(report.total.effective.to_string(), "138.30 USD");
//! assert!(report.owned.is_empty());
//! # Ok::<(), Error>(())
//! ```

pub mod advise;
pub mod buy;
mod charges;
mod drawdown;
mod have;
pub mod hours;
mod offers;
mod online;
mod reported;
pub mod simulate;

use rust_decimal::Decimal;

pub use charges::Charge;
pub(crate) use charges::{SCAN, charges};
pub(crate) use drawdown::drawdown;
pub use drawdown::{Drawdown, SpendTarget};
pub(crate) use have::have;
pub use have::{CommitmentsReport, Coverage, CoverageBy, Owned};
pub use offers::{OFFERS, Offer, OfferRow, Offers, Payment, Product, Term, UpTo};
pub use reported::{COMMITMENTS, CommitmentMonth, CommitmentRow, from_frame};

/// Returns a part of a total as a percentage with two decimals, or `None` if the total is zero or
/// unknown.
fn percent(part: Option<Decimal>, whole: Option<Decimal>) -> Option<Decimal> {
    Some((part?.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole?)?).round_dp(2))
}
