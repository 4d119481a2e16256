//! Least-privilege IAM policy, generated from the list of operations.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::operation::{OPERATIONS, On};

/// Returns the IAM policy (JSON) that allows exactly the operations of a pull. Without a bucket, it
/// does not allow cost reports.
#[must_use]
pub fn policy(partition: &str, bucket: Option<&str>, member_role: &str) -> Value {
    let actions = |on: On| -> BTreeSet<&str> {
        OPERATIONS.iter().filter(|o| o.on == on).map(|o| o.action).collect()
    };
    let statement = |id: &str, on: On, resource: String| json!({ "Sid": id, "Effect": "Allow", "Action": actions(on), "Resource": resource });
    let role = format!("arn:{partition}:iam::*:role/{member_role}");
    let mut statements = vec![
        statement("Read", On::All, "*".to_owned()),
        statement("MemberAccounts", On::MemberRole, role),
    ];
    if let Some(bucket) = bucket {
        let arn = format!("arn:{partition}:s3:::{bucket}");
        statements.push(statement("ListCostReports", On::Bucket, arn.clone()));
        statements.push(statement("ReadCostReports", On::Objects, format!("{arn}/*")));
    }
    json!({ "Version": "2012-10-17", "Statement": statements })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_each_declared_action_once() {
        let policy = policy("aws", Some("bills"), "CostReader");
        let statements = policy["Statement"].as_array().expect("statements");
        let mut allowed: Vec<&str> = statements
            .iter()
            .flat_map(|s| s["Action"].as_array().expect("actions"))
            .filter_map(Value::as_str)
            .collect();
        let declared: BTreeSet<&str> = OPERATIONS.iter().map(|o| o.action).collect();
        allowed.sort_unstable();
        assert_eq!(allowed, declared.into_iter().collect::<Vec<_>>());
        assert!(!policy.to_string().contains(":*\""), "no action with a wildcard");
    }
}
