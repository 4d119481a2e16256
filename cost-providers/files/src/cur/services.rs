//! What AWS's codes tell: the FOCUS category of a service, the name of a region, the type of a resource.

/// FOCUS `ServiceCategory` by product code (`line_item_product_code`). Source: FOCUS 1.2, column `ServiceCategory`, and
/// AWS's own grouping of its services ("AWS Cloud products"), read 2026-11. By code, sorted.
const CATEGORIES: &[(&str, &str)] = &[
    ("AWSBackup", "Storage"),
    ("AWSCloudTrail", "Management and Governance"),
    ("AWSConfig", "Management and Governance"),
    ("AWSDataTransfer", "Networking"),
    ("AWSDatabaseMigrationSvc", "Migration"),
    ("AWSDirectConnect", "Networking"),
    ("AWSDirectoryService", "Identity"),
    ("AWSELB", "Networking"),
    ("AWSEvents", "Integration"),
    ("AWSGlue", "Analytics"),
    ("AWSIoT", "Internet of Things"),
    ("AWSLambda", "Compute"),
    ("AWSQueueService", "Integration"),
    ("AWSSecretsManager", "Security"),
    ("AWSSecurityHub", "Security"),
    ("AWSSupportBusiness", "Other"),
    ("AWSSupportEnterprise", "Other"),
    ("AWSSystemsManager", "Management and Governance"),
    ("AWSTransfer", "Migration"),
    ("AWSXRay", "Developer Tools"),
    ("AmazonApiGateway", "Integration"),
    ("AmazonAthena", "Analytics"),
    ("AmazonBedrock", "AI and Machine Learning"),
    ("AmazonCloudFront", "Networking"),
    ("AmazonCloudWatch", "Management and Governance"),
    ("AmazonCognito", "Identity"),
    ("AmazonDAX", "Databases"),
    ("AmazonDocDB", "Databases"),
    ("AmazonDynamoDB", "Databases"),
    ("AmazonEC2", "Compute"),
    ("AmazonECR", "Compute"),
    ("AmazonECRPublic", "Compute"),
    ("AmazonECS", "Compute"),
    ("AmazonEFS", "Storage"),
    ("AmazonEKS", "Compute"),
    ("AmazonES", "Analytics"),
    ("AmazonElastiCache", "Databases"),
    ("AmazonFSx", "Storage"),
    ("AmazonGlacier", "Storage"),
    ("AmazonGuardDuty", "Security"),
    ("AmazonInspectorV2", "Security"),
    ("AmazonKinesis", "Analytics"),
    ("AmazonKinesisFirehose", "Analytics"),
    ("AmazonLightsail", "Compute"),
    ("AmazonMQ", "Integration"),
    ("AmazonMSK", "Analytics"),
    ("AmazonMWAA", "Integration"),
    ("AmazonMemoryDB", "Databases"),
    ("AmazonNeptune", "Databases"),
    ("AmazonQuickSight", "Analytics"),
    ("AmazonRDS", "Databases"),
    ("AmazonRedshift", "Analytics"),
    ("AmazonRoute53", "Networking"),
    ("AmazonS3", "Storage"),
    ("AmazonS3GlacierDeepArchive", "Storage"),
    ("AmazonSES", "Business Applications"),
    ("AmazonSNS", "Integration"),
    ("AmazonSageMaker", "AI and Machine Learning"),
    ("AmazonStates", "Integration"),
    ("AmazonVPC", "Networking"),
    ("AmazonWorkSpaces", "Business Applications"),
    ("CodeBuild", "Developer Tools"),
    ("ComputeSavingsPlans", "Compute"),
    ("DatabaseSavingsPlans", "Databases"),
    ("MachineLearningSavingsPlans", "AI and Machine Learning"),
    ("awskms", "Security"),
    ("awswaf", "Security"),
];

/// The FOCUS category of a product code; `Other` if the list does not have it.
pub(super) fn category(code: &str) -> &'static str {
    CATEGORIES.binary_search_by(|(c, _)| c.cmp(&code)).map_or("Other", |at| CATEGORIES[at].1)
}

/// Names of regions by code. Source: AWS Regions and Availability Zones user guide, "AWS Regions". By code, sorted.
const REGIONS: &[(&str, &str)] = &[
    ("af-south-1", "Africa (Cape Town)"),
    ("ap-east-1", "Asia Pacific (Hong Kong)"),
    ("ap-east-2", "Asia Pacific (Taipei)"),
    ("ap-northeast-1", "Asia Pacific (Tokyo)"),
    ("ap-northeast-2", "Asia Pacific (Seoul)"),
    ("ap-northeast-3", "Asia Pacific (Osaka)"),
    ("ap-south-1", "Asia Pacific (Mumbai)"),
    ("ap-south-2", "Asia Pacific (Hyderabad)"),
    ("ap-southeast-1", "Asia Pacific (Singapore)"),
    ("ap-southeast-2", "Asia Pacific (Sydney)"),
    ("ap-southeast-3", "Asia Pacific (Jakarta)"),
    ("ap-southeast-4", "Asia Pacific (Melbourne)"),
    ("ap-southeast-5", "Asia Pacific (Malaysia)"),
    ("ap-southeast-6", "Asia Pacific (New Zealand)"),
    ("ap-southeast-7", "Asia Pacific (Thailand)"),
    ("ca-central-1", "Canada (Central)"),
    ("ca-west-1", "Canada West (Calgary)"),
    ("cn-north-1", "China (Beijing)"),
    ("cn-northwest-1", "China (Ningxia)"),
    ("eu-central-1", "Europe (Frankfurt)"),
    ("eu-central-2", "Europe (Zurich)"),
    ("eu-north-1", "Europe (Stockholm)"),
    ("eu-south-1", "Europe (Milan)"),
    ("eu-south-2", "Europe (Spain)"),
    ("eu-west-1", "Europe (Ireland)"),
    ("eu-west-2", "Europe (London)"),
    ("eu-west-3", "Europe (Paris)"),
    ("il-central-1", "Israel (Tel Aviv)"),
    ("me-central-1", "Middle East (UAE)"),
    ("me-south-1", "Middle East (Bahrain)"),
    ("mx-central-1", "Mexico (Central)"),
    ("sa-east-1", "South America (São Paulo)"),
    ("us-east-1", "US East (N. Virginia)"),
    ("us-east-2", "US East (Ohio)"),
    ("us-gov-east-1", "AWS GovCloud (US-East)"),
    ("us-gov-west-1", "AWS GovCloud (US-West)"),
    ("us-west-1", "US West (N. California)"),
    ("us-west-2", "US West (Oregon)"),
];

/// The name of a region.
pub(super) fn region(code: &str) -> Option<&'static str> {
    REGIONS.binary_search_by(|(c, _)| (*c).cmp(code)).ok().map(|at| REGIONS[at].1)
}

/// Resource types by the prefix of an identifier that is no ARN.
const PREFIXES: &[(&str, &str)] = &[
    ("eipalloc-", "elastic-ip"),
    ("eni-", "network-interface"),
    ("i-", "instance"),
    ("nat-", "natgateway"),
    ("snap-", "snapshot"),
    ("vol-", "volume"),
    ("vpce-", "vpc-endpoint"),
];

/// The type an identifier tells: the fifth part of an ARN up to its `/` or `:`, or what the prefix stands for.
/// Source: IAM user guide, "Identify AWS resources with ARNs": `arn:partition:service:region:account:type/id`.
pub(super) fn resource_type(resource_id: &str) -> Option<String> {
    if let Some(rest) = resource_id.strip_prefix("arn:") {
        let resource = rest.splitn(5, ':').nth(4)?;
        let (kind, _) = resource.split_once(['/', ':'])?;
        return (!kind.is_empty()).then(|| kind.to_owned());
    }
    PREFIXES.iter().find(|(prefix, _)| resource_id.starts_with(prefix)).map(|(_, kind)| (*kind).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_found() {
        assert!(CATEGORIES.windows(2).all(|w| w[0].0 < w[1].0));
        assert!(REGIONS.windows(2).all(|w| w[0].0 < w[1].0));
        assert_eq!((region("eu-west-1"), region("xx-moon-1")), (Some("Europe (Ireland)"), None));
        assert_eq!((category("AmazonEC2"), category("awskms"), category("Unheard")), ("Compute", "Security", "Other"));
    }

    #[test]
    fn identifiers_tell_their_type() {
        assert_eq!(resource_type("i-0abc").expect("known"), "instance");
        assert_eq!(resource_type("arn:aws:rds:us-east-1:1:db:orders").expect("known"), "db");
        assert_eq!(resource_type("arn:aws:ec2:us-east-1:1:natgateway/nat-1").expect("known"), "natgateway");
        assert!(resource_type("my-bucket").is_none() && resource_type("arn:aws:s3:::my-bucket").is_none());
    }
}
