//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use cost_core::commitment::advise::{Risk, Scenario};
use cost_core::commitment::{Payment, Term};
use cost_core::focus::columns::Version;
use cost_core::money::{Currency, MoneyError};
use cost_core::month::Month;
use cost_core::plan::Limits;
use cost_core::rollup::Dimension;
use cost_core::tradeoff::Level;
use cost_report::{formats, schema_names};
use rust_decimal::Decimal;

use crate::memory::Size;

const AFTER_HELP: &str = "\
Exit codes: 0 fine, 1 failed, 2 bad usage, 3 a threshold or rule asked for does not hold, 4 more memory than --memory allows.
Reports go to stdout, messages to stderr. The tool only reads: it changes nothing in any cloud.";

/// Exact cloud cost reviews from FOCUS bills: what was spent, what moved and why, what can be saved and at what price.
#[derive(Debug, Parser)]
#[command(name = "cost", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Mask account ids in all that is printed, but for their last four digits
    #[arg(long, global = true)]
    pub(crate) redact: bool,
    /// The most memory to take, such as 4GiB or 500MB [default: 80 % of what the machine or container has]
    #[arg(long, global = true, value_name = "SIZE", env = "COST_MEMORY")]
    pub(crate) memory: Option<Size>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Brings bills, inventory, utilization and prices into an estate
    #[command(subcommand)]
    Pull(Pull),
    /// What to know before pulling from AWS
    #[command(subcommand)]
    Aws(Aws),
    /// The monthly review: spend, movers, anomalies, savings
    Review(ReviewArgs),
    /// What can be saved, with trade-offs and the joint plan
    Savings(SavingsArgs),
    /// Savings Plans and reservations: what there is, how well it is used, what it saves, when it ends, and what to buy
    Commitments(CommitmentsArgs),
    /// Days that cost more than was to be expected, with their causes
    Anomalies(AnomaliesArgs),
    /// One saving or anomaly with all its evidence
    Explain(ExplainArgs),
    /// The checks there are, and what each looks at
    Checks(ChecksArgs),
    /// How a bill conforms to the FOCUS specification; exit code 3 if it does not
    Validate(ValidateArgs),
    /// Measure rules of right-sizing on recorded machines: what they would have saved, and how often been too small
    Sizing(SizingArgs),
    /// The JSON Schema of a JSON output
    Schema(SchemaArgs),
    /// Completions for a shell
    Completions(CompletionsArgs),
}

impl Command {
    /// Whether it reads bills or estates, whose size is not known before.
    pub(crate) fn reads(&self) -> bool {
        !matches!(self, Self::Aws(_) | Self::Checks(_) | Self::Schema(_) | Self::Completions(_))
    }
}

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
    /// Convert all amounts into this currency, each month at its exchange rate [default: the configuration's, or as billed]
    #[arg(long, value_name = "CODE", value_parser = currency)]
    pub(crate) report_currency: Option<Currency>,
    /// Exchange rates: CSV (date,from,to,rate) or the European Central Bank's file; what it lacks is looked for in the bill
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
    /// Day to look from: it decides the default month and how late the last days are [default: the estate's own; of a bill, the day
    /// after its last charge]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<NaiveDate>,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// Configuration: thresholds by scope, what is excluded, known events (docs/configuration.md)
    #[arg(long, value_name = "FILE", env = "COST_CONFIG")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Debug, Args)]
pub(crate) struct LookArgs {
    /// Columns to fit [default: the terminal's, or 80]
    #[arg(long, value_name = "N")]
    pub(crate) width: Option<usize>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub(crate) color: Color,
}

/// How a report is shown.
#[derive(Debug, Args)]
pub(crate) struct FormatArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", value_parser = format_names(), default_value = "table")]
    pub(crate) format: String,
    #[command(flatten)]
    pub(crate) look: LookArgs,
}

/// Names of the output formats, and what each is for.
fn format_names() -> PossibleValuesParser {
    PossibleValuesParser::new(formats().iter().map(|f| PossibleValue::new(f.name()).help(f.about())))
}

/// When a report is of, and how it is shown.
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    #[command(flatten)]
    pub(crate) when: WhenArgs,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}

/// What every report takes.
#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) estate: EstateArgs,
    #[command(flatten)]
    pub(crate) show: ShowArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ReviewArgs {
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// Tables to show: service, account, region, provider, usage-type, charge-category, pricing-category, tag:KEY
    /// [default: service, account, region and the estate's tag keys]
    #[arg(long, value_name = "DIMENSION,…", value_delimiter = ',')]
    pub(crate) group_by: Vec<Dimension>,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) decisions: DecisionsArgs,
    /// Rows of each table
    #[arg(long, value_name = "N", default_value = "10")]
    pub(crate) top: NonZeroUsize,
}

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
    /// What was done, held against the bill since
    #[arg(long, requires = "decisions")]
    pub(crate) verify: bool,
    /// Rows of the table
    #[arg(long, value_name = "N", default_value = "40")]
    pub(crate) top: NonZeroUsize,
}

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
    /// How much may go wrong: low makes the largest regret over the scenarios small, high goes by what is expected
    #[arg(long, value_name = "RISK", default_value = "medium")]
    pub(crate) risk: RiskArg,
    /// What may become of usage: decline=30% (at once) or growth=20% (a year); may be given several times [default: decline=30%]
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

/// What was decided on savings.
#[derive(Debug, Args)]
pub(crate) struct DecisionsArgs {
    /// The file that remembers savings and what was decided on them: `cost savings` takes in what it finds
    #[arg(long, value_name = "FILE", env = "COST_DECISIONS")]
    pub(crate) decisions: Option<PathBuf>,
}

/// What a person decides on a saving.
#[derive(Debug, Subcommand)]
pub(crate) enum Judge {
    /// It is to be done
    Accept(JudgeArgs),
    /// It is not to be done: in no plan
    Dismiss(DismissArgs),
    /// It has been done: `--verify` holds it against the bill
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
    /// Most risk of a step of the plan: low, medium or high [default: the configuration's, or medium]
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
    /// Least excess a day, such as 10 or 10USD [default: the configuration's, or 10 of the bill's currency]
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    pub(crate) min_impact: Option<Floor>,
    /// Look for drops too
    #[arg(long)]
    pub(crate) drops: bool,
    /// Replay the days from FROM to TO: what would have been raised on them, with nothing known after each
    #[arg(long, value_name = "FROM..TO", value_parser = day_range, conflicts_with = "month")]
    pub(crate) backtest: Option<(NaiveDate, NaiveDate)>,
    /// Propose thresholds: those that would have told of the most excess cost with at most N anomalies a month, over the
    /// backtest's days or the last half year
    #[arg(long, value_name = "N", conflicts_with_all = ["month", "fail"])]
    pub(crate) tune: Option<u32>,
    /// As a scheduled job: raise each anomaly once, remember it in this file, and notify the configuration's channels
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

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Id of a saving (op-…) or an anomaly (an-…), as the review shows it
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) estate: EstateArgs,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// The review's month [default: the newest month that knows the id]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<Month>,
    /// The review's day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<NaiveDate>,
    /// The scheduled job's file: when an anomaly was raised, and what was decided on it
    #[arg(long, value_name = "FILE", env = "COST_STATE")]
    pub(crate) state: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) decisions: DecisionsArgs,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ChecksArgs {
    /// One check [default: all]
    pub(crate) id: Option<String>,
    /// Write the Markdown to this folder, a file a check and an index, in place of stdout
    #[arg(long, value_name = "FOLDER", conflicts_with = "id")]
    pub(crate) into: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// A bill (Parquet or a table of text, packed or not), a folder of them, a quoted glob, or an estate
    #[arg(env = "COST_ESTATE")]
    pub(crate) path: String,
    /// Version to hold it against [default: the newest whose columns are met]
    #[arg(long, value_name = "VERSION", value_parser = focus_version)]
    pub(crate) focus_version: Option<Version>,
    /// Example rows of each finding
    #[arg(long, value_name = "N", default_value = "3")]
    pub(crate) examples: u32,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}

#[derive(Debug, Args)]
pub(crate) struct SizingArgs {
    /// A folder with meta.parquet (`id`, `cpu_capacity` in MHz, `mem_capacity` in KB) and trace.parquet (`id`, `timestamp`,
    /// `cpu_usage` in MHz)
    pub(crate) traces: PathBuf,
    /// Days that advice is from; it is judged on the days after
    #[arg(long, value_name = "N", default_value = "14", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) train_days: u32,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}

/// Where to pull from.
#[derive(Debug, Subcommand)]
pub(crate) enum Pull {
    /// Bills from files: FOCUS, or what AWS, Azure and Google Cloud export themselves, written as FOCUS
    Files(PullFilesArgs),
    /// A live AWS organisation or account, read-only
    Aws(Box<PullAwsArgs>),
}

/// Where to pull to.
#[derive(Debug, Args)]
pub(crate) struct IntoArgs {
    /// The estate: a folder; one that is there is replaced in one step when all is written
    #[arg(long, value_name = "ESTATE", env = "COST_ESTATE")]
    pub(crate) into: PathBuf,
    /// Day the data is of [default: today, UTC]
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) as_of: Option<NaiveDate>,
    /// What to call the estate in reports [default: the folder's name]
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Tag keys that reviews group by when none are asked for
    #[arg(long, value_name = "KEY,…", value_delimiter = ',')]
    pub(crate) tag_keys: Vec<String>,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PullFilesArgs {
    /// A file (CSV or Parquet), a folder of them with or without manifests, or a quoted glob
    pub(crate) path: String,
    #[command(flatten)]
    pub(crate) choose: ChooseArgs,
    #[command(flatten)]
    pub(crate) into: IntoArgs,
}

/// Who asks AWS, and of whom.
#[derive(Debug, Args)]
pub(crate) struct AwsArgs {
    /// Profile of the AWS configuration [default: the default chain: environment, profile, SSO, container, instance]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Role to assume first
    #[arg(long, value_name = "ARN")]
    pub(crate) role_arn: Option<String>,
    /// External id of that role
    #[arg(long, value_name = "ID", requires = "role_arn")]
    pub(crate) external_id: Option<String>,
    /// Accounts to look into, or `organization` for all active ones [default: the caller's]
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub(crate) accounts: Vec<String>,
    /// Role to assume in other accounts, by name
    #[arg(long, value_name = "NAME", default_value = "CostReader")]
    pub(crate) member_role: String,
    /// Regions to look into [default: all that are enabled]
    #[arg(long, value_name = "REGION,…", value_delimiter = ',')]
    pub(crate) regions: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct PullAwsArgs {
    #[command(flatten)]
    pub(crate) aws: AwsArgs,
    /// Cost reports to read instead of Cost Explorer: a FOCUS or CUR export, `s3://BUCKET/PREFIX`, or a path on disk
    #[arg(long, value_name = "LOCATION")]
    pub(crate) reports: Option<String>,
    /// Months of billing to have, the running one included
    #[arg(long, value_name = "N", default_value = "13", value_parser = clap::value_parser!(u32).range(1..=38))]
    pub(crate) months: u32,
    /// Ask Cost Explorer for costs by resource too, to name the instances behind anomalies: EC2 of the last 14 days, two paid requests a day
    #[arg(long, conflicts_with = "reports")]
    pub(crate) with_resources: bool,
    /// Days of hourly utilization to have; 0 for none
    #[arg(long, value_name = "N", default_value = "14", value_parser = clap::value_parser!(u32).range(0..=93))]
    pub(crate) utilization_days: u32,
    /// Say which paid requests would be made and what they cost, and make none; accounts and regions are asked for, which is free
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Most USD to spend on requests without being asked; above it, the pull stops and says what it would cost
    #[arg(long, value_name = "USD", default_value = "1")]
    pub(crate) max_request_usd: u32,
    #[command(flatten)]
    pub(crate) into: IntoArgs,
}

/// What to know before pulling from AWS.
#[derive(Debug, Subcommand)]
pub(crate) enum Aws {
    /// Who asks, where, and which of the needed permissions are missing
    Whoami(WhoamiArgs),
    /// The least-privilege policy for all that a pull asks for, as JSON
    IamPolicy(IamPolicyArgs),
}

#[derive(Debug, Args)]
pub(crate) struct WhoamiArgs {
    #[command(flatten)]
    pub(crate) aws: AwsArgs,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}

#[derive(Debug, Args)]
pub(crate) struct IamPolicyArgs {
    /// Bucket of the cost reports, to allow reading it
    #[arg(long, value_name = "BUCKET")]
    pub(crate) bucket: Option<String>,
    /// Partition of the ARNs
    #[arg(long, value_parser = ["aws", "aws-cn", "aws-us-gov"], default_value = "aws")]
    pub(crate) partition: String,
    /// Role that is assumed in member accounts
    #[arg(long, value_name = "NAME", default_value = "CostReader")]
    pub(crate) member_role: String,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// The JSON output: the command that prints it
    #[arg(value_parser = PossibleValuesParser::new(schema_names()))]
    pub(crate) output: String,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
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
    let wrong = || "write a whole amount such as 10, or with the bill's currency, such as 10USD".to_owned();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let code = text[digits.len()..].trim();
    let currency = (!code.is_empty()).then(|| currency(code)).transpose().map_err(|_| wrong())?;
    Ok(Floor { amount: digits.trim().parse().map_err(|_| wrong())?, currency })
}

/// `2026-01-01..2026-03-31`, both days included, as a half-open range.
fn day_range(text: &str) -> Result<(NaiveDate, NaiveDate), String> {
    let wrong = || "write two days, such as 2026-01-01..2026-03-31".to_owned();
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    let (from, to): (NaiveDate, NaiveDate) = (from.parse().map_err(|_| wrong())?, to.parse().map_err(|_| wrong())?);
    let until = to.succ_opt().ok_or_else(wrong)?;
    if from <= to { Ok((from, until)) } else { Err(format!("{to} is before {from}; swap the days")) }
}

fn focus_version(text: &str) -> Result<Version, String> {
    Version::ALL.into_iter().find(|v| v.as_str() == text).ok_or_else(|| {
        let known: Vec<&str> = Version::ALL.iter().map(|v| v.as_str()).collect();
        format!("known versions are {}", known.join(", "))
    })
}

/// A currency code in any letter case.
fn currency(text: &str) -> Result<Currency, MoneyError> {
    text.to_ascii_uppercase().parse()
}
