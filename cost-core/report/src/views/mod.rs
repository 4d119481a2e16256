//! Views: each makes documents of one result. A new report is one file here.

mod commitments;
mod page;
mod purchase_advice;
mod savings_tracking;

pub use commitments::Commitments;
pub use savings_tracking::SavingsTracking;
