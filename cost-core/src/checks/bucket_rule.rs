//! What checks share that add a lifecycle rule to a bucket.

use crate::opportunity::Draft;

/// The lines that add a rule to those a bucket has, and back. Putting a configuration replaces all rules, so that the ones there are read first.
pub(super) fn add_rule(draft: Draft, bucket: &str, id: &str, action: &str) -> Draft {
    let put = |file: &str| {
        format!(
            "aws s3api put-bucket-lifecycle-configuration --bucket {bucket} --lifecycle-configuration file://{file}"
        )
    };
    let rule = format!("{{\"ID\": \"{id}\", \"Status\": \"Enabled\", \"Filter\": {{}}, {action}}}");
    draft
        .run(format!("aws s3api get-bucket-lifecycle-configuration --bucket {bucket} > before.json  # without rules: echo '{{\"Rules\": []}}'"))
        .run(format!("jq '.Rules += [{rule}]' before.json > after.json"))
        .run(put("after.json"))
        .undo(format!("{}  # without rules before: aws s3api delete-bucket-lifecycle --bucket {bucket}", put("before.json")))
}
