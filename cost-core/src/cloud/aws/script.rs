//! Scripts of the AWS CLI: their first lines, commands that tag resources, and arguments that can
//! contain any text.

use serde_json::json;

use crate::cloud::tagging::{Tag, Tagging};
use crate::shell::shell_word;

/// Returns the first lines of an AWS CLI script. They select a region and refuse other accounts.
pub(super) fn start(account: Option<&str>, region: Option<&str>) -> Vec<String> {
    let (account, region) = (account.map(shell_word), region.map(shell_word));
    let mut all = vec![r#"[ -z "${AWS_PROFILE:-}" ] || export AWS_PROFILE"#.to_owned()];
    all.push("export AWS_PAGER='' AWS_DEFAULT_OUTPUT=json".to_owned());
    if let Some(region) = region {
        all.push(format!("export AWS_REGION={region} AWS_DEFAULT_REGION={region}"));
    } else {
        // The CLI needs a region for any call.
        all.push(
            r#"[ -n "${AWS_REGION:-}${AWS_DEFAULT_REGION:-}" ] || export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1"#
                .to_owned(),
        );
    }
    all.push("ACCOUNT=$(aws sts get-caller-identity --query Account --output text)".to_owned());
    if let Some(account) = account {
        all.push(format!(
            r#"[ "$ACCOUNT" = {account} ] || {{ echo "these credentials belong to account $ACCOUNT, not "{account}": set AWS_PROFILE" >&2; exit 1; }}"#
        ));
    }
    all
}

/// Tags resources with the Resource Groups Tagging API, which supports all services that have tags
/// (AWS CLI Command Reference, `resourcegroupstaggingapi`).
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
        put: Some(for_arn("tag-resources", &format!("--tags {}", tags(tag)))),
        take_off: Some(for_arn("untag-resources", &format!("--tag-keys {}", tag_keys(key)))),
        old: Some(old(key)),
        terraform,
    }
}

/// The lines that read the region of the resource in its ARN. That of a bucket has none: Amazon S3 is
/// asked for it. Other global resources are tagged in us-east-1.
///
/// Source: Resource Groups Tagging API Reference, `TagResources`; AWS CLI Command Reference,
/// `s3api head-bucket`. Read 2026-11.
const REGION: &str = "REGION=$(printf '%s' \"$RESOURCE\" | cut -sd: -f4)\n\
    case \"$RESOURCE\" in arn:aws*:s3:::*) REGION=$(aws s3api head-bucket --bucket \"${RESOURCE##*:}\" --query BucketRegion --output text) ;; esac";

/// Returns lines that save the value of a tag as the input of the command that sets it again, in a
/// file of its own for each resource, and lines that restore it from the file. A resource without
/// the tag has no file.
fn old(key: &str) -> (String, String) {
    let key = json!(key).to_string();
    // Inside a JMESPath literal, a backtick is escaped.
    let literal = key.replace('`', "\\`");
    let query = shell_word(&format!(
        "ResourceTagMappingList[?Tags[?Key==`{literal}`]] | [0].{{ResourceARNList: [ResourceARN], Tags: {{{key}: Tags[?Key==`{literal}`].Value | [0]}}}}"
    ));
    let place = format!(
        "{REGION}\n\
                 FILE=old-$(printf '%s' \"$RESOURCE\" | tr -c 'A-Za-z0-9' '_' | tail -c 200).json"
    );
    let save = format!(
        "{place}\n\
         save \"$FILE\" aws resourcegroupstaggingapi get-resources --region \"${{REGION:-us-east-1}}\" --resource-arn-list \"$RESOURCE\" --query {query} --output json"
    );
    let restore = format!(
        "{place}\n\
         if [ ! -s \"$FILE\" ] || grep -qx null \"$FILE\"; then continue; fi\n\
         FAILED=$(aws resourcegroupstaggingapi tag-resources --region \"${{REGION:-us-east-1}}\" --cli-input-json file://\"$FILE\" \
         --query 'FailedResourcesMap.*.ErrorMessage' --output text)\n\
         [ -z \"$FAILED\" ] || {{ echo \"$RESOURCE: $FAILED\" >&2; exit 1; }}"
    );
    (save, restore)
}

/// Returns the lines of a call of the Resource Groups Tagging API for one resource, in its region.
/// The call succeeds even if a resource was not changed: then it names the reason, and the script
/// ends.
fn for_arn(call: &str, option: &str) -> String {
    format!(
        "{REGION}\n\
         FAILED=$(aws resourcegroupstaggingapi {call} --region \"${{REGION:-us-east-1}}\" --resource-arn-list \"$RESOURCE\" {option} \
         --query 'FailedResourcesMap.*.ErrorMessage' --output text)\n\
         [ -z \"$FAILED\" ] || {{ echo \"$RESOURCE: $FAILED\" >&2; exit 1; }}"
    )
}

/// Returns whether the shorthand of the AWS CLI reads a text unchanged in every position: as a key,
/// a value, an element of a list, or an argument. In shorthand, a comma starts the next value, a
/// key ends at its first blank, text that starts with a dash is an option, and `file://` names a
/// file. Source: AWS CLI 1.46.3, `awscli/shorthand.py` and `awscli/argprocess.py`. Read 2026-11.
fn is_shorthand(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(plain)
}

/// Returns the same for a value, which may contain single blanks.
fn is_shorthand_value(text: &str) -> bool {
    text.split(' ').all(is_shorthand)
}

/// Returns a tag for an option that takes a map: `key=value`, with the variable `VALUE` for a value
/// that is not chosen yet. It is JSON if the shorthand would read another key or value.
fn tags(tag: Tag<'_>) -> String {
    match tag.value {
        Some(value) if is_shorthand(tag.key) && is_shorthand_value(value) => tag.shell_word(),
        None if is_shorthand(tag.key) => tag.shell_word(),
        Some(value) => shell_word(&json!({ (tag.key): value }).to_string()),
        None => {
            let key = json!(tag.key).to_string();
            format!("{}\"$VALUE\"'\"}}'", shell_word(&format!("{{{key}:\"")))
        }
    }
}

/// Returns a key for an option that takes a list of texts.
fn tag_keys(key: &str) -> String {
    if is_shorthand(key) { key.to_owned() } else { shell_word(&json!([key]).to_string()) }
}

/// Returns a `--filters` option with one value.
pub(crate) fn filter(name: &str, value: &str) -> String {
    if is_shorthand(value) {
        return format!("--filters Name={name},Values={value}");
    }
    let filters = json!([{ "Name": name, "Values": [value] }]);
    format!("--filters {}", shell_word(&filters.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_the_shorthand_would_split_is_json() {
        let of = |key, value| tags(Tag { key, value });
        assert_eq!(of("team", None), "team=\"$VALUE\"");
        assert_eq!(of("app:team", Some("web-1.a")), "app:team=web-1.a");
        assert_eq!(of("team", Some("Data Platform")), "'team=Data Platform'");
        for value in ["web,db", "a=b", " web", "[web]", "{web", "\"web\"", "'web'", "\\,", "ü", ""]
        {
            let word = of("team", Some(value));
            let json = json!({ "team": value }).to_string();
            assert_eq!(word, shell_word(&json), "{value}");
        }
        for key in ["my team", "a,b", "a=b", "file://team", "-team", "@team", ""] {
            let of_none = of(key, None).replace("'\"$VALUE\"'", "VALUE");
            assert_eq!(of_none, shell_word(&json!({ (key): "VALUE" }).to_string()));
            assert_eq!(tag_keys(key), shell_word(&json!([key]).to_string()));
        }
        assert_eq!(tag_keys("team"), "team");
        assert_eq!(filter("vpc-id", "vpc-1"), "--filters Name=vpc-id,Values=vpc-1");
        let filters = r#"--filters '[{"Name":"vpc-id","Values":["a,b"]}]'"#;
        assert_eq!(filter("vpc-id", "a,b"), filters);
    }
}
