//! Commands that read AWS: `cost pull aws`, and `cost aws`, which checks access before a pull.

mod dry_run;
mod progress;
mod pull;
mod session;
mod whoami;

use cost_providers::aws::policy;
use cost_report::json_text;

pub(crate) use self::pull::pull;
use crate::args::{self, IamPolicyArgs};
use crate::exit::Exit;
use crate::output;

/// `cost aws`.
pub(crate) fn run(args: &args::Aws) -> anyhow::Result<Exit> {
    match args {
        args::Aws::Whoami(args) => whoami::run(args),
        args::Aws::IamPolicy(args) => iam_policy(args),
    }
}

fn iam_policy(args: &IamPolicyArgs) -> anyhow::Result<Exit> {
    let policy = policy(&args.partition, args.bucket.as_deref(), &args.member_role);
    output::print(&(json_text(&policy)? + "\n"))?;
    Ok(Exit::Fine)
}
