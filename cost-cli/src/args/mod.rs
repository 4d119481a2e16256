//! Command line: one file per command, and shared arguments.

mod anomalies;
#[cfg(feature = "aws")]
mod aws;
#[cfg(not(feature = "aws"))]
#[path = "no_aws.rs"]
mod aws;
mod bill;
mod commitments;
mod decisions;
mod explain;
mod into;
mod log;
mod pull;
mod reconcile;
mod reference;
mod review;
mod savings;
mod shown;
mod sizing;
mod validate;

use std::path::Path;

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};

pub(crate) use self::anomalies::{AnomaliesArgs, Decide, DecideArgs, NoticesArgs};
pub(crate) use self::aws::{Aws, PullAwsArgs};
#[cfg(feature = "aws")]
pub(crate) use self::aws::{AwsArgs, IamPolicyArgs, LimitArgs, WhoamiArgs};
pub(crate) use self::bill::{ChooseArgs, ConfigArgs, ReadArgs};
pub(crate) use self::commitments::CommitmentsArgs;
pub(crate) use self::decisions::DecisionsArgs;
pub(crate) use self::explain::ExplainArgs;
pub(crate) use self::into::IntoArgs;
pub(crate) use self::log::{LogArgs, LogFormat};
pub(crate) use self::pull::{Pull, PullFilesArgs};
pub(crate) use self::reconcile::ReconcileArgs;
pub(crate) use self::reference::{ChecksArgs, CompletionsArgs, ManArgs, SchemaArgs};
pub(crate) use self::review::ReviewArgs;
pub(crate) use self::savings::{Judge, JudgeArgs, SavingsArgs};
pub(crate) use self::shown::{Color, FormatArgs, LookArgs};
pub(crate) use self::sizing::SizingArgs;
pub(crate) use self::validate::ValidateArgs;

use crate::memory::Size;

const AFTER_HELP: &str = "\
Exit codes: 0 success, 1 error, 2 invalid arguments, 3 a requested threshold or rule is not met, 4 memory limit (--memory) reached, 129, 130, or 143 ended by SIGHUP, SIGINT (Ctrl-C), or SIGTERM.
Reports go to stdout, messages to stderr. The tool is read-only: it never changes anything in a cloud account.";

/// Exact cloud cost reviews from FOCUS bills: spending, cost drivers, anomalies, and savings with
/// their trade-offs.
#[derive(Debug, Parser)]
#[command(name = "cost", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Mask account IDs in all output, except for the last four digits
    #[arg(long, global = true)]
    pub(crate) redact: bool,
    /// Maximum memory to use, such as 4GiB or 500MB [default: 80 % of the memory of the machine or
    /// container]
    #[arg(long, global = true, value_name = "SIZE", env = "COST_MEMORY")]
    pub(crate) memory: Option<Size>,
    #[command(flatten)]
    pub(crate) log: LogArgs,
}

impl Cli {
    /// Returns the arguments of the program, or what is wrong with them.
    pub(crate) fn read() -> Result<Self, clap::Error> {
        let cli = Self::try_parse()?;
        if let Command::Anomalies(args) = &cli.command
            && args.is_job_without_report()
        {
            return Err(Self::command().error(
                ErrorKind::ArgumentConflict,
                "`--format svg` has no report of a scheduled job; use table, json, markdown, or csv with `--state`",
            ));
        }
        Ok(cli)
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Collect bills, inventory, utilization, and prices into an estate
    #[command(subcommand)]
    Pull(Pull),
    /// Check access to AWS before a pull
    #[cfg_attr(feature = "aws", command(subcommand))]
    Aws(Aws),
    /// Show the monthly review: spending, cost drivers, anomalies, savings
    Review(ReviewArgs),
    /// Compare the bill with invoices; exit code 3 if they do not agree
    Reconcile(ReconcileArgs),
    /// Show savings opportunities, their trade-offs, and the plan
    Savings(SavingsArgs),
    /// Show Savings Plans and reservations: utilization, coverage, net savings, end dates, and
    /// recommended purchases
    Commitments(CommitmentsArgs),
    /// Show days that cost more than expected, with their causes
    Anomalies(AnomaliesArgs),
    /// Explain one opportunity or anomaly with all its evidence
    Explain(ExplainArgs),
    /// List the checks, and show what each looks for
    Checks(ChecksArgs),
    /// Check a bill against the FOCUS specification; exit code 3 if it does not conform
    Validate(ValidateArgs),
    /// Measure rightsizing rules on recorded machines: savings, and how often the size would have
    /// been too small
    Sizing(SizingArgs),
    /// Print the JSON Schema of a JSON output, or list the schemas
    Schema(SchemaArgs),
    /// Print shell completions
    Completions(CompletionsArgs),
    /// Print manual pages
    Man(ManArgs),
}

impl Command {
    /// Returns the folder of the estate that the command writes.
    pub(crate) fn writes(&self) -> Option<&Path> {
        match self {
            Self::Pull(Pull::Files(args)) => Some(&args.into.into),
            #[cfg(feature = "aws")]
            Self::Pull(Pull::Aws(args)) => Some(&args.into.into),
            _ => None,
        }
    }

    /// Returns whether the bill is read from stdin.
    pub(crate) fn reads_stdin(&self) -> bool {
        let location = match self {
            Self::Pull(Pull::Files(args)) => Some(&args.path),
            Self::Review(args) => Some(&args.report.estate.estate),
            Self::Reconcile(args) => Some(&args.estate.estate),
            Self::Commitments(args) => Some(&args.report.estate.estate),
            Self::Explain(args) => Some(&args.estate.estate),
            Self::Validate(args) => Some(&args.path),
            Self::Savings(args) => args.estate.as_ref(),
            Self::Anomalies(args) => args.estate.as_ref(),
            _ => None,
        };
        location.is_some_and(|location| location == self::bill::STDIN)
    }

    /// Returns whether the command reads bills or estates, whose size is not known in advance.
    pub(crate) fn reads(&self) -> bool {
        !matches!(
            self,
            Self::Aws(_) | Self::Checks(_) | Self::Schema(_) | Self::Completions(_) | Self::Man(_)
        )
    }
}
