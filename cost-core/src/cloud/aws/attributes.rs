//! Commitment attributes of an AWS line item: service, family, size, platform, tenancy.
//!
//! Sources: for operations, Amazon EC2 User Guide, "AMI billing information fields"; for databases
//! and caches, the AWS Price List (attributes `operation`, `databaseEngine`, `cacheEngine`). Read
//! 2026-11.

use super::coverable::Coverable;
use super::usage_type::{UsageType, long};
use crate::cloud::commitment::{Attributes, Service, UNKNOWN_PLATFORM};
use crate::cloud::metered::PricedUsage;
use crate::price::{PriceBook, System};

/// Platforms and engines of instances and nodes, by the bill's operation.
const OPERATIONS: [(&str, &str); 12] = [
    ("RunInstances", LINUX),
    ("RunInstances:0002", WINDOWS),
    ("RunInstances:0010", RHEL),
    ("RunInstances:000g", SUSE),
    ("CreateDBInstance:0002", "mysql"),
    ("CreateDBInstance:0014", "postgres"),
    ("CreateDBInstance:0016", "aurora-mysql"),
    ("CreateDBInstance:0018", "mariadb"),
    ("CreateDBInstance:0021", "aurora-postgresql"),
    ("CreateCacheCluster:0001", "memcached"),
    ("CreateCacheCluster:0002", "redis"),
    ("CreateCacheCluster:Valkey", "valkey"),
];
const LINUX: &str = "Linux";
const WINDOWS: &str = "Windows";
const RHEL: &str = "RHEL";
const SUSE: &str = "SUSE";

/// Returns the commitment attributes of AWS usage; `None` if the simulator does not support the
/// service.
pub(super) fn attributes(line: PricedUsage<'_>, prices: &PriceBook) -> Option<Attributes> {
    let meter = UsageType::of(line.used)?;
    let kind = Coverable::of_type(meter)?;
    let named = meter.named_type();
    let (family, size) = named.and_then(|t| t.rsplit_once('.')).unwrap_or_default();
    let of = |service, platform: &str| {
        Attributes::new(service, line.region, family, &long(size), platform)
    };
    let engine = line.operation.map_or(UNKNOWN_PLATFORM, named_by);
    let plain = |service, family: &str| Attributes::new(service, line.region, family, "", "");
    Some(match kind {
        Coverable::Compute if !family.is_empty() => {
            let dedicated = meter.kind == "DedicatedUsage";
            Attributes {
                dedicated,
                ..of(Service::Ec2, &platform(line, prices, named.unwrap_or_default()))
            }
        }
        Coverable::Compute if meter.kind.starts_with("Fargate") => {
            plain(Service::Fargate, "Fargate")
        }
        Coverable::Compute => plain(Service::Lambda, "Lambda"),
        Coverable::Rds => {
            Attributes { multi_az: meter.kind.starts_with("Multi-AZ"), ..of(Service::Rds, engine) }
        }
        Coverable::ElastiCache => of(Service::ElastiCache, engine),
        Coverable::OpenSearch => of(Service::OpenSearch, ""),
        Coverable::Redshift => of(Service::Redshift, ""),
        Coverable::DynamoDb if meter.kind.starts_with("Read") => plain(Service::DynamoDb, "read"),
        Coverable::DynamoDb => plain(Service::DynamoDb, "write"),
        Coverable::SageMaker => of(Service::SageMaker, ""),
        Coverable::MemoryDb => return None,
    })
}

/// Returns the platform or engine of an operation. An operation that is not listed is its own
/// platform.
fn named_by(operation: &str) -> &str {
    OPERATIONS.iter().find(|(o, _)| *o == operation).map_or(operation, |(_, platform)| platform)
}

/// Returns the operation of a platform or engine, if it is listed.
pub(super) fn operation_of(platform: &str) -> Option<&'static str> {
    OPERATIONS.iter().find(|(_, p)| *p == platform).map(|(operation, _)| *operation)
}

/// Returns the platform of an instance: from the operation, or else from the list price.
fn platform(line: PricedUsage<'_>, prices: &PriceBook, instance_type: &str) -> String {
    if let Some(operation) = line.operation {
        return named_by(operation).to_owned();
    }
    let system =
        line.list_unit_price.map(|price| prices.system_at(line.region, instance_type, price));
    match system {
        Some(Ok((System::Linux, _))) => LINUX,
        Some(Ok((System::Windows, _))) => WINDOWS,
        Some(Ok((System::Rhel, _))) => RHEL,
        Some(Ok((System::Suse, _))) => SUSE,
        _ => UNKNOWN_PLATFORM,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::metered::Metered;
    use crate::cloud::provider::Provider;
    use rust_decimal::Decimal;

    #[test]
    fn lines_are_distinguished() {
        let prices = PriceBook::bundled().unwrap();
        let of = |usage_type: &str, operation: Option<&str>, list: Option<Decimal>| {
            let used = Metered::new(Provider::Aws, usage_type);
            let usage = PricedUsage { used, region: "us-east-1", operation, list_unit_price: list };
            let a = attributes(usage, &prices)?;
            Some(format!(
                "{:?} {} {} {} {}{}",
                a.service, a.family, a.size, a.platform, a.dedicated, a.multi_az
            ))
        };
        let cents = |n| Some(Decimal::new(n, 3));
        let known = |text: &str| Some(text.to_owned());
        assert_eq!(
            of("BoxUsage:m5.large", None, cents(96)),
            known("Ec2 m5 large Linux falsefalse")
        );
        assert_eq!(
            of("BoxUsage:m5.large", None, cents(188)),
            known("Ec2 m5 large Windows falsefalse")
        );
        assert_eq!(
            of("BoxUsage:m5.large", None, cents(777)),
            known("Ec2 m5 large unknown falsefalse")
        );
        assert_eq!(
            of("BoxUsage:m5.large", Some("RunInstances:000g"), None),
            known("Ec2 m5 large SUSE falsefalse")
        );
        assert_eq!(
            of("DedicatedUsage:m5.large", Some("RunInstances"), None),
            known("Ec2 m5 large Linux truefalse")
        );
        assert_eq!(
            of("Multi-AZUsage:db.r5.2xl", Some("x"), None),
            known("Rds db.r5 2xlarge x falsetrue")
        );
        assert_eq!(of("USW2-Fargate-GB-Hours", None, None), known("Fargate Fargate   falsefalse"));
        assert_eq!(
            of("USE1-Train:ml.p3.2xlarge", None, None),
            known("SageMaker ml.p3 2xlarge  falsefalse")
        );
        assert_eq!(of("NodeUsage:db.r6g.large", None, None), None);
    }
}
