//! Arguments of `cost savings` and of its subcommands for decisions on opportunities.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use cost_core::plan::Limits;
use cost_core::tradeoff::Level;
use rust_decimal::Decimal;

use super::bill::{ConfigArgs, ReadArgs, location};
use super::decisions::DecisionsArgs;
use super::shown::ShowArgs;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct SavingsArgs {
    #[command(subcommand)]
    pub(crate) judge: Option<Judge>,
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
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    #[command(flatten)]
    pub(crate) decisions: DecisionsArgs,
    /// Show the realized savings of implemented steps, measured in the bill
    #[arg(long, requires = "decisions")]
    pub(crate) verify: bool,
    /// Show each step in a row of its own, instead of one row for like steps
    #[arg(long)]
    pub(crate) expand: bool,
    /// Maximum rows per table
    #[arg(long, value_name = "N", default_value = "40")]
    pub(crate) top: NonZeroUsize,
}

/// Decisions on a savings opportunity.
#[derive(Debug, Subcommand)]
pub(crate) enum Judge {
    /// Accept an opportunity: it will be implemented
    Accept(JudgeArgs),
    /// Dismiss an opportunity: exclude it from the plan
    Dismiss(DismissArgs),
    /// Mark an opportunity as implemented; `--verify` then measures its savings in the bill
    Done(DoneArgs),
    /// Remove the decision on an opportunity
    Reopen(JudgeArgs),
}

#[derive(Debug, Args)]
pub(crate) struct JudgeArgs {
    /// ID of the opportunity (op-…)
    pub(crate) id: String,
    /// File with opportunities and the decisions on them
    #[arg(long, value_name = "FILE", env = "COST_DECISIONS")]
    pub(crate) decisions: PathBuf,
    /// Note to store with the decision
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DismissArgs {
    #[command(flatten)]
    pub(crate) what: JudgeArgs,
    /// Reason for the dismissal
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) reason: String,
    /// Date from which the opportunity is shown again, within five years
    /// [default: never]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<NaiveDate>,
}

#[derive(Debug, Args)]
pub(crate) struct DoneArgs {
    #[command(flatten)]
    pub(crate) what: JudgeArgs,
    /// Date of the implementation, at most two years before the newest data [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) on: Option<NaiveDate>,
    /// `ResourceId`s of replacement resources: their cost is subtracted from the savings
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub(crate) replaced_by: Vec<String>,
}

/// Plan constraints.
#[derive(Debug, Args)]
pub(crate) struct LimitArgs {
    /// Maximum risk of a step in the plan: low, medium, or high [default: from the configuration,
    /// else medium]
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) max_risk: Option<Level>,
    /// Maximum effort of a step: low, medium, or high [default: from the configuration, else high]
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) max_effort: Option<Level>,
    /// Exclude steps that cause downtime
    #[arg(long)]
    pub(crate) no_downtime: bool,
    /// Maximum term of a commitment; 0 for no commitments
    #[arg(long, value_name = "MONTHS")]
    pub(crate) max_commitment: Option<u32>,
    /// Minimum expected savings per month of a step, or of like steps together, in the bill's
    /// currency [default: from the configuration, else the larger of 5 and 0.05 % of the month's cost]
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) min_saving: Option<Decimal>,
}

impl LimitArgs {
    /// Applies the requested constraints.
    pub(crate) fn narrow(&self, limits: &mut Limits) {
        limits.max_risk = self.max_risk.unwrap_or(limits.max_risk);
        limits.max_effort = self.max_effort.unwrap_or(limits.max_effort);
        limits.no_downtime |= self.no_downtime;
        limits.max_commitment_months = self.max_commitment.or(limits.max_commitment_months);
        if let Some(amount) = self.min_saving {
            (limits.min_saving, limits.min_saving_pct) = (amount, Decimal::ZERO);
        }
    }
}

fn level(text: &str) -> Result<Level, String> {
    let found = [Level::Low, Level::Medium, Level::High].into_iter().find(|l| l.as_str() == text);
    found.ok_or_else(|| "enter low, medium, or high".to_owned())
}
