//! The connection to AWS that the arguments ask for.

use cost_providers::aws::{Accounts, Aws, Options};

use crate::args::AwsArgs;

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
