//! Arguments of `cost pull aws` and `cost aws`.

use clap::{Args, Subcommand};

use super::into::IntoArgs;
use super::shown::FormatArgs;

/// Who asks AWS, and of whom.
#[derive(Debug, Args)]
pub(crate) struct AwsArgs {
    /// Profile of the AWS configuration [default: the default chain: environment, profile, SSO,
    /// container, instance]
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
    /// Cost reports to read instead of Cost Explorer: a FOCUS or CUR export, `s3://BUCKET/PREFIX`,
    /// or a path on disk
    #[arg(long, value_name = "LOCATION")]
    pub(crate) reports: Option<String>,
    /// Months of billing to have, the running one included
    #[arg(long, value_name = "N", default_value = "13", value_parser = clap::value_parser!(u32).range(1..=38))]
    pub(crate) months: u32,
    /// Ask Cost Explorer for costs by resource too, to name the instances behind anomalies: EC2 of
    /// the last 14 days, two paid requests a day
    #[arg(long, conflicts_with = "reports")]
    pub(crate) with_resources: bool,
    /// Days of hourly utilization to have; 0 for none
    #[arg(long, value_name = "N", default_value = "14", value_parser = clap::value_parser!(u32).range(0..=93))]
    pub(crate) utilization_days: u32,
    /// Say which paid requests would be made and what they cost, and make none; accounts and
    /// regions are asked for, which is free
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Most USD to spend on requests without being asked; above it, the pull stops and says what it
    /// would cost
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
