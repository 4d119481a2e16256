//! Alerts of scheduled jobs: their state and pending notices. Each anomaly is raised once, updated
//! while it lasts, and closed when it ends.
//!
//! No I/O: time is an argument, and the program reads, locks, and writes the file.

mod ledger;
mod notice;

pub use ledger::{Alert, Changes, Decision, Ledger, NoSuchAlert, Status, Verdict, report_due};
pub use notice::{ChannelRule, Event, Notice};
