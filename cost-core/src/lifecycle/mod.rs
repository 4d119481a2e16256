//! The life of a recommendation: found, accepted or dismissed by a person, done, and held against
//! the bill afterwards.
//!
//! Pure: time is an argument, and reading, locking and writing the file are the program's.

mod ledger;
mod realised;
mod spent;

pub use ledger::{Decision, Found, NoSuchRecommendation, Place, SavingsLedger, Tracked, Verdict};
pub(crate) use realised::verify;
pub use realised::{Held, Outcome, Realised, RealisedReport, RealisedTotal, Undone};
