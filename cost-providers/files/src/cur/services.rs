//! Meaning of AWS codes: FOCUS category of a service, name of a region, type of a resource.

/// FOCUS `ServiceCategory` by product code (`line_item_product_code`). Source: FOCUS 1.2, column
/// `ServiceCategory`, and AWS's own grouping of its services ("AWS Cloud products"), read 2026-11.
/// Sorted by code.
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

/// Returns the FOCUS category of a product code; `Other` if it is not in the list.
pub(super) fn category(code: &str) -> &'static str {
    CATEGORIES.binary_search_by(|(c, _)| c.cmp(&code)).map_or("Other", |at| CATEGORIES[at].1)
}

/// Resource types by the prefix of an identifier other than an ARN.
const PREFIXES: &[(&str, &str)] = &[
    ("eipalloc-", "elastic-ip"),
    ("eni-", "network-interface"),
    ("i-", "instance"),
    ("nat-", "natgateway"),
    ("snap-", "snapshot"),
    ("vol-", "volume"),
    ("vpce-", "vpc-endpoint"),
];

/// Returns the type of a resource from its identifier: the fifth part of an ARN up to its `/` or
/// `:`, or the type for the prefix. Source: IAM user guide, "Identify AWS resources with ARNs":
/// `arn:partition:service:region:account:type/id`.
pub(super) fn resource_type(resource_id: &str) -> Option<String> {
    if let Some(rest) = resource_id.strip_prefix("arn:") {
        let resource = rest.splitn(5, ':').nth(4)?;
        let (kind, _) = resource.split_once(['/', ':'])?;
        return (!kind.is_empty()).then(|| kind.to_owned());
    }
    PREFIXES
        .iter()
        .find(|(prefix, _)| resource_id.starts_with(prefix))
        .map(|(_, kind)| (*kind).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_found() {
        assert!(CATEGORIES.windows(2).all(|w| w[0].0 < w[1].0));
        assert_eq!(
            (category("AmazonEC2"), category("awskms"), category("Unheard")),
            ("Compute", "Security", "Other")
        );
    }

    #[test]
    fn identifiers_contain_their_type() {
        assert_eq!(resource_type("i-0abc").expect("known"), "instance");
        assert_eq!(resource_type("arn:aws:rds:us-east-1:1:db:orders").expect("known"), "db");
        assert_eq!(
            resource_type("arn:aws:ec2:us-east-1:1:natgateway/nat-1").expect("known"),
            "natgateway"
        );
        assert!(
            resource_type("my-bucket").is_none()
                && resource_type("arn:aws:s3:::my-bucket").is_none()
        );
    }
}
