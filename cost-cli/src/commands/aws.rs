//! `cost aws`: what to know before pulling from AWS.

use cost_providers::aws::policy;
use cost_report::json_text;

use crate::args::{self, IamPolicyArgs};
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
