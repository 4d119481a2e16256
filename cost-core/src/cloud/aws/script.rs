//! Scripts of the AWS CLI: how they start, and how a resource is tagged.

use crate::cloud::tagging::{Tag, Tagging};
use crate::shell::shell_word;

/// The lines that make a script of the AWS CLI run in a region and refuse another account.
pub(super) fn start(account: Option<&str>, region: Option<&str>) -> Vec<String> {
    let (account, region) = (account.map(shell_word), region.map(shell_word));
    let mut all = vec![r#"[ -z "${AWS_PROFILE:-}" ] || export AWS_PROFILE"#.to_owned()];
    all.push("export AWS_PAGER='' AWS_DEFAULT_OUTPUT=json".to_owned());
    if let Some(region) = region {
        all.push(format!("export AWS_REGION={region} AWS_DEFAULT_REGION={region}"));
    }
    all.push("ACCOUNT=$(aws sts get-caller-identity --query Account --output text)".to_owned());
    if let Some(account) = account {
        all.push(format!(
            r#"[ "$ACCOUNT" = {account} ] || {{ echo "these credentials belong to account $ACCOUNT, not "{account}": set AWS_PROFILE" >&2; exit 1; }}"#
        ));
    }
    all
}

/// By the Resource Groups Tagging API, which tags resources of all services that have tags (AWS CLI
/// Command Reference, `resourcegroupstaggingapi`).
pub(super) fn tagging(tag: Tag<'_>) -> Tagging {
    let key = tag.key;
    let to_come = match tag.value {
        None => "a tag policy and default_tags, so that new resources have it",
        Some(_) => "a tag policy with the allowed values",
    };
    let terraform = match tag.value {
        None => format!("provider \"aws\" {{ default_tags {{ tags = {{ {key} = \"…\" }} }} }}"),
        Some(_) => {
            "a local with the correct spelling of the owner, used in default_tags".to_owned()
        }
    };
    Tagging {
        first: "activate the key as a cost allocation tag in the payer's Billing console",
        steps: vec![to_come.to_owned()],
        put: Some(format!(
            "aws resourcegroupstaggingapi tag-resources --resource-arn-list ARN --tags {}",
            tag.shell_word()
        )),
        take_off: Some(format!(
            "aws resourcegroupstaggingapi untag-resources --resource-arn-list ARN --tag-keys {}",
            shell_word(key)
        )),
        terraform,
    }
}
