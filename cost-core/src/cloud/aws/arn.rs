//! Amazon Resource Names: `arn:partition:service:region:account:resource`.
//!
//! Source: AWS IAM User Guide, "Identify AWS resources with Amazon Resource Names (ARNs)". Read
//! 2026-11.

/// Parts of an ARN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    /// Service: `ec2`, `s3`, `logs`, ….
    pub(crate) service: &'a str,
    /// Account; `None` if the ARN has none, as for buckets.
    pub(crate) account: Option<&'a str>,
    /// Part that identifies the resource within account and region: `instance/i-1`, `db:orders`, or
    /// a bucket's name.
    pub(crate) resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Parses a text as an ARN; `None` if it is not one.
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let (head, _, service) = (parts.next()?, parts.next()?, parts.next()?);
        let (_, account, resource) = (parts.next()?, parts.next()?, parts.next()?);
        (head == "arn").then_some(Self {
            service,
            account: Some(account).filter(|a| !a.is_empty()),
            resource,
        })
    }
}

/// Returns the last part of an ARN, which the service's commands use as the name of the resource:
/// `orders` in `arn:aws:rds:us-east-1:1:db:orders`.
pub(crate) fn last_part(arn: &str) -> &str {
    arn.rsplit([':', '/']).next().unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_comes_apart() {
        let of = |text| Arn::of(text).map(|a| (a.service, a.account, a.resource));
        let plan = "arn:aws:savingsplans::123456789012:savingsplan/1";
        assert_eq!(of(plan), Some(("savingsplans", Some("123456789012"), "savingsplan/1")));
        assert_eq!(of("arn:aws:s3:::lake"), Some(("s3", None, "lake")));
        assert_eq!(
            of("arn:aws:logs:r:1:log-group:/a:*"),
            Some(("logs", Some("1"), "log-group:/a:*"))
        );
        assert_eq!([of("i-1"), of("arn:aws:s3"), of("/subscriptions/1/x:y:z:a:b:c")], [None; 3]);
        assert_eq!(last_part("arn:aws:rds:us-east-1:1:db:orders"), "orders");
    }
}
