//! ARNs of resources that bills name by their ID, for commands that take ARNs only.

/// Types of Amazon EC2 and Amazon VPC in ARNs, by the start of the resource ID.
///
/// Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2"
/// (resource types: `arn:PARTITION:ec2:REGION:ACCOUNT:TYPE/ID`). Read 2026-11.
const TYPES: [(&str, &str); 12] = [
    ("i-", "instance"),
    ("vol-", "volume"),
    ("snap-", "snapshot"),
    ("ami-", "image"),
    ("eni-", "network-interface"),
    ("eipalloc-", "elastic-ip"),
    ("nat-", "natgateway"),
    ("vpce-", "vpc-endpoint"),
    ("vpn-", "vpn-connection"),
    ("tgw-", "transit-gateway"),
    ("tgw-attach-", "transit-gateway-attachment"),
    ("cr-", "capacity-reservation"),
];

/// Returns the ARN of a resource; `None` if its ID does not show its type, or if its account or
/// region is unknown. Only the partition `aws` is known.
pub(super) fn taggable(id: &str, account: Option<&str>, region: &str) -> Option<String> {
    if id.starts_with("arn:") {
        return Some(id.to_owned());
    }
    let account = account.filter(|a| !a.is_empty())?;
    if region.is_empty() || region.starts_with("cn-") || region.starts_with("us-gov-") {
        return None;
    }
    let is_hex = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit());
    let of = |(start, _): &&(&str, &str)| id.strip_prefix(start).is_some_and(is_hex);
    let (_, kind) = TYPES.iter().find(of)?;
    Some(format!("arn:aws:ec2:{region}:{account}:{kind}/{id}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_ec2_become_arns() {
        let of = |id| taggable(id, Some("111122223333"), "eu-west-1");
        for (id, kind) in [
            ("i-0a1b2c3d", "instance"),
            ("vol-0a1b2c3d", "volume"),
            ("snap-0a1b2c3d", "snapshot"),
            ("tgw-0a1b2c3d", "transit-gateway"),
            ("tgw-attach-0a1b2c3d", "transit-gateway-attachment"),
        ] {
            let arn = format!("arn:aws:ec2:eu-west-1:111122223333:{kind}/{id}");
            assert_eq!(of(id), Some(arn));
        }
        let arn = "arn:aws:rds:eu-west-1:1:db:orders";
        assert_eq!(taggable(arn, None, ""), Some(arn.to_owned()));
        for unknown in ["my-bucket", "i-", "i-web", "vol", ""] {
            assert_eq!(of(unknown), None, "{unknown}");
        }
        assert_eq!(taggable("i-0a1b2c3d", None, "eu-west-1"), None);
        assert_eq!(taggable("i-0a1b2c3d", Some("1"), ""), None);
        assert_eq!(taggable("i-0a1b2c3d", Some("1"), "cn-north-1"), None);
    }
}
