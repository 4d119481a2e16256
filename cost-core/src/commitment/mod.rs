//! Commitments: what is committed to, how well it is used, and what it saves, by the bill; and what the provider itself reports.

pub mod buy;
mod charges;
mod coverable;
mod drawdown;
mod have;
mod reported;
pub mod simulate;

pub use charges::{Charge, charges};
pub use coverable::{Coverable, family};
pub use drawdown::{Drawdown, SpendTarget, drawdown};
pub use have::{CommitmentsReport, Coverage, CoverageBy, Owned, have};
pub use reported::{COLUMNS, CommitmentMonth, column_type, from_frame};
