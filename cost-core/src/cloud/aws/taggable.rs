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

/// Service names of Amazon S3 in bills, whose resource IDs are names of buckets.
///
/// Source: AWS Data Exports User Guide, "FOCUS 1.0 with AWS columns" (`ServiceName`). Read 2026-11.
const S3: [&str; 2] = ["Amazon Simple Storage Service", "AmazonS3"];

/// Returns the ARN of a resource; `None` if neither its ID nor its service shows its type, or if its
/// account or region is unknown. Only the partition `aws` is known.
pub(super) fn taggable(
    id: &str,
    service: Option<&str>,
    account: Option<&str>,
    region: &str,
) -> Option<String> {
    if id.starts_with("arn:") {
        return Some(id.to_owned());
    }
    let account = account.filter(|a| !a.is_empty())?;
    if region.is_empty() || region.starts_with("cn-") || region.starts_with("us-gov-") {
        return None;
    }
    if service.is_some_and(|s| S3.contains(&s)) && is_bucket(id) {
        return Some(format!("arn:aws:s3:::{id}"));
    }
    let is_hex = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit());
    let of = |(start, _): &&(&str, &str)| id.strip_prefix(start).is_some_and(is_hex);
    let (_, kind) = TYPES.iter().find(of)?;
    Some(format!("arn:aws:ec2:{region}:{account}:{kind}/{id}"))
}

/// Returns whether a text is a valid name of a general purpose bucket. The names of other buckets end
/// in a reserved suffix, and their ARNs have another form.
///
/// Source: Amazon S3 User Guide, "General purpose bucket naming rules". Read 2026-11.
fn is_bucket(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (3..=63).contains(&name.len())
        && name.chars().all(|c| letter(c) || matches!(c, '.' | '-'))
        && name.starts_with(letter)
        && name.ends_with(letter)
        && ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"]
            .iter()
            .all(|end| !name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_ec2_become_arns() {
        let of = |id| taggable(id, None, Some("111122223333"), "eu-west-1");
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
        assert_eq!(taggable(arn, None, None, ""), Some(arn.to_owned()));
        for unknown in ["my-bucket", "i-", "i-web", "vol", ""] {
            assert_eq!(of(unknown), None, "{unknown}");
        }
        assert_eq!(taggable("i-0a1b2c3d", None, None, "eu-west-1"), None);
        assert_eq!(taggable("i-0a1b2c3d", None, Some("1"), ""), None);
        assert_eq!(taggable("i-0a1b2c3d", None, Some("1"), "cn-north-1"), None);
    }

    #[test]
    fn names_of_buckets_become_arns() {
        let of =
            |id, region| taggable(id, Some("Amazon Simple Storage Service"), Some("1"), region);
        let arn = |name: &str| Some(format!("arn:aws:s3:::{name}"));
        for name in ["lake", "web.example.com", "i-0a1b2c3d", "2026-logs"] {
            assert_eq!(of(name, "eu-west-1"), arn(name));
        }
        for other in ["ab", "Lake", "-lake", "lake.", "a/b", "lake--use1-az4--x-s3", ""] {
            assert_eq!(of(other, "eu-west-1"), None, "{other}");
        }
        assert_eq!([of("lake", ""), of("lake", "cn-north-1")], [None, None]);
        assert_eq!(taggable("lake", Some("Amazon Athena"), Some("1"), "eu-west-1"), None);
    }
}
