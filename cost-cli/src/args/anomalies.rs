//! Arguments of `cost anomalies` and of its subcommands for decisions on alerts.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use cost_core::anomaly::MOST_RELATIVE_PCT;
use cost_core::money::Currency;

use super::bill::{ConfigArgs, ReadArgs, currency, location};
use super::shown::ShowArgs;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct AnomaliesArgs {
    #[command(subcommand)]
    pub(crate) decide: Option<Decide>,
    /// Estate folder, or a bill: a file (CSV or Parquet), a folder of files, a quoted glob, or `-`
    /// for stdin
    #[arg(env = "COST_ESTATE", required = true, value_parser = location)]
    pub(crate) estate: Option<String>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Minimum excess over expected cost, in percent [default: from the configuration, else 25]
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) threshold: Option<u32>,
    /// Minimum excess per day, such as 10 or 10USD [default: from the configuration, else 10 in the
    /// bill's currency]
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub(crate) min_impact: Option<Floor>,
    /// Also report drops: days that cost less than expected
    #[arg(long)]
    pub(crate) drops: bool,
    /// Show the anomalies that would have been raised from FROM to TO, each day with the data
    /// available on that day only
    #[arg(long, value_name = "FROM..TO", value_parser = day_range, conflicts_with = "month")]
    pub(crate) backtest: Option<(NaiveDate, NaiveDate)>,
    /// Propose thresholds that find the most excess cost with at most N anomalies per month, tested
    /// on the days of --backtest or on the last half year
    #[arg(long, value_name = "N", conflicts_with_all = ["month", "fail"])]
    pub(crate) tune: Option<u32>,
    /// Run as a scheduled job: raise each anomaly once, store alerts in this file, and notify the
    /// channels of the configuration
    #[arg(long, value_name = "FILE", env = "COST_STATE", conflicts_with_all = ["month", "backtest", "tune"])]
    pub(crate) state: Option<PathBuf>,
    /// Days that a scheduled job looks back for anomalies that it has not raised yet
    #[arg(long, value_name = "DAYS", default_value = "7", requires = "state")]
    pub(crate) lookback: NonZeroU64,
    /// Exit with code 3 if there is an anomaly; with --state, only if there is a new one. A failure,
    /// such as a notice that was not delivered, is exit code 1 also then
    #[arg(long)]
    pub(crate) fail: bool,
    /// Maximum rows per table
    #[arg(long, value_name = "N", default_value = "40")]
    pub(crate) top: NonZeroUsize,
}

impl AnomaliesArgs {
    /// Returns whether the format cannot show the report of a scheduled job: its notices would be
    /// sent, and then the run would fail.
    pub(crate) fn is_job_without_report(&self) -> bool {
        self.state.is_some() && self.show.shown.format == "svg"
    }
}

/// Decisions on an alert.
#[derive(Debug, Subcommand)]
pub(crate) enum Decide {
    /// Acknowledge an alert: someone is working on it; the only further notice is that it ended
    Ack(DecideArgs),
    /// Snooze an alert: no notices until a date
    Snooze(SnoozeArgs),
    /// Resolve an alert: no more notices
    Resolve(DecideArgs),
    /// Send refused notices again with the next run
    Retry(NoticesArgs),
    /// Remove undelivered notices: refused ones, and those that wait for their channel
    Drop(NoticesArgs),
}

#[derive(Debug, Args)]
pub(crate) struct NoticesArgs {
    /// Notices to select: ID of an alert (an-…) or of a notice, or name of a channel
    #[arg(required_unless_present = "all")]
    pub(crate) which: Option<String>,
    /// Select all notices
    #[arg(long, conflicts_with = "which")]
    pub(crate) all: bool,
    /// File of the scheduled job
    #[arg(long, value_name = "FILE", env = "COST_STATE")]
    pub(crate) state: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct DecideArgs {
    /// ID of the alert (an-…)
    pub(crate) id: String,
    /// File of the scheduled job
    #[arg(long, value_name = "FILE", env = "COST_STATE")]
    pub(crate) state: PathBuf,
    /// Note to store with the decision
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SnoozeArgs {
    #[command(flatten)]
    pub(crate) what: DecideArgs,
    /// Date from which notices are sent again, if the anomaly is still ongoing
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: NaiveDate,
}

/// Parses `25` or `25%`.
fn percent(text: &str) -> Result<u32, String> {
    let digits = text.strip_suffix('%').unwrap_or(text).trim();
    let percent = digits.parse().ok().filter(|percent| *percent <= MOST_RELATIVE_PCT);
    percent.ok_or_else(|| {
        format!("enter a whole percentage of at most {MOST_RELATIVE_PCT}, such as 25 or 25%")
    })
}

/// An amount, in the bill's currency if no currency is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Floor {
    pub(crate) amount: u32,
    pub(crate) currency: Option<Currency>,
}

/// Parses `10`, `10USD`, or `10 USD`.
fn amount(text: &str) -> Result<Floor, String> {
    let wrong =
        || "enter a whole amount such as 10, or with the bill's currency, such as 10USD".to_owned();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let code = text[digits.len()..].trim();
    let currency = (!code.is_empty()).then(|| currency(code)).transpose().map_err(|_| wrong())?;
    Ok(Floor { amount: digits.trim().parse().map_err(|_| wrong())?, currency })
}

/// Parses `2026-01-01..2026-03-31`, both days included. Returns a half-open range.
fn day_range(text: &str) -> Result<(NaiveDate, NaiveDate), String> {
    let wrong = || "enter two dates, such as 2026-01-01..2026-03-31".to_owned();
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    let (from, to): (NaiveDate, NaiveDate) =
        (from.parse().map_err(|_| wrong())?, to.parse().map_err(|_| wrong())?);
    let until = to.succ_opt().ok_or_else(wrong)?;
    if from <= to {
        Ok((from, until))
    } else {
        Err(format!("{to} is before {from}; swap the dates"))
    }
}
