//! Savings tracking: a recommendation is found, accepted or dismissed, implemented, and compared
//! with the bill afterwards.
//!
//! No I/O: time is an argument, and the program reads, locks, and writes the file.
//!
//! ```
//! use cost_core::file::StateFile;
//! use cost_core::lifecycle::{Decision, Verdict};
//! use cost_core::prelude::*;
//!
//! let session = Session::open(&cost_core::example::bill()?)?;
//! let savings = session.savings()?;
//! let (month, as_of) = (savings.header.month, savings.header.estate.as_of);
//! let mut ledger = SavingsLedger::default();
//! assert!(ledger.update(month, as_of, &[savings.for_ledger()]));
//!
//! let id = &savings.plan.steps[0].opportunity;
//! let on = "2026-09-30".parse().expect("a day");
//! let at = "2026-09-30T12:00:00Z".parse().expect("an instant");
//! let verdict = Verdict::Done { on, replaced_by: Vec::new() };
//! ledger.decide(id, Some(Decision { verdict, at, note: None })).expect("it was found");
//!
//! // The bill ends on the day it was done: what it saved is not known yet.
//! let report: RealizedReport = session.verify(&ledger)?;
//! assert_eq!((report.steps.len(), report.total.steps), (1, 0));
//! assert_eq!(SavingsLedger::parse(&ledger.to_text().expect("JSON")).expect("a ledger"), ledger);
//! # Ok::<(), Error>(())
//! ```

mod dates;
mod ledger;
mod realized;
mod spent;

pub use dates::WrongDate;
pub use ledger::{Decision, Found, NoSuchRecommendation, Place, SavingsLedger, Tracked, Verdict};
pub(crate) use realized::verify;
pub use realized::{
    EstimateComparison, Outcome, RealizedReport, RealizedStep, RealizedTotal, Undone,
};
