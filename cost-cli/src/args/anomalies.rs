//! Arguments of `cost anomalies`, and of what is decided on an alert.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use cost_core::money::Currency;

use super::bill::{ConfigArgs, ReadArgs, currency};
use super::shown::ShowArgs;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct AnomaliesArgs {
    #[command(subcommand)]
    pub(crate) decide: Option<Decide>,
    /// An estate, or a bare bill: a file (CSV or Parquet), a folder of them, or a quoted glob
    #[arg(env = "COST_ESTATE", required = true)]
    pub(crate) estate: Option<String>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Least excess over expectation, percent [default: the configuration's, or 25]
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub(crate) threshold: Option<u32>,
    /// Least excess a day, such as 10 or 10USD [default: the configuration's, or 10 of the bill's
    /// currency]
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub(crate) min_impact: Option<Floor>,
    /// Look for drops too
    #[arg(long)]
    pub(crate) drops: bool,
    /// Replay the days from FROM to TO: what would have been raised on them, with nothing known
    /// after each
    #[arg(long, value_name = "FROM..TO", value_parser = day_range, conflicts_with = "month")]
    pub(crate) backtest: Option<(NaiveDate, NaiveDate)>,
    /// Propose thresholds: those that would have found the most excess cost with at most N
    /// anomalies a month, over the backtest's days or the last half year
    #[arg(long, value_name = "N", conflicts_with_all = ["month", "fail"])]
    pub(crate) tune: Option<u32>,
    /// As a scheduled job: raise each anomaly once, remember it in this file, and notify the
    /// configuration's channels
    #[arg(long, value_name = "FILE", env = "COST_STATE", conflicts_with_all = ["month", "backtest", "tune"])]
    pub(crate) state: Option<PathBuf>,
    /// Days that a scheduled job looks back for anomalies it has not raised yet
    #[arg(long, value_name = "DAYS", default_value = "7", requires = "state")]
    pub(crate) lookback: u64,
    /// Exit with code 3 if there is an anomaly; with --state, if there is a new one
    #[arg(long)]
    pub(crate) fail: bool,
    /// Rows of the table
    #[arg(long, value_name = "N", default_value = "40")]
    pub(crate) top: NonZeroUsize,
}

/// What a person decides on an alert.
#[derive(Debug, Subcommand)]
pub(crate) enum Decide {
    /// Somebody works on it: no more notices but that it ended
    Ack(DecideArgs),
    /// Not now: no notices until a day
    Snooze(SnoozeArgs),
    /// Done: no more notices at all
    Resolve(DecideArgs),
}

#[derive(Debug, Args)]
pub(crate) struct DecideArgs {
    /// Id of the alert (an-…)
    pub(crate) id: String,
    /// The scheduled job's file
    #[arg(long, value_name = "FILE", env = "COST_STATE")]
    pub(crate) state: PathBuf,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct SnoozeArgs {
    #[command(flatten)]
    pub(crate) what: DecideArgs,
    /// The day from which on to tell of it again, if it still goes on
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: NaiveDate,
}

/// `25` or `25%`.
fn percent(text: &str) -> Result<u32, String> {
    let digits = text.strip_suffix('%').unwrap_or(text).trim();
    digits.parse().map_err(|_| "write a whole number of percent, such as 25 or 25%".to_owned())
}

/// An amount of a currency; none is the bill's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Floor {
    pub(crate) amount: u32,
    pub(crate) currency: Option<Currency>,
}

/// `10`, `10USD` or `10 USD`.
fn amount(text: &str) -> Result<Floor, String> {
    let wrong =
        || "write a whole amount such as 10, or with the bill's currency, such as 10USD".to_owned();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let code = text[digits.len()..].trim();
    let currency = (!code.is_empty()).then(|| currency(code)).transpose().map_err(|_| wrong())?;
    Ok(Floor { amount: digits.trim().parse().map_err(|_| wrong())?, currency })
}

/// `2026-01-01..2026-03-31`, both days included, as a half-open range.
fn day_range(text: &str) -> Result<(NaiveDate, NaiveDate), String> {
    let wrong = || "write two days, such as 2026-01-01..2026-03-31".to_owned();
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    let (from, to): (NaiveDate, NaiveDate) =
        (from.parse().map_err(|_| wrong())?, to.parse().map_err(|_| wrong())?);
    let until = to.succ_opt().ok_or_else(wrong)?;
    if from <= to {
        Ok((from, until))
    } else {
        Err(format!("{to} is before {from}; swap the days"))
    }
}
