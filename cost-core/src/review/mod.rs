//! [`Review`], the monthly review, in sections: spend, savings, anomalies. A
//! [`Session`](crate::session::Session) computes each section once, and only the sections that a
//! report shows.
//!
//! Billed amounts cover the billing period that starts in the month, as on the invoice. Effective
//! amounts cover the days of the month (`ChargePeriodStart`).

mod anomalies;
mod assemble;
mod bridge;
mod commitments;
mod completeness;
mod cost_drivers;
mod drivers;
mod events;
mod exchange;
mod groups;
mod header;
mod notes;
mod options;
mod projection;
mod quality;
mod risks;
mod savings;
mod span;
mod spend;
mod story;
mod subject;
mod totals;
mod trust;
mod types;

pub(crate) use anomalies::{in_days, in_month, in_previous_month, report as anomaly_report};
pub(crate) use assemble::{Parts, assemble};
pub use commitments::CommitmentOptions;
pub(crate) use commitments::commitments;
pub(crate) use completeness::last_days;
pub(crate) use groups::account_names;
pub(crate) use header::header;
pub(crate) use notes::{QualitySection, quality_section};
pub use options::{ReviewError, ReviewOptions};
pub(crate) use savings::{SavingsSection, front, report as savings_report, savings};
pub(crate) use spend::{SpendSection, spend};
pub(crate) use subject::Subject;
pub use totals::invoices;
pub use types::*;

pub use crate::header::{EstateSummary, Header, SCHEMA_VERSION};
