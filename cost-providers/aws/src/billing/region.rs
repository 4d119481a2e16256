//! Regions by the prefix of usage types.

/// Region by the prefix of usage types. Source: AWS Billing user guide and S3 user guide,
/// "Understanding your AWS billing and usage reports" (region codes), read 2026-11. By prefix,
/// sorted.
const PREFIXES: &[(&str, &str)] = &[
    ("AFS1", "af-south-1"),
    ("APE1", "ap-east-1"),
    ("APN1", "ap-northeast-1"),
    ("APN2", "ap-northeast-2"),
    ("APN3", "ap-northeast-3"),
    ("APS1", "ap-southeast-1"),
    ("APS2", "ap-southeast-2"),
    ("APS3", "ap-south-1"),
    ("APS4", "ap-southeast-3"),
    ("APS5", "ap-south-2"),
    ("APS6", "ap-southeast-4"),
    ("CAN1", "ca-central-1"),
    ("CAN2", "ca-west-1"),
    ("EU", "eu-west-1"),
    ("EUC1", "eu-central-1"),
    ("EUC2", "eu-central-2"),
    ("EUN1", "eu-north-1"),
    ("EUS1", "eu-south-1"),
    ("EUS2", "eu-south-2"),
    ("EUW1", "eu-west-1"),
    ("EUW2", "eu-west-2"),
    ("EUW3", "eu-west-3"),
    ("ILC1", "il-central-1"),
    ("MEC1", "me-central-1"),
    ("MES1", "me-south-1"),
    ("SAE1", "sa-east-1"),
    ("UGE1", "us-gov-east-1"),
    ("UGW1", "us-gov-west-1"),
    ("USE1", "us-east-1"),
    ("USE2", "us-east-2"),
    ("USW1", "us-west-1"),
    ("USW2", "us-west-2"),
];

/// Returns the region of a usage type with a known prefix. Usage types of us-east-1 and of global
/// services mostly have no prefix; their region is unknown.
pub(super) fn of_usage_type(usage_type: &str) -> Option<&'static str> {
    let (prefix, _) = usage_type.split_once('-')?;
    PREFIXES.binary_search_by(|(p, _)| p.cmp(&prefix)).ok().map(|at| PREFIXES[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_sorted_and_found() {
        assert!(PREFIXES.windows(2).all(|w| w[0].0 < w[1].0));
        assert_eq!(of_usage_type("EUC1-BoxUsage:m5.large"), Some("eu-central-1"));
        assert_eq!(of_usage_type("EU-EBS:VolumeUsage.gp3"), Some("eu-west-1"));
        assert_eq!(of_usage_type("BoxUsage:m5.large"), None);
    }
}
