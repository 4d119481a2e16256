//! Alerts of scheduled jobs: their state and pending notices. Each anomaly is raised once, updated
//! while it lasts, and closed when it ends.
//!
//! No I/O: time is an argument, and the program reads, locks, and writes the file.

mod bill;
mod decision;
mod ledger;
mod notice;
mod tracked;

pub use bill::OtherBill;
pub use decision::{Decision, Verdict};
pub use ledger::{Changes, Ledger, NoSuchAlert, Unreported, WrongSnooze};
pub use notice::{ChannelRule, Event, Notice, Sent};
pub use tracked::{Alert, Status, report_due};
