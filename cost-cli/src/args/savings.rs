//! Arguments of `cost savings`, and of what is decided on a saving.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use cost_core::plan::Limits;
use cost_core::tradeoff::Level;
use rust_decimal::Decimal;

use super::bill::{ConfigArgs, ReadArgs};
use super::decisions::DecisionsArgs;
use super::shown::ShowArgs;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct SavingsArgs {
    #[command(subcommand)]
    pub(crate) judge: Option<Judge>,
    /// An estate, or a bare bill: a file (CSV or Parquet), a folder of them, or a quoted glob
    #[arg(env = "COST_ESTATE", required = true)]
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
    /// What steps that were done have saved, by the bill since
    #[arg(long, requires = "decisions")]
    pub(crate) verify: bool,
    /// Rows of the table
    #[arg(long, value_name = "N", default_value = "40")]
    pub(crate) top: NonZeroUsize,
}

/// What a person decides on a saving.
#[derive(Debug, Subcommand)]
pub(crate) enum Judge {
    /// It is to be done
    Accept(JudgeArgs),
    /// It is not to be done: in no plan
    Dismiss(DismissArgs),
    /// It has been done: `--verify` says what it saved, by the bill
    Done(DoneArgs),
    /// Take the last decision back
    Reopen(JudgeArgs),
}

#[derive(Debug, Args)]
pub(crate) struct JudgeArgs {
    /// Id of the saving (op-…)
    pub(crate) id: String,
    /// The file that remembers recommendations and what was decided on them
    #[arg(long, value_name = "FILE", env = "COST_DECISIONS")]
    pub(crate) decisions: PathBuf,
    /// A word on it
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DismissArgs {
    #[command(flatten)]
    pub(crate) what: JudgeArgs,
    /// Why
    #[arg(long, value_name = "TEXT", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) reason: String,
    /// The day from which on it comes up again [default: never]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<NaiveDate>,
}

#[derive(Debug, Args)]
pub(crate) struct DoneArgs {
    #[command(flatten)]
    pub(crate) what: JudgeArgs,
    /// When [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) on: Option<NaiveDate>,
    /// `ResourceId`s of what took its place: their cost is no saving
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub(crate) replaced_by: Vec<String>,
}

/// What the joint plan may ask for.
#[derive(Debug, Args)]
pub(crate) struct LimitArgs {
    /// Most risk of a step of the plan: low, medium or high [default: the configuration's, or
    /// medium]
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) max_risk: Option<Level>,
    /// Most effort of a step: low, medium or high [default: the configuration's, or high]
    #[arg(long, value_name = "LEVEL", value_parser = level)]
    pub(crate) max_effort: Option<Level>,
    /// No step that interrupts what uses the resource
    #[arg(long)]
    pub(crate) no_downtime: bool,
    /// No step that commits for longer; 0 for no commitments
    #[arg(long, value_name = "MONTHS")]
    pub(crate) max_commitment: Option<u32>,
    /// Least expected saving of a step by itself, per month, in the bill's currency
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) min_saving: Option<Decimal>,
}

impl LimitArgs {
    /// Sets what was asked for.
    pub(crate) fn narrow(&self, limits: &mut Limits) {
        limits.max_risk = self.max_risk.unwrap_or(limits.max_risk);
        limits.max_effort = self.max_effort.unwrap_or(limits.max_effort);
        limits.no_downtime |= self.no_downtime;
        limits.max_commitment_months = self.max_commitment.or(limits.max_commitment_months);
        limits.min_saving = self.min_saving.unwrap_or(limits.min_saving);
    }
}

fn level(text: &str) -> Result<Level, String> {
    let found = [Level::Low, Level::Medium, Level::High].into_iter().find(|l| l.as_str() == text);
    found.ok_or_else(|| "write low, medium or high".to_owned())
}
