//! The ledger of alerts: what was raised, what became of it, and who is still to be told. It makes
//! a scheduled job raise each anomaly once, update it while it lasts, and close it when it ends.
//!
//! Pure: time is an argument, and reading, locking and writing the file are the program's.

mod ledger;
mod notice;

pub use ledger::{Alert, Changes, Decision, Ledger, NoSuchAlert, Status, Verdict, report_due};
pub use notice::{ChannelRule, Event, Notice};
