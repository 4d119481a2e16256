//! Engines of databases and caches, as the offerings of reservations name them.
//!
//! Source: RDS API Reference, `DescribeReservedDBInstancesOfferings`, which does not list the names.
//! Those with licenses, such as `oracle-se2(byol)` and `sqlserver-se(li)`, and those of Aurora are in
//! the database types of the gem `amazon-pricing`, from offerings. `ElastiCache` API Reference,
//! `DescribeReservedCacheNodesOfferings`. Read 2026-11.

use std::collections::BTreeSet;

use crate::cloud::{Provider, UNKNOWN_PLATFORM, cloud};
use crate::commitment::simulate::{Attributes, Service};
use crate::inventory::{Inventory, Kind, Resource, detail};

/// Engines without a license.
const PLAIN: [&str; 7] =
    ["aurora-mysql", "aurora-postgresql", "mariadb", "memcached", "mysql", "redis", "valkey"];
/// First words of engines with a license.
const LICENSED: [&str; 2] = ["oracle-", "sqlserver-"];

/// Returns the engine of a type: that of the bill, or else the one of all databases or caches of the
/// family in the inventory. `None` if it is unknown, or if there are several.
pub(super) fn engine(of: &Attributes, inventory: Option<&Inventory>) -> Option<String> {
    let is_listed = |engine: &str| cloud(Provider::Aws).operation_of(engine).is_some();
    if is_listed(&of.platform) {
        return described(&of.platform, None);
    }
    let kind =
        if of.service == Service::ElastiCache { Kind::CacheCluster } else { Kind::DbInstance };
    let is_alike = |r: &&Resource| {
        let family = r.instance_type.as_deref().and_then(|t| t.rsplit_once('.')).map(|(f, _)| f);
        family == Some(of.family.as_str()) && r.region_id.as_deref() == Some(of.region.as_str())
    };
    // An operation that is not listed is none of the engines that are.
    let may_be = |engine: &str| of.platform == UNKNOWN_PLATFORM || !is_listed(engine);
    let mut found: BTreeSet<String> = BTreeSet::new();
    for resource in inventory?.of_kind(kind).filter(is_alike) {
        let engine = resource.get(detail::ENGINE).unwrap_or_default();
        if may_be(engine) {
            found.extend(described(engine, resource.get(detail::LICENSE_MODEL)));
        }
    }
    found.pop_first().filter(|_| found.is_empty())
}

/// Returns the product description of an engine with its license; `None` if it has no reservations
/// of its own.
fn described(engine: &str, license: Option<&str>) -> Option<String> {
    if engine == "postgres" {
        return Some("postgresql".to_owned());
    }
    if PLAIN.contains(&engine) {
        return Some(engine.to_owned());
    }
    let is_licensed = LICENSED.iter().any(|first| engine.starts_with(first));
    let license = match license.filter(|_| is_licensed)? {
        "license-included" => "li",
        "bring-your-own-license" => "byol",
        _ => return None,
    };
    Some(format!("{}({license})", engine.trim_end_matches("-cdb")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database(id: &str, class: &str, engine: &str, license: Option<&str>) -> Resource {
        let database = Resource {
            instance_type: Some(class.to_owned()),
            region_id: Some("us-east-1".to_owned()),
            resource_id: id.to_owned(),
            kind: Kind::DbInstance,
            ..Resource::default()
        };
        database.with(detail::ENGINE, Some(engine)).with(detail::LICENSE_MODEL, license)
    }

    #[test]
    fn an_engine_is_that_of_the_bill_or_the_only_one_of_the_inventory() {
        let known = Inventory::new([
            database("a", "db.r5.large", "mysql", None),
            database("b", "db.r5.xlarge", "oracle-se2-cdb", Some("bring-your-own-license")),
            database("c", "db.m5.large", "postgres", None),
            database("d", "db.m5.large", "docdb", None),
        ]);
        let of = |family: &str, platform: &str, inventory| {
            let of = Attributes::new(Service::Rds, "us-east-1", family, "large", platform);
            engine(&of, inventory)
        };
        assert_eq!(of("db.r5", "aurora-mysql", None).as_deref(), Some("aurora-mysql"));
        assert_eq!(of("db.r5", "postgres", None).as_deref(), Some("postgresql"));
        assert_eq!(of("db.m5", UNKNOWN_PLATFORM, Some(&known)).as_deref(), Some("postgresql"));
        // MySQL has an operation of its own, which the bill would show.
        let oracle = of("db.r5", "CreateDBInstance:0020", Some(&known));
        assert_eq!(oracle.as_deref(), Some("oracle-se2(byol)"));
        assert_eq!(of("db.r5", UNKNOWN_PLATFORM, Some(&known)), None);
        assert_eq!(of("db.t3", UNKNOWN_PLATFORM, Some(&known)), None);
        assert_eq!(of("db.m5", UNKNOWN_PLATFORM, None), None);
    }
}
