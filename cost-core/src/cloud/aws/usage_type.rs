//! Parsing of AWS usage types, such as `USE1-BoxUsage:m4.large`.

use crate::cloud::metered::Metered;
use crate::cloud::provider::Provider;

/// AWS usage type: an optional billing-region prefix, a kind, and a detail. It can be created only
/// from usage of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageType<'a> {
    /// The usage type as in the bill.
    pub text: &'a str,
    /// Metered item without the region: `BoxUsage`, `EBS:VolumeUsage.gp2`.
    pub kind: &'a str,
    /// Part after the colon of an instance kind: `m4.large`.
    pub instance_type: Option<&'a str>,
}

impl<'a> UsageType<'a> {
    /// Returns the usage type of AWS usage; `None` for usage of another provider.
    #[must_use]
    pub fn of(used: Metered<'a>) -> Option<Self> {
        (used.provider == Provider::Aws).then(|| Self::parse(used.usage_type))
    }

    /// Parses `usage_type`. The prefix is uppercase letters and digits up to the first `-`, as in
    /// `EUW1-`. Usage types of us-east-1 often have no prefix.
    fn parse(usage_type: &'a str) -> Self {
        // The prefix of Ireland is `EU`, the only one with two letters.
        let is_region = |p: &str| {
            (p.len() >= 3 || p == "EU")
                && p.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        };
        let kind = match usage_type.split_once('-') {
            Some((prefix, rest)) if is_region(prefix) => rest,
            _ => usage_type,
        };
        match kind.split_once(':') {
            Some((k, t)) if is_hours(k) && t.contains('.') => {
                Self { text: usage_type, kind: k, instance_type: Some(t) }
            }
            _ => Self { text: usage_type, kind, instance_type: None },
        }
    }

    /// Returns the machine type after the colon, also if the unit is not hours: for example of
    /// `Train:ml.p3.2xlarge`.
    pub(super) fn named_type(&self) -> Option<&'a str> {
        self.instance_type.or_else(|| self.kind.split_once(':').map(|(_, t)| t))
    }

    /// Returns the instance type of EC2 instance hours other than spot; `None` for any other usage
    /// type.
    #[must_use]
    pub fn box_usage(&self) -> Option<&'a str> {
        self.instance_type.filter(|_| self.kind == "BoxUsage")
    }
}

/// Converts a size or class to the full `xlarge` form: usage types of databases have `2xl`.
pub(crate) fn long(name: &str) -> String {
    if name.ends_with("xl") { format!("{name}arge") } else { name.to_owned() }
}

/// Returns whether a kind measures hours of machines, whose type follows.
fn is_hours(kind: &str) -> bool {
    // Aurora with I/O-Optimized storage: `InstanceUsageIOOptimized:db.r6g.large`.
    kind.ends_with("Usage")
        || kind.ends_with("UsageIOOptimized")
        || matches!(kind, "Node" | "ESInstance" | "Host")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_types_come_apart() {
        let box_usage = |text| UsageType::parse(text).box_usage();
        assert_eq!(box_usage("USE1-BoxUsage:m4.large"), Some("m4.large"));
        assert_eq!(box_usage("BoxUsage:t3.micro"), Some("t3.micro"));
        assert_eq!(box_usage("EU-BoxUsage:t3.micro"), Some("t3.micro"));
        assert_eq!(box_usage("SpotUsage:t3.micro"), None);
        for text in ["InstanceUsageIOOptimized:db.r6g.large", "EU-InstanceUsage:db.r6g.large"] {
            assert_eq!(UsageType::parse(text).instance_type, Some("db.r6g.large"), "{text}");
        }
        assert_eq!(UsageType::parse("EUW1-EBS:VolumeUsage.gp2").kind, "EBS:VolumeUsage.gp2");
        assert_eq!(UsageType::parse("EBS:VolumeUsage.gp3").kind, "EBS:VolumeUsage.gp3");
        assert_eq!(UsageType::parse("DataTransfer-Out-Bytes").kind, "DataTransfer-Out-Bytes");
        assert_eq!(UsageType::parse("USW2-PublicIPv4:IdleAddress").kind, "PublicIPv4:IdleAddress");
    }

    #[test]
    fn the_door_is_open_to_aws_alone() {
        for provider in Provider::ALL {
            let used = Metered::new(provider, "USE1-BoxUsage:m4.large");
            assert_eq!(UsageType::of(used).is_some(), provider == Provider::Aws, "{provider:?}");
        }
    }
}
