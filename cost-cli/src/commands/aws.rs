//! `cost aws`: what to know before pulling from AWS.

use cost_providers::aws::{Accounts, Aws, Options, policy};
use cost_report::json_text;

use crate::args::{self, AwsArgs, IamPolicyArgs};
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &args::Aws) -> anyhow::Result<Exit> {
    match args {
        args::Aws::Whoami(args) => super::whoami::run(args),
        args::Aws::IamPolicy(args) => iam_policy(args),
    }
}

fn iam_policy(args: &IamPolicyArgs) -> anyhow::Result<Exit> {
    let policy = policy(&args.partition, args.bucket.as_deref(), &args.member_role);
    output::print(&(json_text(&policy)? + "\n"))?;
    Ok(Exit::Fine)
}

/// Connects as the arguments say.
pub(super) async fn connect(args: &AwsArgs) -> anyhow::Result<Aws> {
    let accounts = match args.accounts.as_slice() {
        [] => Accounts::Caller,
        [one] if one == "organization" => Accounts::Organization,
        listed => Accounts::Listed(listed.to_vec()),
    };
    let options = Options {
        profile: args.profile.clone(),
        role_arn: args.role_arn.clone(),
        external_id: args.external_id.clone(),
        accounts,
        member_role: args.member_role.clone(),
        regions: args.regions.clone(),
    };
    Ok(Aws::connect(&options).await?)
}
