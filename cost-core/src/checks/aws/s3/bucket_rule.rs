//! Shared code of checks that add a lifecycle rule to a bucket.

use crate::opportunity::Draft;

/// Adds the lines that add a rule to a bucket's existing rules and roll it back. Putting a
/// configuration replaces all rules, so the script reads the existing ones first.
pub(in crate::checks) fn add_rule(draft: Draft, bucket: &str, id: &str, action: &str) -> Draft {
    let put = |file: &str| {
        format!(
            "aws s3api put-bucket-lifecycle-configuration --bucket {bucket} --lifecycle-configuration file://{file}"
        )
    };
    let rule = format!("{{\"ID\": \"{id}\", \"Status\": \"Enabled\", \"Filter\": {{}}, {action}}}");
    draft
        .run("[ ! -e done.txt ] || { echo 'this was run before: see before.json' >&2; exit 1; }")
        .run(format!("if aws s3api get-bucket-lifecycle-configuration --bucket {bucket} --query '{{Rules: Rules}}' > rules.json 2> error.txt; then"))
        .run(format!("aws s3api get-bucket-lifecycle-configuration --bucket {bucket} --query '{{Rules: [Rules, `[{rule}]`][]}}' > after.json\nmv rules.json before.json"))
        .run("elif grep -q NoSuchLifecycleConfiguration error.txt; then")
        .run(format!("echo '{{\"Rules\": [{rule}]}}' > after.json\necho none > before.json"))
        .run("else\ncat error.txt >&2\nexit 1\nfi")
        .run(put("after.json"))
        .run("touch done.txt")
        .undo("if [ \"$(cat before.json)\" = none ]; then")
        .undo(format!("aws s3api delete-bucket-lifecycle --bucket {bucket}\nelse\n{}\nfi", put("before.json")))
}
