//! The bill or estate that a command reads, and as of when.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::Args;
use cost_core::money::{Currency, MoneyError};
use cost_core::month::Month;

#[derive(Debug, Args)]
pub(crate) struct EstateArgs {
    /// An estate, or a bare bill: a file (CSV or Parquet), a folder of them, or a quoted glob
    #[arg(env = "COST_ESTATE")]
    pub(crate) estate: String,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

/// How a bill is read.
#[derive(Clone, Debug, Args)]
pub(crate) struct ReadArgs {
    /// Only the charges billed in this currency, such as EUR
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub(crate) currency: Option<Currency>,
    /// Convert all amounts into this currency, each month at its exchange rate [default: the
    /// configuration's, or as billed]
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub(crate) report_currency: Option<Currency>,
    /// Exchange rates: CSV (date,from,to,rate) or the European Central Bank's file; what it lacks
    /// is looked for in the bill
    #[arg(long, value_name = "FILE")]
    pub(crate) rates: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) choose: ChooseArgs,
    /// The bill as the files have it, without the repair of what exporters are known to get wrong
    #[arg(long)]
    pub(crate) no_repair: bool,
}

/// Which files of a bill are read.
#[derive(Clone, Debug, Args)]
pub(crate) struct ChooseArgs {
    /// Only files whose path, or its end, matches one of these globs
    #[arg(long, value_name = "GLOB")]
    pub(crate) only: Vec<String>,
    /// Where files hold the same charges, read the newest of them
    #[arg(long)]
    pub(crate) newest: bool,
}

#[derive(Debug, Args)]
pub(crate) struct WhenArgs {
    /// Calendar month to review [default: the last that has ended]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<Month>,
    /// Day to look from: it decides the default month and how late the last days are [default: the
    /// estate's own; of a bill, the day after its last charge]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<NaiveDate>,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// Configuration: thresholds by scope, what is excluded, known events (docs/configuration.md)
    #[arg(long, value_name = "FILE", env = "COST_CONFIG")]
    pub(crate) config: Option<PathBuf>,
}

/// A currency code in any letter case.
pub(super) fn currency(text: &str) -> Result<Currency, MoneyError> {
    text.to_ascii_uppercase().parse()
}
