//! Requests to the Price List: one line of [`OFFERS`] per kind of product.

use std::collections::BTreeMap;

use cost_core::inventory::Kind;
use cost_core::price::{ON_DEMAND_LINUX, RESERVED_1Y_ALL_UPFRONT_LINUX, STORAGE_TERMS};
use cost_provider_api::CallError;
use rust_decimal::Decimal;

use super::price::Price;
use super::product::{Product, documents, product};
use crate::call::Place;
use crate::connect::At;
use crate::operation::GET_PRODUCTS;

/// The Price List has volume throughput in GiB/s per month; bills and sizes use MiB/s.
const MIB_OF_GIB: i64 = 1024;

/// Kind of product.
pub(super) struct Offer {
    /// Name of the gap if it fails.
    pub(super) what: &'static str,
    /// Requested where this kind of resource exists.
    pub(super) kind: Kind,
    service: &'static str,
    filters: &'static [(&'static str, &'static str)],
    read: fn(&Product) -> Vec<Item>,
}

/// Item, terms, unit, and USD per unit.
type Item = (String, &'static str, String, Decimal);

/// Filters and attributes are those of the Price List. Linux without a license is the operation
/// `RunInstances`.
pub(super) const OFFERS: &[Offer] = &[
    Offer {
        what: "EC2 instances",
        kind: Kind::Instance,
        service: "AmazonEC2",
        filters: &[
            ("operatingSystem", "Linux"),
            ("operation", "RunInstances"),
            ("tenancy", "Shared"),
            ("capacitystatus", "Used"),
            ("preInstalledSw", "NA"),
        ],
        read: instance,
    },
    Offer {
        what: "EBS volumes",
        kind: Kind::Volume,
        service: "AmazonEC2",
        filters: &[("productFamily", "Storage")],
        read: volume,
    },
    Offer {
        what: "IOPS of EBS volumes",
        kind: Kind::Volume,
        service: "AmazonEC2",
        filters: &[("productFamily", "System Operation")],
        read: |p| metered(p, &[("EBS:VolumeP-IOPS.gp3", "gp3-iops")]),
    },
    Offer {
        what: "throughput of EBS volumes",
        kind: Kind::Volume,
        service: "AmazonEC2",
        filters: &[("productFamily", "Provisioned Throughput")],
        read: |p| metered(p, &[("EBS:VolumeP-Throughput.gp3", "gp3-throughput")]),
    },
    Offer {
        what: "EBS snapshots",
        kind: Kind::Volume,
        service: "AmazonEC2",
        filters: &[("productFamily", "Storage Snapshot")],
        read: |p| {
            metered(
                p,
                &[
                    ("EBS:SnapshotUsage", "snapshot"),
                    ("EBS:SnapshotArchiveStorage", "snapshot-archive"),
                ],
            )
        },
    },
    Offer {
        what: "public IPv4 addresses",
        kind: Kind::Address,
        service: "AmazonVPC",
        filters: &[("group", "VPCPublicIPv4Address")],
        read: |p| metered(p, &[("PublicIPv4:IdleAddress", "idle-address")]),
    },
    Offer {
        what: "RDS instances",
        kind: Kind::DbInstance,
        service: "AmazonRDS",
        filters: &[
            ("productFamily", "Database Instance"),
            ("deploymentOption", "Single-AZ"),
            ("licenseModel", "No license required"),
        ],
        read: database,
    },
    Offer {
        what: "ElastiCache nodes",
        kind: Kind::CacheCluster,
        service: "AmazonElastiCache",
        filters: &[("productFamily", "Cache Instance")],
        read: |p| class(p, "NodeUsage:", p.attribute("cacheEngine").to_lowercase()),
    },
    Offer {
        what: "S3 storage classes",
        kind: Kind::Bucket,
        service: "AmazonS3",
        filters: &[("productFamily", "Storage")],
        read: |p| {
            let instant = ("TimedStorage-GIR-ByteHrs", "s3-glacier-instant-retrieval");
            metered(p, &[("TimedStorage-SIA-ByteHrs", "s3-standard-ia"), instant])
        },
    },
    Offer {
        what: "EKS clusters",
        kind: Kind::EksNodeGroup,
        service: "AmazonEKS",
        filters: &[],
        read: |p| metered(p, &[("AmazonEKS-Hours:perCluster", "eks-cluster")]),
    },
    Offer {
        what: "Lambda duration",
        kind: Kind::Function,
        service: "AWSLambda",
        filters: &[("productFamily", "Serverless")],
        read: |p| {
            metered(
                p,
                &[
                    ("Lambda-GB-Second", "lambda-gb-second"),
                    ("Lambda-GB-Second-ARM", "lambda-gb-second-arm"),
                ],
            )
        },
    },
];

fn instance(product: &Product) -> Vec<Item> {
    let name = product.attribute("instanceType").to_owned();
    let on_demand = product
        .on_demand()
        .filter(|(unit, _)| *unit == "Hrs")
        .map(|(_, usd)| (ON_DEMAND_LINUX, usd));
    let reserved =
        product.reserved_1y_all_upfront().map(|usd| (RESERVED_1Y_ALL_UPFRONT_LINUX, usd));
    [on_demand, reserved]
        .into_iter()
        .flatten()
        .map(|(terms, usd)| (name.clone(), terms, "Hrs".to_owned(), usd))
        .collect()
}

/// Engines without a license, by their RDS API names.
fn database(product: &Product) -> Vec<Item> {
    let engine = match product.attribute("databaseEngine") {
        "MySQL" => "mysql",
        "MariaDB" => "mariadb",
        "PostgreSQL" => "postgres",
        "Aurora MySQL" => "aurora-mysql",
        "Aurora PostgreSQL" => "aurora-postgresql",
        _ => return Vec::new(),
    };
    class(product, "InstanceUsage:", engine.to_owned())
}

/// Database class of an engine: `mysql db.r6g.large`. Products of the same class with other
/// billing, such as extended support or Aurora I/O-Optimized storage, have separate usage types.
fn class(product: &Product, usage: &str, engine: String) -> Vec<Item> {
    let class = product.attribute("instanceType");
    // Usage types of some classes shorten `xlarge`.
    let names = [Some(class), class.strip_suffix("arge")].into_iter().flatten();
    let is_plain = !class.is_empty()
        && names.map(|name| format!("{usage}{name}")).any(|u| is_usage(product, &u));
    if is_plain { item(product, &format!("{engine} {class}")) } else { Vec::new() }
}

/// Whether a product has a usage type, with any region prefix: `EUW1-EBS:SnapshotUsage`.
fn is_usage(product: &Product, usage_type: &str) -> bool {
    let rest = product.attribute("usagetype").strip_suffix(usage_type);
    rest.is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('-'))
}

fn volume(product: &Product) -> Vec<Item> {
    item(product, product.attribute("volumeApiName"))
}

/// Returns the item of the usage type that a product has.
fn metered(product: &Product, items: &[(&str, &str)]) -> Vec<Item> {
    let its = items.iter().find(|(usage_type, _)| is_usage(product, usage_type));
    its.map_or_else(Vec::new, |(_, name)| item(product, name))
}

/// Storage item on demand, at the price of the first units if the price depends on quantity. Free
/// allowances have no separate price.
fn item(product: &Product, name: &str) -> Vec<Item> {
    let Some((unit, usd)) = product.first_tier().filter(|(_, usd)| !usd.is_zero()) else {
        return Vec::new();
    };
    let (unit, usd) = match unit {
        "GiBps-mo" => ("MiBps-Mo", usd / Decimal::from(MIB_OF_GIB)),
        other => (other, usd),
    };
    vec![(name.to_owned(), STORAGE_TERMS, unit.to_owned(), usd.round_dp(12))]
}

/// Returns the prices of an offer in a region.
pub(super) async fn prices(at: &At, offer: &Offer, region: &str) -> Result<Vec<Price>, CallError> {
    let place = Place { region: Some(region.to_owned()), ..at.place.clone() };
    let all = [("regionCode", region), ("locationType", "AWS Region")];
    let filters = all.into_iter().chain(offer.filters.iter().copied());
    let documents = documents(at, &place, offer.service, filters).await?;
    read(offer, region, &documents).map_err(|problem| place.unreadable(GET_PRODUCTS, problem))
}

/// Returns the prices in documents. An item with two prices is an error, because neither can be
/// trusted.
fn read(offer: &Offer, region: &str, documents: &[String]) -> Result<Vec<Price>, String> {
    let mut known: BTreeMap<(String, &'static str), Price> = BTreeMap::new();
    for document in documents {
        let product = product(document)?;
        for (item, terms, unit, usd) in (offer.read)(&product) {
            let price = Price { region: region.to_owned(), item: item.clone(), terms, unit, usd };
            if let Some(other) = known.get(&(item.clone(), terms)).filter(|other| other.usd != usd)
            {
                return Err(format!(
                    "{item} ({terms}) has two prices, {} and {usd} USD",
                    other.usd
                ));
            }
            known.insert((item, terms), price);
        }
    }
    Ok(known.into_values().filter(|p| !p.item.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn term(dimensions: &[(&str, &str)], attributes: Value) -> Value {
        let dimension = |(unit, usd): &(&str, &str)| {
            (format!("{unit}{usd}"), json!({"unit": unit, "pricePerUnit": {"USD": usd}}))
        };
        json!({"priceDimensions": dimensions.iter().map(dimension).collect::<serde_json::Map<_, _>>(), "termAttributes": attributes})
    }

    fn reserved(length: &str, class: &str, option: &str, upfront: &str) -> Value {
        let attributes = json!({"LeaseContractLength": length, "OfferingClass": class, "PurchaseOption": option});
        term(&[("Quantity", upfront), ("Hrs", "0.0000000000")], attributes)
    }

    fn prices_of(
        what: &str,
        documents: &[Value],
    ) -> Result<Vec<(String, &'static str, String)>, String> {
        let offer = OFFERS.iter().find(|o| o.what == what).expect("an offer");
        let texts: Vec<String> = documents.iter().map(ToString::to_string).collect();
        let found = read(offer, "eu-west-1", &texts)?;
        Ok(found.into_iter().map(|p| (p.item, p.terms, p.usd.normalize().to_string())).collect())
    }

    #[test]
    fn instances_are_priced_on_demand_and_reserved() {
        let product = json!({
            "product": {"attributes": {"instanceType": "m5.large"}},
            "terms": {
                "OnDemand": {"a": term(&[("Hrs", "0.1070000000")], json!({}))},
                "Reserved": {
                    "b": reserved("1yr", "standard", "All Upfront", "553"),
                    "c": reserved("1yr", "convertible", "All Upfront", "600"),
                    "d": reserved("3yr", "standard", "All Upfront", "1100"),
                },
            },
        });
        let all = prices_of("EC2 instances", &[product]).expect("prices");
        let hourly = (Decimal::from(553) / Decimal::from(8760)).round_dp(12).to_string();
        let reserved = ("m5.large".to_owned(), RESERVED_1Y_ALL_UPFRONT_LINUX, hourly);
        assert_eq!(all, [("m5.large".to_owned(), ON_DEMAND_LINUX, "0.107".to_owned()), reserved]);
    }

    #[test]
    fn items_are_identified_by_usage_type_and_throughput_is_by_the_mebibyte() {
        let product = |usage: &str, unit: &str, usd: &str| {
            json!({
                "product": {"attributes": {"usagetype": usage}}, "terms": {"OnDemand": {"a": term(&[(unit, usd)], json!({}))}},
            })
        };
        let throughput = [product("EU-EBS:VolumeP-Throughput.gp3", "GiBps-mo", "45.056")];
        assert_eq!(
            prices_of("throughput of EBS volumes", &throughput).expect("prices")[0].2,
            "0.044"
        );
        let snapshots = [
            product("EU-EBS:SnapshotUsage", "GB-Mo", "0.05"),
            product("EU-EBS:SnapshotUsageUnderBilling", "GB-Mo", "0"),
            product("EU-EBS:SnapshotArchiveStorage", "GB-Mo", "0.0125"),
        ];
        let all = prices_of("EBS snapshots", &snapshots).expect("prices");
        let of = |item: &str, usd: &str| (item.to_owned(), STORAGE_TERMS, usd.to_owned());
        assert_eq!(all, [of("snapshot", "0.05"), of("snapshot-archive", "0.0125")]);
    }

    #[test]
    fn classes_are_priced_by_engine_and_what_is_billed_otherwise_is_not() {
        let product = |usage: &str, engine: &str, usd: &str| {
            let attributes = json!({"usagetype": usage, "databaseEngine": engine, "instanceType": "db.r5.xlarge"});
            json!({"product": {"attributes": attributes}, "terms": {"OnDemand": {"a": term(&[("Hrs", usd)], json!({}))}}})
        };
        let all = [
            product("EU-InstanceUsage:db.r5.xl", "MySQL", "0.5300"),
            product("EU-InstanceUsage:db.r5.xlarge", "Aurora PostgreSQL", "0.6400"),
            product("EU-InstanceUsageIOOptimized:db.r5.xlarge", "Aurora PostgreSQL", "0.8320"),
            product("EU-InstanceUsage:db.r5.xlarge", "Oracle", "0.9000"),
        ];
        let of = |item: &str, usd: &str| (item.to_owned(), STORAGE_TERMS, usd.to_owned());
        let found = prices_of("RDS instances", &all).expect("prices");
        assert_eq!(
            found,
            [of("aurora-postgresql db.r5.xlarge", "0.64"), of("mysql db.r5.xlarge", "0.53")]
        );
        let attributes = json!({"usagetype": "NodeUsage:cache.t4g.micro", "cacheEngine": "Redis", "instanceType": "cache.t4g.micro"});
        let node = json!({"product": {"attributes": attributes}, "terms": {"OnDemand": {"a": term(&[("Hrs", "0.0160")], json!({}))}}});
        assert_eq!(
            prices_of("ElastiCache nodes", &[node]).expect("prices"),
            [of("redis cache.t4g.micro", "0.016")]
        );
    }

    #[test]
    fn what_goes_by_the_quantity_has_the_price_of_the_first_units() {
        let tier = |begin: &str, usd: &str| json!({"unit": "Second", "beginRange": begin, "pricePerUnit": {"USD": usd}});
        let product = |usage: &str, first: &str, more: &str| {
            let tiers = json!({"a": tier("0", first), "b": tier("7500000000", more)});
            json!({
                "product": {"attributes": {"usagetype": usage}},
                "terms": {"OnDemand": {"t": {"priceDimensions": tiers}}},
            })
        };
        let functions = [
            product("EU-Lambda-GB-Second", "0.0000166667", "0.0000150000"),
            product("EU-Lambda-GB-Second-ARM", "0.0000133334", "0.0000120001"),
        ];
        let all = prices_of("Lambda duration", &functions).expect("prices");
        let of = |item: &str, usd: &str| (item.to_owned(), STORAGE_TERMS, usd.to_owned());
        assert_eq!(
            all,
            [of("lambda-gb-second", "0.0000166667"), of("lambda-gb-second-arm", "0.0000133334")]
        );
    }

    #[test]
    fn what_has_no_one_price_has_none() {
        let tiers = json!({
            "product": {"attributes": {"usagetype": "EBS:SnapshotUsage"}},
            "terms": {"OnDemand": {"a": term(&[("GB-Mo", "0.05"), ("GB-Mo", "0.04")], json!({}))}},
        });
        assert_eq!(prices_of("EBS snapshots", &[tiers]), Ok(Vec::new()));
        let yuan = json!({
            "product": {"attributes": {"instanceType": "m5.large"}},
            "terms": {"OnDemand": {"a": {"priceDimensions": {"d": {"unit": "Hrs", "pricePerUnit": {"CNY": "1"}}}}}},
        });
        assert_eq!(prices_of("EC2 instances", &[yuan]), Ok(Vec::new()));
        let at = |usd: &str| {
            json!({
                "product": {"attributes": {"instanceType": "m5.large"}}, "terms": {"OnDemand": {"a": term(&[("Hrs", usd)], json!({}))}},
            })
        };
        assert!(prices_of("EC2 instances", &[at("1"), at("1.0")]).is_ok());
        assert!(
            prices_of("EC2 instances", &[at("1"), at("2")])
                .expect_err("two")
                .contains("has two prices, 1 and 2 USD")
        );
    }
}
