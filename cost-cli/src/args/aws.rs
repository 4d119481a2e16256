//! Arguments of `cost pull aws` and `cost aws`.

use clap::{Args, Subcommand};

use super::bill::ConfigArgs;
use super::into::IntoArgs;
use super::shown::FormatArgs;

/// Credentials, accounts, and regions for AWS.
#[derive(Debug, Args)]
pub(crate) struct AwsArgs {
    /// Profile of the AWS configuration [default: the AWS credential chain: environment, profile,
    /// SSO, container, instance]
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// ARN of the role to assume first
    #[arg(long, value_name = "ARN")]
    pub(crate) role_arn: Option<String>,
    /// External ID for --role-arn
    #[arg(long, value_name = "ID", requires = "role_arn")]
    pub(crate) external_id: Option<String>,
    /// Accounts to read, or `organization` for all active ones [default: the caller's account]
    #[arg(long, value_name = "ID,…", value_delimiter = ',')]
    pub(crate) accounts: Vec<String>,
    /// Name of the role to assume in other accounts
    #[arg(long, value_name = "NAME", default_value = "CostReader")]
    pub(crate) member_role: String,
    /// Regions to read [default: all enabled regions]
    #[arg(long, value_name = "REGION,…", value_delimiter = ',')]
    pub(crate) regions: Vec<String>,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
}

/// Limits of the calls. Without an option, the limit of `[network]` in the configuration applies.
#[derive(Debug, Args)]
#[command(next_help_heading = "Limits of calls")]
pub(crate) struct LimitArgs {
    /// Seconds to wait for a connection [default: 10]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) connect_timeout: Option<u32>,
    /// Seconds to wait for the next byte of an answer [default: 20]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) idle_timeout: Option<u32>,
    /// Seconds that one attempt of a call may take [default: 60]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) call_timeout: Option<u32>,
    /// Seconds that a service may fail in an account and region without one answer. Then it is not
    /// called again, and its data is missing [default: 60]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) service_timeout: Option<u32>,
    /// Seconds that all calls of a pull may take. Later data is missing [default: 7200]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) pull_timeout: Option<u32>,
    /// Attempts of a call that fails for a temporary reason [default: 4]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=20))]
    pub(crate) attempts: Option<u32>,
    /// Largest answer of a call to read, in MiB. Files are not limited [default: 32]
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub(crate) max_answer: Option<u32>,
}

#[derive(Debug, Args)]
pub(crate) struct PullAwsArgs {
    #[command(flatten)]
    pub(crate) aws: AwsArgs,
    /// Export to read instead of Cost Explorer: a FOCUS or CUR export at `s3://BUCKET/PREFIX` or at
    /// a local path
    #[arg(long, value_name = "LOCATION")]
    pub(crate) reports: Option<String>,
    /// Months of billing data to collect, including the current one
    #[arg(long, value_name = "N", default_value = "13", value_parser = clap::value_parser!(u32).range(1..=38))]
    pub(crate) months: u32,
    /// Also collect costs by resource from Cost Explorer, to name the instances behind anomalies:
    /// EC2, last 14 days, two paid requests per day
    #[arg(long, conflicts_with = "reports")]
    pub(crate) with_resources: bool,
    /// Days of hourly utilization to collect; 0 for none
    #[arg(long, value_name = "N", default_value = "14", value_parser = clap::value_parser!(u32).range(0..=93))]
    pub(crate) utilization_days: u32,
    /// Show the paid requests of this pull and their cost, and send none of them. Accounts and
    /// regions are still requested, which is free
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Maximum USD to spend on paid requests. If the pull would cost more, it stops and shows the
    /// cost
    #[arg(long, value_name = "USD", default_value = "1")]
    pub(crate) max_request_usd: u32,
    #[command(flatten)]
    pub(crate) into: IntoArgs,
}

/// Checks and setup before a pull from AWS.
#[derive(Debug, Subcommand)]
pub(crate) enum Aws {
    /// Show the caller's identity, accounts, and regions, and the missing permissions
    Whoami(Box<WhoamiArgs>),
    /// Print the least-privilege IAM policy for a pull, as JSON
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
    /// S3 bucket of the export, to allow reading it
    #[arg(long, value_name = "BUCKET")]
    pub(crate) bucket: Option<String>,
    /// AWS partition of the ARNs
    #[arg(long, value_parser = ["aws", "aws-cn", "aws-us-gov"], default_value = "aws")]
    pub(crate) partition: String,
    /// Name of the role to assume in member accounts
    #[arg(long, value_name = "NAME", default_value = "CostReader")]
    pub(crate) member_role: String,
}
