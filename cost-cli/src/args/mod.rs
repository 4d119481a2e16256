//! The command line: a file for each command, and what they share.

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
mod reference;
mod review;
mod savings;
mod shown;
mod sizing;
mod validate;

use clap::{Parser, Subcommand};

pub(crate) use self::anomalies::{AnomaliesArgs, Decide, DecideArgs};
pub(crate) use self::aws::{Aws, PullAwsArgs};
#[cfg(feature = "aws")]
pub(crate) use self::aws::{AwsArgs, IamPolicyArgs, WhoamiArgs};
pub(crate) use self::bill::{ChooseArgs, ConfigArgs, ReadArgs};
pub(crate) use self::commitments::CommitmentsArgs;
pub(crate) use self::decisions::DecisionsArgs;
pub(crate) use self::explain::ExplainArgs;
pub(crate) use self::into::IntoArgs;
pub(crate) use self::log::{LogArgs, LogFormat};
pub(crate) use self::pull::{Pull, PullFilesArgs};
pub(crate) use self::reference::{ChecksArgs, CompletionsArgs, ManArgs, SchemaArgs};
pub(crate) use self::review::ReviewArgs;
pub(crate) use self::savings::{Judge, JudgeArgs, SavingsArgs};
pub(crate) use self::shown::{Color, FormatArgs, LookArgs};
pub(crate) use self::sizing::SizingArgs;
pub(crate) use self::validate::ValidateArgs;

use crate::memory::Size;

const AFTER_HELP: &str = "\
Exit codes: 0 fine, 1 failed, 2 bad usage, 3 a threshold or rule asked for does not hold, 4 more memory than --memory allows.
Reports go to stdout, messages to stderr. The tool only reads: it changes nothing in any cloud.";

/// Exact cloud cost reviews from FOCUS bills: what was spent, what moved and why, what can be saved
/// and at what price.
#[derive(Debug, Parser)]
#[command(name = "cost", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Mask account ids in all that is printed, but for their last four digits
    #[arg(long, global = true)]
    pub(crate) redact: bool,
    /// The most memory to take, such as 4GiB or 500MB [default: 80 % of what the machine or
    /// container has]
    #[arg(long, global = true, value_name = "SIZE", env = "COST_MEMORY")]
    pub(crate) memory: Option<Size>,
    #[command(flatten)]
    pub(crate) log: LogArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Brings bills, inventory, utilization and prices into an estate
    #[command(subcommand)]
    Pull(Pull),
    /// What to know before pulling from AWS
    #[cfg_attr(feature = "aws", command(subcommand))]
    Aws(Aws),
    /// The monthly review: spend, movers, anomalies, savings
    Review(ReviewArgs),
    /// What can be saved, with trade-offs and the joint plan
    Savings(SavingsArgs),
    /// Savings Plans and reservations: what there is, how well it is used, what it saves, when it
    /// ends, and what to buy
    Commitments(CommitmentsArgs),
    /// Days that cost more than was to be expected, with their causes
    Anomalies(AnomaliesArgs),
    /// One saving or anomaly with all its evidence
    Explain(ExplainArgs),
    /// The checks there are, and what each looks at
    Checks(ChecksArgs),
    /// How a bill conforms to the FOCUS specification; exit code 3 if it does not
    Validate(ValidateArgs),
    /// Measure rules of right-sizing on recorded machines: what they would have saved, and how
    /// often been too small
    Sizing(SizingArgs),
    /// The JSON Schema of a JSON output, or which there are
    Schema(SchemaArgs),
    /// Completions for a shell
    Completions(CompletionsArgs),
    /// Manual pages
    Man(ManArgs),
}

impl Command {
    /// Whether it reads bills or estates, whose size is not known before.
    pub(crate) fn reads(&self) -> bool {
        !matches!(
            self,
            Self::Aws(_) | Self::Checks(_) | Self::Schema(_) | Self::Completions(_) | Self::Man(_)
        )
    }
}
