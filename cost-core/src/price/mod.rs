//! [`PriceBook`]: list prices and machine facts, with lookups that can say "unknown".

mod list;

pub use list::{ON_DEMAND_LINUX, PRICES, PriceRow, RESERVED_1Y_ALL_UPFRONT_LINUX, SPOT_LINUX, STORAGE_TERMS, Usd};

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::NaiveDate;
use polars::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;

/// EC2 facts and prices bundled with the library.
const EC2: &str = include_str!("../../data/prices/aws_ec2_us-east-1.csv");
/// EBS and address prices bundled with the library.
const STORAGE: &str = include_str!("../../data/prices/aws_storage_us-east-1.csv");
/// `ElastiCache` facts and prices bundled with the library.
const CACHES: &str = include_str!("../../data/prices/aws_elasticache_us-east-1.csv");
/// The one region the bundled lists are for.
const BUNDLED_REGION: &str = "us-east-1";
/// The day the bundled on-demand prices were published: `cost-core/data/prices/SOURCES.md`.
const BUNDLED_AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 20).expect("a day");
/// A price that is not known, and why. Never a zero.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the price of {what} is unknown: {why}")]
pub struct UnknownPrice {
    /// What was looked up.
    pub what: String,
    /// Why there is no price.
    pub why: String,
}

/// Why a price list cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("price list {list}: {problem}")]
pub struct PriceListError {
    /// Which list.
    pub list: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

/// What is known of one EC2 instance type, and its prices in the book's region. An empty fact is unknown.
#[derive(Clone, Debug, Deserialize)]
pub struct InstanceType {
    /// Name, such as `m6a.large`.
    pub instance_type: String,
    /// Virtual CPUs.
    pub vcpu: Option<u32>,
    /// Memory, MiB.
    pub memory_mib: Option<u64>,
    /// Architectures, joined by `|`.
    pub architectures: String,
    #[serde(deserialize_with = "python_bool")]
    /// Whether AWS lists it as current generation.
    pub current_generation: Option<bool>,
    #[serde(deserialize_with = "python_bool")]
    /// Whether it runs on CPU credits.
    pub burstable: Option<bool>,
    #[serde(deserialize_with = "python_bool")]
    /// Whether it is bare metal.
    pub bare_metal: Option<bool>,
    /// GPUs.
    pub gpus: Option<u32>,
    /// Instance storage, GB.
    pub local_storage_gb: Option<u64>,
    /// Baseline network bandwidth, Gbit/s.
    pub network_baseline_gbps: Option<Decimal>,
    /// Baseline EBS bandwidth, Mbit/s.
    pub ebs_baseline_mbps: Option<Decimal>,
    /// `CoreMark` iterations per second, all threads of the whole machine.
    pub coremark_iterations_per_s: Option<Decimal>,
    /// On-demand Linux, USD per hour.
    pub od_linux_usd_hr: Option<Decimal>,
    /// On-demand Windows, license included, USD per hour.
    pub od_windows_usd_hr: Option<Decimal>,
    /// On-demand Red Hat Enterprise Linux, USD per hour.
    pub od_rhel_usd_hr: Option<Decimal>,
    /// Standard reserved instance, Linux, 1 year, all upfront, USD per hour.
    pub ri_1y_all_upfront_linux_usd_hr: Option<Decimal>,
    /// What spot took off the on-demand price of Linux when the list was made, percent.
    pub spot_savings_pct: Option<Decimal>,
    /// How often spot capacity was taken back: 0 under 5 % of instances a month, 1 5 to 10 %, 2 10 to 15 %, 3 15 to 20 %, 4 over 20 %.
    pub spot_interruption_band: Option<u8>,
}

/// What runs on an instance, as far as its price tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Linux without a license.
    Linux,
    /// Windows, license included.
    Windows,
    /// Red Hat Enterprise Linux.
    Rhel,
}

impl System {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Linux, Self::Windows, Self::Rhel];

    /// For people.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Linux => "Linux",
            Self::Windows => "Windows",
            Self::Rhel => "RHEL",
        }
    }
}

impl InstanceType {
    /// Family, such as `m6a`.
    #[must_use]
    pub fn family(&self) -> &str {
        self.instance_type.split('.').next().unwrap_or("")
    }

    /// Size, such as `large`.
    #[must_use]
    pub fn size(&self) -> &str {
        self.instance_type.split('.').nth(1).unwrap_or("")
    }

    /// Speed, `CoreMark` iterations per second of all threads, for statistics.
    #[must_use]
    pub fn speed(&self) -> Option<f64> {
        self.number(self.coremark_iterations_per_s).filter(|s| *s > 0.0)
    }

    /// A fact as a number, for statistics.
    #[must_use]
    pub fn number(&self, fact: Option<Decimal>) -> Option<f64> {
        fact?.to_f64()
    }

    /// Who made the processors: AWS (Graviton), AMD or Intel.
    #[must_use]
    pub fn maker(&self) -> &'static str {
        match self.attributes() {
            a if a.contains('g') || self.family() == "a1" => "AWS",
            a if a.contains('a') => "AMD",
            _ => "Intel",
        }
    }

    /// Whether it runs on the Xen hypervisor; all others run on Nitro. No new family has been on Xen since 2017, so that the list is closed.
    ///
    /// Source: AWS, Amazon EC2 User Guide, "Amazon EC2 instance types", "Hypervisor type" (Xen-based). Read 2026-11.
    #[must_use]
    pub fn is_xen(&self) -> bool {
        const XEN: [&str; 29] = [
            "c1", "c3", "c4", "cc1", "cc2", "cg1", "cr1", "d2", "f1", "g2", "g3", "g3s", "h1", "hi1", "hs1", "i2",
            "i3", "m1", "m2", "m3", "m4", "p2", "p3", "r3", "r4", "t1", "t2", "x1", "x1e",
        ];
        self.bare_metal != Some(true) && XEN.contains(&self.family())
    }

    /// Whether it is a Mac.
    #[must_use]
    pub fn is_mac(&self) -> bool {
        self.architectures.contains("mac")
    }

    /// Whether it is made for something that another type is not made for: accelerators, storage, network, high memory.
    #[must_use]
    pub fn is_specialized(&self, beside: &Self) -> bool {
        const PLAIN: [&str; 8] = ["a", "c", "m", "r", "t", "x", "z", "i"];
        !PLAIN.contains(&self.class()) && self.class() != beside.class()
    }

    /// Whether it has as many GPUs as another type and, if any, the same ones: those of another family need other drivers and code.
    #[must_use]
    pub fn accelerates_like(&self, other: &Self) -> bool {
        self.gpus == other.gpus && (self.gpus.unwrap_or(0) == 0 || self.family() == other.family())
    }

    /// Class letters before the generation, such as `m`.
    #[must_use]
    pub fn class(&self) -> &str {
        let family = self.family();
        family.find(|c: char| c.is_ascii_digit()).map_or(family, |at| &family[..at])
    }

    /// Generation number, such as 6 in `m6a`.
    #[must_use]
    pub fn generation(&self) -> u32 {
        let digits: String =
            self.family().chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    }

    /// What follows the generation, such as `a` (AMD), `g` (Graviton), `i` (Intel).
    #[must_use]
    pub fn attributes(&self) -> &str {
        let family = self.family();
        family.rfind(|c: char| c.is_ascii_digit()).map_or("", |at| &family[at + 1..])
    }
}

/// List prices by what and where.
#[derive(Clone, Debug, Default)]
pub struct PriceBook {
    region: String,
    types: BTreeMap<String, InstanceType>,
    storage: BTreeMap<String, Decimal>,
    /// Memory of cache nodes, GiB, by node type.
    cache_memory_gib: BTreeMap<String, Decimal>,
    /// Prices of the estate by region, item and terms; they come before the bundled ones.
    pulled: BTreeMap<(String, String, String), Decimal>,
    pulled_as_of: Option<NaiveDate>,
}

#[derive(Deserialize)]
struct StorageRow {
    key: String,
    usd: String,
}

#[derive(Deserialize)]
struct CacheRow {
    node_type: String,
    memory_gib: Decimal,
    memcached: Option<Decimal>,
    redis: Option<Decimal>,
    valkey: Option<Decimal>,
}

impl PriceBook {
    /// The lists that come with the library: us-east-1, sources in `cost-core/data/prices/SOURCES.md`.
    ///
    /// # Errors
    /// [`PriceListError`] if a list is damaged, which a test rules out for the bundled ones.
    pub fn bundled() -> Result<Self, PriceListError> {
        let mut book = Self { region: BUNDLED_REGION.to_owned(), ..Self::default() };
        for row in csv::Reader::from_reader(EC2.as_bytes()).deserialize() {
            let row: InstanceType = row.map_err(|e| PriceListError { list: "aws_ec2", problem: e.to_string() })?;
            book.types.insert(row.instance_type.clone(), row);
        }
        for row in csv::Reader::from_reader(STORAGE.as_bytes()).deserialize() {
            let failed = |problem: String| PriceListError { list: "aws_storage", problem };
            let row: StorageRow = row.map_err(|e| failed(e.to_string()))?;
            book.storage.insert(row.key, Decimal::from_str(&row.usd).map_err(|e| failed(e.to_string()))?);
        }
        for row in csv::Reader::from_reader(CACHES.as_bytes()).deserialize() {
            let row: CacheRow = row.map_err(|e| PriceListError { list: "aws_elasticache", problem: e.to_string() })?;
            for (engine, usd) in [("memcached", row.memcached), ("redis", row.redis), ("valkey", row.valkey)] {
                book.storage.extend(usd.map(|usd| (format!("{engine} {}", row.node_type), usd)));
            }
            book.cache_memory_gib.insert(row.node_type, row.memory_gib);
        }
        Ok(book)
    }

    /// With the prices of an estate ([`PRICES`]), which come before the bundled ones.
    ///
    /// # Errors
    /// [`PriceListError`] if a column is missing or of another type, or a price is negative.
    pub fn with(mut self, prices: &DataFrame) -> Result<Self, PriceListError> {
        let failed = |problem: String| PriceListError { list: PRICES.path, problem };
        for price in list::read(prices).map_err(|e| failed(e.to_string()))? {
            self.pulled.insert((price.region_id, price.item, price.terms), price.usd_per_unit.0);
            self.pulled_as_of = self.pulled_as_of.max(price.as_of);
        }
        Ok(self)
    }

    /// Which lists the prices are from, and how old they are on a day, for people.
    #[must_use]
    pub fn origin(&self, as_of: NaiveDate) -> String {
        let aged = |day: NaiveDate| match as_of.signed_duration_since(day).num_days() {
            old @ 1.. => format!("of {day}, {old} day{} old", if old == 1 { "" } else { "s" }),
            _ => format!("of {day}"),
        };
        let bundled = format!("the list of {} that comes with the program, {}", self.region, aged(BUNDLED_AS_OF));
        match self.pulled_as_of {
            Some(day) => format!("list prices are from the estate, {}; what it lacks, from {bundled}", aged(day)),
            None => format!("list prices are from {bundled}"),
        }
    }

    fn of_estate(&self, region: &str, item: &str, terms: &str) -> Option<Decimal> {
        self.pulled.get(&(region.to_owned(), item.to_owned(), terms.to_owned())).copied()
    }

    /// Facts of an instance type; they are the same in every region.
    #[must_use]
    pub fn instance_type(&self, name: &str) -> Option<&InstanceType> {
        self.types.get(name)
    }

    /// Memory of a class of databases (`db.…`) or caches (`cache.…`), MiB: that of the EC2 type it is named after, of a cache node what it has
    /// for data.
    #[must_use]
    pub fn class_memory_mib(&self, class: &str) -> Option<f64> {
        if let Some(gib) = self.cache_memory_gib.get(class) {
            return Some(gib.to_f64()? * 1024.0);
        }
        let mib = self.types.get(class.strip_prefix("db.")?)?.memory_mib?;
        Some(f64::from(u32::try_from(mib).ok()?))
    }

    /// All instance types, by name.
    pub fn instance_types(&self) -> impl Iterator<Item = &InstanceType> {
        self.types.values()
    }

    /// On-demand Linux price, USD per hour.
    ///
    /// # Errors
    /// [`UnknownPrice`].
    pub fn on_demand_linux(&self, region: &str, name: &str) -> Result<Decimal, UnknownPrice> {
        self.of_type(region, name, ON_DEMAND_LINUX, |t| t.od_linux_usd_hr)
    }

    /// On-demand price with what runs on it, USD per hour. Estates have prices of Linux only.
    ///
    /// # Errors
    /// [`UnknownPrice`].
    pub fn on_demand(&self, region: &str, name: &str, system: System) -> Result<Decimal, UnknownPrice> {
        match system {
            System::Linux => self.on_demand_linux(region, name),
            System::Windows => self.of_type(region, name, "on demand, Windows", |t| t.od_windows_usd_hr),
            System::Rhel => self.of_type(region, name, "on demand, RHEL", |t| t.od_rhel_usd_hr),
        }
    }

    /// What runs on an instance, by what the bill lists an hour of it at, and what an hour costs on demand: the first system whose price is that
    /// within half a percent. Another list price means a license for which these prices say nothing.
    ///
    /// # Errors
    /// [`UnknownPrice`] if no price is known of the type, or none is the bill's.
    pub fn system_at(&self, region: &str, name: &str, billed: Decimal) -> Result<(System, Decimal), UnknownPrice> {
        let linux = self.on_demand_linux(region, name)?;
        let close = |listed: Decimal| (billed - listed).abs() <= listed * Decimal::new(5, 3);
        if close(linux) {
            return Ok((System::Linux, linux));
        }
        let known = System::ALL.into_iter().find_map(|system| {
            let price = self.on_demand(region, name, system).ok()?;
            close(price).then_some((system, price))
        });
        known.ok_or_else(|| UnknownPrice {
            what: format!("{name} in {region}"),
            why: "the bill's list price is not that of Linux, Windows or RHEL on demand: another license".to_owned(),
        })
    }

    /// Price of a standard reserved instance, Linux, 1 year, all upfront, USD per hour of the term.
    ///
    /// # Errors
    /// [`UnknownPrice`].
    pub fn reserved_1y_all_upfront_linux(&self, region: &str, name: &str) -> Result<Decimal, UnknownPrice> {
        self.of_type(region, name, RESERVED_1Y_ALL_UPFRONT_LINUX, |t| t.ri_1y_all_upfront_linux_usd_hr)
    }

    /// Spot price, Linux, USD per hour: the estate's (see [`SPOT_LINUX`]), else the on-demand price less what spot took off when
    /// the list was made.
    ///
    /// # Errors
    /// [`UnknownPrice`].
    pub fn spot_linux(&self, region: &str, name: &str) -> Result<Decimal, UnknownPrice> {
        let less = |t: &InstanceType| {
            let share = (Decimal::ONE_HUNDRED - t.spot_savings_pct?) / Decimal::ONE_HUNDRED;
            Some((t.od_linux_usd_hr? * share).round_dp(6))
        };
        self.of_type(region, name, SPOT_LINUX, less)
    }

    /// Price of a storage item, such as `gp3`, or of a class, such as `redis cache.r6g.large`, in USD per the unit in the list.
    ///
    /// # Errors
    /// [`UnknownPrice`].
    pub fn storage(&self, region: &str, key: &str) -> Result<Decimal, UnknownPrice> {
        let what = format!("{key} in {region}");
        if let Some(price) = self.of_estate(region, key, STORAGE_TERMS) {
            return Ok(price);
        }
        self.check_region(region, &what)?;
        self.storage.get(key).copied().ok_or(UnknownPrice { what, why: "the list has no such item".into() })
    }

    fn of_type(
        &self,
        region: &str,
        name: &str,
        terms: &str,
        price: impl Fn(&InstanceType) -> Option<Decimal>,
    ) -> Result<Decimal, UnknownPrice> {
        let what = format!("{name} ({terms}) in {region}");
        if let Some(price) = self.of_estate(region, name, terms) {
            return Ok(price);
        }
        self.check_region(region, &what)?;
        let known = self
            .types
            .get(name)
            .ok_or_else(|| UnknownPrice { what: what.clone(), why: "no such type in the list".into() })?;
        price(known).ok_or(UnknownPrice { what, why: "the list has no price for it".into() })
    }

    fn check_region(&self, region: &str, what: &str) -> Result<(), UnknownPrice> {
        if region == self.region {
            return Ok(());
        }
        let pulled = if self.pulled.is_empty() { "" } else { ", and the estate has none" };
        let why = format!("the price list covers {} only{pulled}", self.region);
        Err(UnknownPrice { what: what.to_owned(), why })
    }
}

/// `True` and `False` as Python writes them; nothing is unknown.
fn python_bool<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Option<bool>, D::Error> {
    match String::deserialize(d)?.as_str() {
        "" => Ok(None),
        "True" => Ok(Some(true)),
        "False" => Ok(Some(false)),
        other => Err(serde::de::Error::custom(format!("`{other}` is neither True nor False"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_of_the_estate_come_first() {
        let usd = Series::new("UsdPerUnit".into(), ["0.1070", "0.0881"]).cast(&DataType::Decimal(38, 12)).unwrap();
        let frame = df!(
            "RegionId" => ["eu-west-1", "eu-west-1"],
            "Item" => ["m5.large", "gp3"],
            "Terms" => [ON_DEMAND_LINUX, STORAGE_TERMS],
            "Unit" => ["Hrs", "GB-Mo"],
            "UsdPerUnit" => usd,
            "AsOf" => ["2026-11-24", "2026-11-23"],
        )
        .unwrap();
        let book = PriceBook::bundled().unwrap().with(&frame).unwrap();
        assert_eq!(book.on_demand_linux("eu-west-1", "m5.large").unwrap(), Decimal::new(107, 3));
        assert_eq!(book.storage("eu-west-1", "gp3").unwrap(), Decimal::new(881, 4));
        assert_eq!(book.on_demand_linux("us-east-1", "m5.large").unwrap(), Decimal::new(96, 3));
        assert!(book.on_demand_linux("eu-west-1", "m5.xlarge").is_err());
        let origin = book.origin(NaiveDate::from_ymd_opt(2026, 11, 25).unwrap());
        assert!(
            origin.contains("of 2026-11-24, 1 day old") && origin.contains("of 2026-07-20, 128 days old"),
            "{origin}"
        );
        assert!(PriceBook::bundled().unwrap().with(&frame.drop("Terms").unwrap()).is_err());
    }

    #[test]
    fn the_bundled_lists_load_and_say_unknown() {
        let book = PriceBook::bundled().unwrap();
        assert_eq!(book.on_demand_linux("us-east-1", "m5.large").unwrap(), Decimal::new(96, 3));
        assert!(book.on_demand_linux("eu-west-1", "m5.large").unwrap_err().to_string().contains("us-east-1 only"));
        assert!(book.on_demand_linux("us-east-1", "m99.large").is_err());
        assert_eq!(book.storage("us-east-1", "gp3").unwrap(), Decimal::new(8, 2));
        let t = book.instance_type("c6gn.large").unwrap();
        assert_eq!((t.family(), t.class(), t.generation(), t.attributes()), ("c6gn", "c", 6, "gn"));
    }
}
