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
    /// Term of the commitments to buy
    #[arg(long, value_name = "TERM", default_value = "1y")]
    pub(crate) term: TermArg,
    /// Payment option [default: none; with --max-upfront, as much upfront as it allows]
    #[arg(long, value_name = "PAYMENT")]
    pub(crate) payment: Option<PaymentArg>,
    /// Maximum upfront payment, USD
    #[arg(long, value_name = "USD", value_parser = parse_usd)]
    pub(crate) max_upfront: Option<Decimal>,
    /// Risk tolerance: low limits the largest regret over the scenarios, high uses the expected
    /// case
    #[arg(long, value_name = "RISK", default_value = "medium")]
    pub(crate) risk: RiskArg,
    /// Assumption about future usage: decline=30% (at once) or growth=20% (per year); repeatable
    /// [default: decline=30%]
    #[arg(long, value_name = "SCENARIO", value_parser = Scenario::parse)]
    pub(crate) scenario: Vec<Scenario>,
    /// Test purchase policies on past months of the bill, each month with earlier data only
    #[arg(long)]
    pub(crate) backtest: bool,
    /// Write the chart of savings by commitment to this file, as SVG
    #[arg(long, value_name = "FILE")]
    pub(crate) curve: Option<PathBuf>,
    /// Maximum rows per table
    #[arg(long, value_name = "N", default_value = "10")]
    pub(crate) top: NonZeroUsize,
}

/// Term of a commitment.
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

/// Payment option of a commitment.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum PaymentArg {
    /// No upfront: monthly payments
    None,
    /// Partial upfront
    Partial,
    /// All upfront
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

/// Risk tolerance.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum RiskArg {
    /// Limit the largest regret
    Low,
    /// Also weigh the lowest usage
    Medium,
    /// Use the expected case
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

/// Parses an amount of at least 0.
fn parse_usd(text: &str) -> Result<rust_decimal::Decimal, String> {
    let amount = text.parse().ok().filter(|a: &Decimal| !a.is_sign_negative());
    amount.ok_or_else(|| {
        format!("`{text}` is not an amount in USD; enter a number from 0, such as 25000")
    })
}
