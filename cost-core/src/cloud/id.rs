//! Resource identifiers: bills and inventories are matched by them, and their form shows the
//! provider.

use super::aws::arn::{Arn, last_part};

/// Returns the short form of an identifier: the part after the last `/` of an ARN.
#[must_use]
pub fn short_id(resource_id: &str) -> &str {
    resource_id.rsplit('/').next().unwrap_or(resource_id)
}

/// Returns the part of an ARN that identifies the resource within its account and region; any other
/// identifier unchanged.
#[must_use]
pub fn resource_part(resource_id: &str) -> &str {
    Arn::of(resource_id).map_or(resource_id, |arn| arn.resource)
}

/// Returns the key that bills, inventories, and metrics share for a resource. EC2 uses `i-…` in one
/// and an ARN that ends with it in the other, S3 a name and an ARN. Other services use the ARN in
/// both, log groups sometimes with a trailing `:*`. Metrics have the name of a cluster of MSK or a
/// broker of Amazon MQ, which is unique in a region, and not the ID that follows it in the ARN.
#[must_use]
pub fn resource_key(resource_id: &str) -> &str {
    match Arn::of(resource_id) {
        Some(Arn { service: "ec2", resource, .. }) => short_id(resource),
        Some(Arn { service: "s3", resource, .. }) => resource,
        Some(Arn { service: "kafka", resource, .. }) => without_id(resource_id, resource, '/'),
        Some(Arn { service: "mq", resource, .. }) => without_id(resource_id, resource, ':'),
        _ => resource_id.strip_suffix(":*").unwrap_or(resource_id),
    }
}

/// Returns an ARN without the ID at its end if its resource has three parts, such as
/// `cluster/NAME/ID`.
fn without_id<'a>(arn: &'a str, resource: &str, separator: char) -> &'a str {
    let has_id = resource.matches(separator).count() == 2;
    arn.rsplit_once(separator).filter(|_| has_id).map_or(arn, |(named, _)| named)
}

/// Returns the part that identifies a resource among others of its kind: the last part of an ARN;
/// any other identifier unchanged.
#[must_use]
pub fn last_part_of_id(id: &str) -> &str {
    if Arn::of(id).is_some() { last_part(id) } else { id }
}

/// Returns the account in an identifier; `None` if there is none.
#[must_use]
pub fn account_of_id(id: &str) -> Option<&str> {
    Arn::of(id)?.account
}

/// Returns whether a cell has the form of a region ID: lowercase letters, digits, and hyphens.
#[must_use]
pub fn is_region_id(cell: &str) -> bool {
    cell.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bills_and_inventories_meet_in_one_key() {
        for (bill, inventory) in [
            ("arn:aws:ec2:us-east-1:1:instance/i-1", "i-1"),
            ("arn:aws:s3:::lake", "lake"),
            (
                "arn:aws:logs:us-east-1:1:log-group:/a/b:*",
                "arn:aws:logs:us-east-1:1:log-group:/a/b",
            ),
            ("arn:aws:rds:us-east-1:1:db:orders", "arn:aws:rds:us-east-1:1:db:orders"),
            ("arn:aws:kafka:r:1:cluster/clicks/0a1b-c2-3", "arn:aws:kafka:r:1:cluster/clicks"),
            ("arn:aws:mq:r:1:broker:orders:b-0a1b-c2", "arn:aws:mq:r:1:broker:orders"),
        ] {
            assert_eq!(resource_key(bill), resource_key(inventory));
        }
        assert_ne!(
            resource_key("arn:aws:logs:r:1:log-group:/a/x"),
            resource_key("arn:aws:logs:r:1:log-group:/b/x")
        );
        // A topic is no cluster.
        let topic = "arn:aws:kafka:r:1:topic/clicks/0a1b-c2-3/pages";
        assert_eq!(resource_key(topic), topic);
    }

    #[test]
    fn a_resource_is_identified_within_its_account() {
        assert_eq!(resource_part("arn:aws:rds:us-east-1:1:db:orders"), "db:orders");
        assert_eq!(resource_part("arn:aws:s3:::lake"), "lake");
        assert_eq!(resource_part("i-1"), "i-1");
        let parts = [
            "arn:aws:rds:us-east-1:1:db:orders",
            "arn:aws:ec2:r:1:instance/i-1",
            "/subscriptions/1",
        ]
        .map(last_part_of_id);
        assert_eq!(parts, ["orders", "i-1", "/subscriptions/1"]);
    }

    #[test]
    fn an_id_contains_its_account() {
        assert_eq!(
            account_of_id("arn:aws:savingsplans::123456789012:savingsplan/1"),
            Some("123456789012")
        );
        assert_eq!([account_of_id("arn:aws:s3:::bucket"), account_of_id("i-1")], [None; 2]);
    }
}
