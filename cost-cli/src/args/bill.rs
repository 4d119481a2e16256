//! Arguments for the bill or estate to read, and for the report date.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use cost_core::money::{Currency, MoneyError};
use cost_core::month::Month;

#[derive(Debug, Args)]
pub(crate) struct EstateArgs {
    /// Estate folder, or a bill: a file (CSV or Parquet), a folder of files, a quoted glob, or `-`
    /// for stdin
    #[arg(env = "COST_ESTATE", value_parser = location)]
    pub(crate) estate: String,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

/// Options for reading a bill.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReadArgs {
    /// Read only the charges billed in this currency, such as EUR
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub(crate) currency: Option<Currency>,
    /// Convert all amounts to this currency, each month at its exchange rate [default: from the
    /// configuration, else as billed]
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub(crate) report_currency: Option<Currency>,
    /// Exchange rates: CSV (date,from,to,rate) or the European Central Bank's file. Missing rates
    /// are taken from the bill if possible
    #[arg(long, value_name = "FILE")]
    pub(crate) rates: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) choose: ChooseArgs,
    /// Read the bill as it is in the files, without repairs of known exporter errors
    #[arg(long)]
    pub(crate) no_repair: bool,
}

/// Selection of the files of a bill.
#[derive(Clone, Debug, Args)]
pub(crate) struct ChooseArgs {
    /// Read only files whose path, or the end of it, matches one of these globs
    #[arg(long, value_name = "GLOB")]
    pub(crate) only: Vec<String>,
    /// If several files contain the same charges, read only the newest
    #[arg(long)]
    pub(crate) newest: bool,
}

#[derive(Debug, Args)]
pub(crate) struct WhenArgs {
    /// Calendar month of the report [default: the last month that has ended]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<Month>,
    /// Report date: hides charges from this day on, sets the default month, and which of the last
    /// days can still change [default: the estate's date; for a bill, the day after its last
    /// charge]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<NaiveDate>,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// Configuration file: thresholds by scope, exclusions, known events (docs/configuration.md)
    #[arg(long, value_name = "FILE", env = "COST_CONFIG")]
    pub(crate) config: Option<PathBuf>,
}

/// Path of stdin.
pub(super) const STDIN: &str = "/dev/stdin";

/// Parses a location; `-` is stdin.
#[expect(clippy::unnecessary_wraps, reason = "clap expects a result")]
pub(super) fn location(text: &str) -> Result<String, String> {
    Ok(if text == "-" { STDIN } else { text }.to_owned())
}

/// Parses a currency code in upper or lower case.
pub(super) fn currency(text: &str) -> Result<Currency, MoneyError> {
    text.to_ascii_uppercase().parse()
}
