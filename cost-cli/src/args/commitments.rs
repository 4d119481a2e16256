//! Arguments of `cost commitments`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;
use cost_core::commitment::advise::{Risk, Scenario};
use cost_core::commitment::{Payment, Term};
use rust_decimal::Decimal;

use super::bill::ConfigArgs;
use super::decisions::DecisionsArgs;
use super::shown::ReportArgs;

#[derive(Debug, Args)]
pub(crate) struct CommitmentsArgs {
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) decisions: DecisionsArgs,
    /// How long to commit for
    #[arg(long, value_name = "TERM", default_value = "1y")]
    pub(crate) term: TermArg,
    /// How to pay [default: none; with --max-upfront as much upfront as that allows]
    #[arg(long, value_name = "PAYMENT")]
    pub(crate) payment: Option<PaymentArg>,
    /// The most to pay upfront, USD
    #[arg(long, value_name = "USD", value_parser = parse_usd)]
    pub(crate) max_upfront: Option<Decimal>,
    /// How much may go wrong: low makes the largest regret over the scenarios small, high goes by
    /// what is expected
    #[arg(long, value_name = "RISK", default_value = "medium")]
    pub(crate) risk: RiskArg,
    /// What may become of usage: decline=30% (at once) or growth=20% (a year); may be given several
    /// times [default: decline=30%]
    #[arg(long, value_name = "SCENARIO", value_parser = Scenario::parse)]
    pub(crate) scenario: Vec<Scenario>,
    /// Replay policies of buying over the bill, month by month, without looking ahead
    #[arg(long)]
    pub(crate) backtest: bool,
    /// Write the curve of saving against commitment here, as SVG
    #[arg(long, value_name = "FILE")]
    pub(crate) curve: Option<PathBuf>,
    /// Rows of each table
    #[arg(long, value_name = "N", default_value = "10")]
    pub(crate) top: NonZeroUsize,
}

/// How long.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum TermArg {
    /// One year
    #[value(name = "1y")]
    OneYear,
    /// Three years
    #[value(name = "3y")]
    ThreeYears,
}

impl From<TermArg> for Term {
    fn from(of: TermArg) -> Self {
        match of {
            TermArg::OneYear => Self::OneYear,
            TermArg::ThreeYears => Self::ThreeYears,
        }
    }
}

/// Paid how.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum PaymentArg {
    /// By the month
    None,
    /// A part at once
    Partial,
    /// All at once
    All,
}

impl From<PaymentArg> for Payment {
    fn from(of: PaymentArg) -> Self {
        match of {
            PaymentArg::None => Self::NoUpfront,
            PaymentArg::Partial => Self::PartialUpfront,
            PaymentArg::All => Self::AllUpfront,
        }
    }
}

/// How much may go wrong.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum RiskArg {
    /// Little
    Low,
    /// Some
    Medium,
    /// More
    High,
}

impl From<RiskArg> for Risk {
    fn from(of: RiskArg) -> Self {
        match of {
            RiskArg::Low => Self::Low,
            RiskArg::Medium => Self::Medium,
            RiskArg::High => Self::High,
        }
    }
}

/// An amount from 0.
fn parse_usd(text: &str) -> Result<rust_decimal::Decimal, String> {
    let amount = text.parse().ok().filter(|a: &Decimal| !a.is_sign_negative());
    amount.ok_or_else(|| format!("`{text}` is no amount of USD from 0, such as 25000"))
}
