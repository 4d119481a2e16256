//! AWS usage types, such as `USE1-BoxUsage:m4.large`, taken apart.

/// A usage type: an optional billing-region prefix, a kind, and a detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meter<'a> {
    /// What is metered, without the region: `BoxUsage`, `EBS:VolumeUsage.gp2`.
    pub kind: &'a str,
    /// What follows an instance kind's colon: `m4.large`.
    pub instance_type: Option<&'a str>,
}

impl<'a> Meter<'a> {
    /// Takes `usage_type` apart. The prefix is letters in capitals and digits up to the first `-`, as in `EUW1-`; usage
    /// types of us-east-1 often have none.
    #[must_use]
    pub fn parse(usage_type: &'a str) -> Self {
        // Ireland's prefix is the one of two letters.
        let is_region =
            |p: &str| (p.len() >= 3 || p == "EU") && p.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let kind = match usage_type.split_once('-') {
            Some((prefix, rest)) if is_region(prefix) => rest,
            _ => usage_type,
        };
        match kind.split_once(':') {
            Some((k, t)) if is_hours(k) && t.contains('.') => Self { kind: k, instance_type: Some(t) },
            _ => Self { kind, instance_type: None },
        }
    }

    /// The type of on-demand instance hours; `None` for any other usage type.
    #[must_use]
    pub fn on_demand_instance(usage_type: &'a str) -> Option<&'a str> {
        let meter = Self::parse(usage_type);
        meter.instance_type.filter(|_| meter.kind == "BoxUsage")
    }
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
        assert_eq!(Meter::on_demand_instance("USE1-BoxUsage:m4.large"), Some("m4.large"));
        assert_eq!(Meter::on_demand_instance("BoxUsage:t3.micro"), Some("t3.micro"));
        assert_eq!(Meter::on_demand_instance("EU-BoxUsage:t3.micro"), Some("t3.micro"));
        assert_eq!(Meter::on_demand_instance("SpotUsage:t3.micro"), None);
        assert_eq!(Meter::parse("EUW1-EBS:VolumeUsage.gp2").kind, "EBS:VolumeUsage.gp2");
        assert_eq!(Meter::parse("EBS:VolumeUsage.gp3").kind, "EBS:VolumeUsage.gp3");
        assert_eq!(Meter::parse("DataTransfer-Out-Bytes").kind, "DataTransfer-Out-Bytes");
        assert_eq!(Meter::parse("USW2-PublicIPv4:IdleAddress").kind, "PublicIPv4:IdleAddress");
    }
}
