use std::collections::BTreeMap;

use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;

use super::*;
use crate::price::InstanceType;

/// Prices of two services in eight regions: `cost-core/data/prices/SOURCES.md`.
const SAMPLE: &str = include_str!("../../../data/prices/aws_regional_sample.csv");

#[derive(Deserialize)]
struct Row {
    service: String,
    region: String,
    item: String,
    usd: Decimal,
}

/// Prices by item and region.
type Prices = BTreeMap<String, BTreeMap<String, Decimal>>;

/// Errors of the estimates of one kind, and how many intervals contain the real price.
#[derive(Default)]
struct Score {
    errors: Vec<f64>,
    within: u32,
}

impl Score {
    /// Returns the error below which a share of the estimates is, percent.
    fn percentile(&self, tenths: usize) -> f64 {
        100.0 * self.errors[self.errors.len() * tenths / 10]
    }
}

/// Estimates each known price from each other item, as if its region were not in the list.
fn score(prices: &Prices) -> [Score; 2] {
    let mut scores = [Score::default(), Score::default()];
    for (target, of_target) in prices {
        for (reference, of_reference) in prices.iter().filter(|(r, _)| *r != target) {
            let margin = margin_pct(reference, target);
            let score = &mut scores[usize::from(margin == OTHER_FAMILY_MARGIN_PCT)];
            for (region, real) in of_target {
                let Some(usd) = of_reference.get(region) else { continue };
                let others = of_target.iter().filter(|(r, _)| *r != region);
                let relations = others.filter_map(|(r, p)| p.checked_div(*of_reference.get(r)?));
                let Some(of) = EstimatedPrice::of(*usd, relations.collect(), margin) else {
                    continue;
                };
                score.errors.push((of.usd / real - Decimal::ONE).abs().to_f64().unwrap());
                score.within += u32::from(of.low <= *real && *real <= of.high);
            }
        }
    }
    for score in &mut scores {
        score.errors.sort_by(f64::total_cmp);
    }
    scores
}

/// The table of `docs/price-estimates.md` is what the estimates really achieve.
#[test]
fn the_published_error_is_that_of_known_prices_left_out() {
    let mut services: BTreeMap<String, Prices> = BTreeMap::new();
    for row in csv::Reader::from_reader(SAMPLE.as_bytes()).deserialize() {
        let Row { service, region, item, usd } = row.unwrap();
        services.entry(service).or_default().entry(item).or_default().insert(region, usd);
    }
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/price-estimates.md");
    let page = std::fs::read_to_string(page).unwrap();
    for (service, prices) in &services {
        for (score, family) in score(prices).iter().zip(["same family", "another family"]) {
            let count = score.errors.len();
            let within = 100.0 * f64::from(score.within) / crate::usage::as_f64(count);
            let line = format!(
                "| {service} | {family} | {count} | {:.2} % | {:.2} % | {within:.1} % |",
                score.percentile(5),
                score.percentile(9)
            );
            assert!(page.contains(&line), "docs/price-estimates.md lacks this line:\n{line}");
        }
    }
}

#[test]
fn a_region_without_prices_follows_the_relation_of_the_types_elsewhere() {
    let book = PriceBook::bundled().unwrap();
    let usd = |text: &str| text.parse::<Decimal>().unwrap();
    // us-east-1: m5.xlarge 0.192, m5.2xlarge 0.384, Windows 0.376 and 0.752 USD per hour.
    let linux = book
        .estimated_on_demand("eu-west-1", ("m5.xlarge", usd("0.214")), "m5.2xlarge", System::Linux)
        .unwrap();
    assert_eq!((linux.usd, linux.regions), (usd("0.428"), 1));
    assert_eq!((linux.low, linux.high), (usd("0.42372"), usd("0.43228")));
    // 0.398 − 0.184 of license is 0.214 for Linux; 0.428 + 0.368 of license.
    let windows = book
        .estimated_on_demand(
            "eu-west-1",
            ("m5.xlarge", usd("0.398")),
            "m5.2xlarge",
            System::Windows,
        )
        .unwrap();
    assert_eq!(windows.usd, usd("0.796"));
    let other = book.estimated_on_demand(
        "eu-west-1",
        ("m5.xlarge", usd("0.214")),
        "m99.large",
        System::Linux,
    );
    assert!(other.unwrap_err().to_string().contains("has no region with both"));
    // A price is not estimated from its own region.
    let same = book.estimated_on_demand(
        "us-east-1",
        ("m5.xlarge", usd("0.192")),
        "m5.2xlarge",
        System::Linux,
    );
    assert!(same.is_err());
}

#[test]
fn the_median_counts_and_the_spread_widens_the_interval() {
    let of = |relations: &[i64]| {
        let relations = relations.iter().map(|r| Decimal::new(*r, 1)).collect();
        EstimatedPrice::of(Decimal::TEN, relations, 10)
    };
    let three = of(&[30, 20, 21]).unwrap();
    assert_eq!((three.usd, three.low, three.high), (21.into(), 18.into(), 33.into()));
    assert_eq!(of(&[20, 30]).unwrap().usd, 25.into());
    assert_eq!((of(&[]), of(&[0])), (None, None));
}

#[test]
fn two_sizes_of_a_family_have_the_smaller_margin() {
    assert_eq!(margin_pct("m6i.large", "m6i.4xlarge"), SAME_FAMILY_MARGIN_PCT);
    assert_eq!(margin_pct("redis cache.r6g.large", "redis cache.r6g.xlarge"), 1);
    assert_eq!(margin_pct("r6g.large.search", "r6g.xlarge.search"), SAME_FAMILY_MARGIN_PCT);
    assert_eq!(margin_pct("redis cache.r6g.large", "valkey cache.r6g.large"), 22);
    assert_eq!(margin_pct("m6i.large", "m6a.large"), OTHER_FAMILY_MARGIN_PCT);
}

#[test]
fn sql_server_is_licensed_by_vcpu_for_at_least_four() {
    use crate::price::Edition::{Enterprise, Standard, Web};
    let book = PriceBook::bundled().unwrap();
    let usd = |text: &str| text.parse::<Decimal>().unwrap();
    let at = |name, system| book.on_demand("us-east-1", name, system).unwrap();
    // m5.xlarge, 4 vCPUs: Linux 0.192, Windows 0.376 = 0.192 + 4 × 0.046 USD per hour.
    assert_eq!(at("m5.xlarge", System::WindowsSql(Standard)), usd("0.856"));
    assert_eq!(at("m5.xlarge", System::LinuxSql(Web)), usd("0.26"));
    // m5.large, 2 vCPUs: 0.188 and four licenses of 0.375.
    assert_eq!(at("m5.large", System::WindowsSql(Enterprise)), usd("1.688"));
    // The list price in the bill shows the license.
    let found = book.system_at("us-east-1", "m5.large", usd("0.668")).unwrap();
    assert_eq!(found, (System::WindowsSql(Standard), usd("0.668")));
    // Abroad: 0.878 − 0.184 − 0.48 is 0.214 for Linux; 0.428 + 0.368 + 0.96 for twice the size.
    let reference = ("m5.xlarge", usd("0.878"));
    let abroad = book.estimated_on_demand(
        "eu-west-1",
        reference,
        "m5.2xlarge",
        System::WindowsSql(Standard),
    );
    assert_eq!(abroad.unwrap().usd, usd("1.756"));
}

#[test]
fn suse_costs_its_surcharge_in_every_region() {
    let book = PriceBook::bundled().unwrap();
    let usd = |text: &str| text.parse::<Decimal>().unwrap();
    let at = |name| book.on_demand("us-east-1", name, System::Suse);
    // m6i.4xlarge: Linux 0.768. m8g.2xlarge is not in the list of surcharges: 8 vCPUs, 0.35904.
    assert_eq!(at("m6i.4xlarge").unwrap(), usd("0.893"));
    assert_eq!(at("m8g.2xlarge").unwrap(), usd("0.48404"));
    // AWS charges nothing for it on the smallest types, whose system is then called Linux.
    assert_eq!(at("t3.micro").unwrap(), usd("0.0104"));
    let system = |name, usd| book.system_at("us-east-1", name, usd).unwrap().0;
    assert_eq!(system("t3.micro", usd("0.0104")), System::Linux);
    // c5a.24xlarge: Linux 3.696, SUSE 3.821, RHEL 3.826, the last two within half a percent.
    assert_eq!(system("c5a.24xlarge", usd("3.821")), System::Suse);
    assert_eq!(system("c5a.24xlarge", usd("3.826")), System::Rhel);
    // The surcharge of types with one vCPU differs by family.
    assert!(at("m8g.medium").unwrap_err().to_string().contains("SUSE on m8g.medium"));
    // Abroad: 0.2703 − 0.0563 is 0.214 for Linux on m7i.xlarge; 0.428 + 0.125 for twice the size.
    let reference = ("m7i.xlarge", usd("0.2703"));
    let abroad = book.estimated_on_demand("eu-west-1", reference, "m7i.2xlarge", System::Suse);
    assert_eq!(abroad.unwrap().usd, usd("0.553"));
}

/// Families that the list has with an older surcharge, the same for all sizes above xlarge.
const OLD: [&str; 24] = [
    "c1", "c3", "c4", "c5", "c5d", "cr1", "d2", "f1", "g2", "g3", "h1", "i2", "i3", "m1", "m2",
    "m3", "m4", "m5", "m5d", "p2", "p3", "r3", "r4", "t2",
];

#[test]
fn surcharges_of_suse_follow_the_number_of_vcpus_in_newer_families() {
    let book = PriceBook::bundled().unwrap();
    let is_old = |of: &InstanceType| OLD.contains(&family(&of.instance_type));
    // Burstable types with less than 4 GiB cost less.
    let is_small =
        |of: &InstanceType| of.instance_type.starts_with('t') && of.memory_mib < Some(4096);
    let newer = book.instance_types().filter(|of| !is_old(of) && !is_small(of));
    let mut compared = 0;
    for of in newer.filter(|of| of.vcpu >= Some(2)) {
        let Some(listed) = of.suse_surcharge_usd_hr else { continue };
        let unlisted = InstanceType { suse_surcharge_usd_hr: None, ..of.clone() };
        let difference = (unlisted.suse_surcharge().unwrap() - listed).abs();
        assert!(difference < Decimal::new(1, 3), "{}: {listed}", of.instance_type);
        compared += 1;
    }
    assert_eq!(compared, 471);
}
