//! AWS usage types, such as `USE1-BoxUsage:m4.large`, taken apart.

use crate::cloud::metered::Metered;
use crate::cloud::provider::Provider;

/// A usage type of AWS: an optional billing-region prefix, a kind, and a detail. It can be had of
/// AWS's usage alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UsageType<'a> {
    /// As the bill has it.
    pub text: &'a str,
    /// What is metered, without the region: `BoxUsage`, `EBS:VolumeUsage.gp2`.
    pub kind: &'a str,
    /// What follows an instance kind's colon: `m4.large`.
    pub instance_type: Option<&'a str>,
}

impl<'a> UsageType<'a> {
    /// The usage type of AWS's usage; `None` for usage of any other provider, whatever it is
    /// called.
    #[must_use]
    pub fn of(used: Metered<'a>) -> Option<Self> {
        (used.provider == Provider::Aws).then(|| Self::parse(used.usage_type))
    }

    /// Takes `usage_type` apart. The prefix is letters in capitals and digits up to the first `-`,
    /// as in `EUW1-`; usage types of us-east-1 often have none.
    fn parse(usage_type: &'a str) -> Self {
        // Ireland's prefix is the one of two letters.
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

    /// The type of machine after the colon, also where it is not hours that are counted: of
    /// `Train:ml.p3.2xlarge`.
    pub(super) fn named_type(&self) -> Option<&'a str> {
        self.instance_type.or_else(|| self.kind.split_once(':').map(|(_, t)| t))
    }

    /// The type of hours of EC2 instances that are no spot capacity; `None` for any other usage
    /// type.
    #[must_use]
    pub fn box_usage(&self) -> Option<&'a str> {
        self.instance_type.filter(|_| self.kind == "BoxUsage")
    }
}

/// A size or class whose `xlarge` is not shortened: usage types of databases have `2xl`.
pub(crate) fn long(name: &str) -> String {
    if name.ends_with("xl") { format!("{name}arge") } else { name.to_owned() }
}

/// Whether a kind counts hours of machines, whose type follows.
fn is_hours(kind: &str) -> bool {
    kind.ends_with("Usage") || matches!(kind, "Node" | "ESInstance" | "Host")
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
