//! How scripts of the AWS CLI begin.

/// The lines that make a script of the AWS CLI run in a region and refuse another account. Both are
/// words of a shell already.
pub(crate) fn begin(account: Option<&str>, region: Option<&str>) -> Vec<String> {
    let mut all = vec![r#"[ -z "${AWS_PROFILE:-}" ] || export AWS_PROFILE"#.to_owned()];
    all.push("export AWS_PAGER='' AWS_DEFAULT_OUTPUT=json".to_owned());
    if let Some(region) = region {
        all.push(format!("export AWS_REGION={region} AWS_DEFAULT_REGION={region}"));
    }
    all.push("ACCOUNT=$(aws sts get-caller-identity --query Account --output text)".to_owned());
    if let Some(account) = account {
        all.push(format!(
            r#"[ "$ACCOUNT" = {account} ] || {{ echo "these credentials are of account $ACCOUNT, not "{account}": set AWS_PROFILE" >&2; exit 1; }}"#
        ));
    }
    all
}
