//! Usage that commitments can cover.
//!
//! Source: AWS Savings Plans User Guide, "What are Savings Plans?"; user guides of Amazon RDS,
//! `ElastiCache`, `MemoryDB`, `OpenSearch` Service, Redshift and `DynamoDB` on reservations. Read
//! 2026-11.

use super::usage_type::UsageType;
use crate::cloud::metered::Metered;

/// Usage that the same kinds of commitments can cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Coverable {
    /// EC2 instances, Fargate, Lambda: Savings Plans for compute, reserved instances.
    Compute,
    /// RDS and Aurora instances.
    Rds,
    /// `ElastiCache` nodes.
    ElastiCache,
    /// `MemoryDB` nodes.
    MemoryDb,
    /// `OpenSearch` instances.
    OpenSearch,
    /// Redshift nodes.
    Redshift,
    /// Provisioned capacity of `DynamoDB`.
    DynamoDb,
    /// Instances of `SageMaker`.
    SageMaker,
}

impl Coverable {
    /// Returns the group of AWS usage; `None` if no commitment can cover it, or if it is from
    /// another provider.
    #[must_use]
    pub fn of(used: Metered<'_>) -> Option<Self> {
        Self::of_type(UsageType::of(used)?)
    }

    /// Returns the group of a usage type; `None` if no commitment can cover it.
    pub(super) fn of_type(meter: UsageType<'_>) -> Option<Self> {
        let kind = meter.kind;
        match meter.instance_type {
            Some(t) if t.starts_with("db.") && kind == "NodeUsage" => Some(Self::MemoryDb),
            // Aurora with I/O-Optimized storage needs 1.3 times the units of a reservation, which
            // the simulator does not support (Amazon Aurora User Guide, "Reserved DB instances").
            Some(t) if t.starts_with("db.") && kind.ends_with("IOOptimized") => None,
            Some(t) if t.starts_with("db.") => Some(Self::Rds),
            Some(t) if t.starts_with("cache.") => Some(Self::ElastiCache),
            Some(t) if t.starts_with("ml.") => Some(Self::SageMaker),
            Some(_) => match kind {
                "BoxUsage" | "DedicatedUsage" => Some(Self::Compute),
                "ESInstance" => Some(Self::OpenSearch),
                "Node" => Some(Self::Redshift),
                _ => None,
            },
            None => Self::of_kind(kind),
        }
    }

    /// Returns the group of a usage type without an instance type.
    fn of_kind(kind: &str) -> Option<Self> {
        let starts = |with: &[&str]| with.iter().any(|w| kind.starts_with(w));
        match kind {
            "ReadCapacityUnit-Hrs" | "WriteCapacityUnit-Hrs" => Some(Self::DynamoDb),
            _ if starts(&["Fargate-", "Lambda-GB-Second", "Lambda-Provisioned-"]) => {
                Some(Self::Compute)
            }
            _ if kind.contains(":ml.") => Some(Self::SageMaker),
            _ => None,
        }
    }
}

/// Parts of the names of services whose instances have the usage types of RDS, and the services.
/// Reservations of RDS do not cover them (AWS Price List: `InstanceUsage:db.r5.large` is a usage
/// type of all of them; read 2026-11).
const LIKE_RDS: [(&str, &str); 3] =
    [("DocumentDB", "DocumentDB"), ("DocDB", "DocumentDB"), ("Neptune", "Neptune")];

/// Returns the service with a `ServiceName` if it has the usage types of RDS, but is another
/// service.
pub(super) fn other_service(service_name: &str) -> Option<&'static str> {
    let of = LIKE_RDS.iter().find(|(part, _)| service_name.contains(part));
    of.map(|(_, service)| *service)
}

/// Returns the family of AWS usage: `m5`, `db.r5`, `cache.r6g`, `ml.m5`. `Fargate`, `Lambda`, and
/// `DynamoDB` are families of their own.
#[must_use]
pub fn family(used: Metered<'_>) -> Option<String> {
    let meter = UsageType::of(used)?;
    let of_machine =
        |t: &str| t.rsplit_once('.').map_or_else(|| t.to_owned(), |(family, _)| family.to_owned());
    if let Some(t) = meter.instance_type {
        return Some(of_machine(t));
    }
    match Coverable::of_type(meter)? {
        Coverable::DynamoDb => Some("DynamoDB".to_owned()),
        Coverable::SageMaker => meter.named_type().map(of_machine),
        _ if meter.kind.starts_with("Fargate") => Some("Fargate".to_owned()),
        _ => Some("Lambda".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::provider::Provider;

    fn aws(usage_type: &str) -> Metered<'_> {
        Metered::new(Provider::Aws, usage_type)
    }

    #[test]
    fn services_with_the_usage_types_of_rds_are_distinguished() {
        let document_db = Some("DocumentDB");
        let named = "Amazon DocumentDB (with MongoDB compatibility)";
        assert_eq!(
            (other_service(named), other_service("AmazonDocDB")),
            (document_db, document_db)
        );
        assert_eq!(other_service("Amazon Neptune"), Some("Neptune"));
        assert_eq!(other_service("Amazon Relational Database Service"), None);
    }

    #[test]
    fn usage_types_are_distinguished() {
        let of = |usage_type: &str| (Coverable::of(aws(usage_type)), family(aws(usage_type)));
        let known = |kind, family: &str| (Some(kind), Some(family.to_owned()));
        assert_eq!(of("EU-BoxUsage:m5.large"), known(Coverable::Compute, "m5"));
        assert_eq!(of("USW2-Fargate-ARM-GB-Hours"), known(Coverable::Compute, "Fargate"));
        assert_eq!(of("Lambda-GB-Second-ARM"), known(Coverable::Compute, "Lambda"));
        assert_eq!(of("EUC1-Multi-AZUsage:db.r5.2xl"), known(Coverable::Rds, "db.r5"));
        assert_eq!(of("NodeUsage:cache.r6g.large"), known(Coverable::ElastiCache, "cache.r6g"));
        assert_eq!(of("NodeUsage:db.r6g.large"), known(Coverable::MemoryDb, "db.r6g"));
        assert_eq!(of("ESInstance:r6g.large"), known(Coverable::OpenSearch, "r6g"));
        assert_eq!(of("Node:ra3.xlplus"), known(Coverable::Redshift, "ra3"));
        assert_eq!(of("Host:ml.m5.large"), known(Coverable::SageMaker, "ml.m5"));
        assert_eq!(of("USE1-Train:ml.p3.2xlarge"), known(Coverable::SageMaker, "ml.p3"));
        assert_eq!(of("ReadCapacityUnit-Hrs"), known(Coverable::DynamoDb, "DynamoDB"));
        // Spot has its own price; storage and requests are not coverable.
        for usage_type in [
            "SpotUsage:m5.large",
            "EBS:VolumeUsage.gp3",
            "Request",
            "Lambda-Requests",
            "RDS:GP3-Storage",
        ] {
            assert_eq!(Coverable::of(aws(usage_type)), None, "{usage_type}");
        }
    }
}
