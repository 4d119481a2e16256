//! Lookups of prices and machine facts. A price can be unknown.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::instance_type::{Edition, InstanceType, System};
use super::list::{ON_DEMAND_LINUX, RESERVED_1Y_ALL_UPFRONT_LINUX, SPOT_LINUX, STORAGE_TERMS};

/// Publication day of the bundled on-demand prices: `cost-core/data/prices/SOURCES.md`.
const BUNDLED_AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2026, 7, 20).expect("a day");

/// Unknown price with the reason. It is never zero.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the price of {what} is unknown: {why}")]
pub struct UnknownPrice {
    /// Item that was looked up.
    pub what: String,
    /// Why there is no price.
    pub why: String,
}

/// List prices by item and region.
#[derive(Clone, Debug, Default)]
pub struct PriceBook {
    pub(super) region: String,
    pub(super) types: BTreeMap<String, InstanceType>,
    pub(super) storage: BTreeMap<String, Decimal>,
    /// Memory of cache nodes, GiB, by node type.
    pub(super) cache_memory_gib: BTreeMap<String, Decimal>,
    /// Prices of the estate by region, item, and terms. They take precedence over the bundled ones.
    pub(super) pulled: BTreeMap<(String, String, String), Decimal>,
    pub(super) pulled_as_of: Option<NaiveDate>,
}

impl PriceBook {
    /// Returns the sources of the prices and their age on a day, as text.
    #[must_use]
    pub fn origin(&self, as_of: NaiveDate) -> String {
        let aged = |day: NaiveDate| match as_of.signed_duration_since(day).num_days() {
            old @ 1.. => format!("of {day}, {old} day{} old", if old == 1 { "" } else { "s" }),
            _ => format!("of {day}"),
        };
        let bundled = format!("the bundled price list of {}, {}", self.region, aged(BUNDLED_AS_OF));
        match self.pulled_as_of {
            Some(day) => format!(
                "list prices are from the estate, {}; prices missing there are from {bundled}",
                aged(day)
            ),
            None => format!("list prices are from {bundled}"),
        }
    }

    fn of_estate(&self, region: &str, item: &str, terms: &str) -> Option<Decimal> {
        self.pulled.get(&(region.to_owned(), item.to_owned(), terms.to_owned())).copied()
    }

    /// Returns facts of an instance type, which are the same in every region.
    #[must_use]
    pub fn instance_type(&self, name: &str) -> Option<&InstanceType> {
        self.types.get(name)
    }

    /// Returns the memory of a database class (`db.…`) or cache class (`cache.…`), MiB: for a
    /// database that of the EC2 type it is named after, for a cache node its memory for data.
    #[must_use]
    pub fn class_memory_mib(&self, class: &str) -> Option<f64> {
        if let Some(gib) = self.cache_memory_gib.get(class) {
            return Some(gib.to_f64()? * 1024.0);
        }
        let mib = self.types.get(class.strip_prefix("db.")?)?.memory_mib?;
        Some(f64::from(u32::try_from(mib).ok()?))
    }

    /// Returns all instance types, by name.
    pub fn instance_types(&self) -> impl Iterator<Item = &InstanceType> {
        self.types.values()
    }

    /// Returns the on-demand Linux price, USD per hour.
    ///
    /// # Errors
    /// [`UnknownPrice`].
    pub fn on_demand_linux(&self, region: &str, name: &str) -> Result<Decimal, UnknownPrice> {
        self.of_type(region, name, ON_DEMAND_LINUX, |t| t.od_linux_usd_hr)
    }

    /// Returns the on-demand price for an operating system, USD per hour. Estates have only Linux
    /// prices.
    ///
    /// # Errors
    /// [`UnknownPrice`].
    pub fn on_demand(
        &self,
        region: &str,
        name: &str,
        system: System,
    ) -> Result<Decimal, UnknownPrice> {
        match system {
            System::Linux => self.on_demand_linux(region, name),
            System::Windows => {
                self.of_type(region, name, "on demand, Windows", |t| t.od_windows_usd_hr)
            }
            System::Rhel => self.of_type(region, name, "on demand, RHEL", |t| t.od_rhel_usd_hr),
            System::Suse => {
                let surcharge = self.suse_surcharge(name)?;
                Ok(self.on_demand_linux(region, name)? + surcharge)
            }
            System::LinuxSql(edition) => {
                let license = self.sql_license(name, edition)?;
                Ok(self.on_demand_linux(region, name)? + license)
            }
            System::WindowsSql(edition) => {
                let license = self.sql_license(name, edition)?;
                Ok(self.on_demand(region, name, System::Windows)? + license)
            }
        }
    }

    /// Returns the surcharge of SUSE on a type, USD per hour.
    pub(super) fn suse_surcharge(&self, name: &str) -> Result<Decimal, UnknownPrice> {
        let surcharge = self.types.get(name).and_then(InstanceType::suse_surcharge);
        surcharge.ok_or_else(|| UnknownPrice {
            what: format!("SUSE on {name}"),
            why: "the price list has no surcharge for this type".to_owned(),
        })
    }

    /// Returns the price of a license of SQL Server on a type, USD per hour.
    fn sql_license(&self, name: &str, edition: Edition) -> Result<Decimal, UnknownPrice> {
        let vcpus = self.types.get(name).and_then(|t| t.vcpu).ok_or_else(|| UnknownPrice {
            what: format!("SQL Server on {name}"),
            why: "its number of vCPUs is unknown".to_owned(),
        })?;
        Ok(edition.usd_per_hour(vcpus))
    }

    /// Returns the operating system of an instance and its on-demand price per hour: the system
    /// whose price is closest to the bill's list price, within half a percent. On large types, RHEL
    /// and SUSE differ by less than that. Another list price means a license that these prices do
    /// not cover.
    ///
    /// # Errors
    /// [`UnknownPrice`] if no price of the type is known, or none matches the bill.
    pub fn system_at(
        &self,
        region: &str,
        name: &str,
        billed: Decimal,
    ) -> Result<(System, Decimal), UnknownPrice> {
        self.on_demand_linux(region, name)?;
        let priced = System::ALL.into_iter().filter_map(|system| {
            let price = self.on_demand(region, name, system).ok()?;
            let difference = (billed - price).abs();
            (difference <= price * Decimal::new(5, 3)).then_some((difference, system, price))
        });
        // Of equal differences, the first system counts: Linux, if there is no surcharge.
        let closest = priced.min_by_key(|(difference, ..)| *difference);
        closest.map(|(_, system, price)| (system, price)).ok_or_else(|| UnknownPrice {
            what: format!("{name} in {region}"),
            why: "the bill's list price does not match Linux, Windows, RHEL, SUSE, or SQL Server on demand, so the license is unknown".to_owned(),
        })
    }

    /// Returns the price of a standard reserved instance, Linux, 1 year, all upfront, USD per hour
    /// of the term.
    ///
    /// # Errors
    /// [`UnknownPrice`].
    pub fn reserved_1y_all_upfront_linux(
        &self,
        region: &str,
        name: &str,
    ) -> Result<Decimal, UnknownPrice> {
        self.of_type(region, name, RESERVED_1Y_ALL_UPFRONT_LINUX, |t| {
            t.ri_1y_all_upfront_linux_usd_hr
        })
    }

    /// Returns the Linux spot price, USD per hour: the estate's (see [`SPOT_LINUX`]), else the
    /// on-demand price minus the spot discount at the time of the list.
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

    /// Returns the price of a storage item, such as `gp3`, or of a class, such as `redis
    /// cache.r6g.large`, in USD per unit of the list.
    ///
    /// # Errors
    /// [`UnknownPrice`].
    pub fn storage(&self, region: &str, key: &str) -> Result<Decimal, UnknownPrice> {
        let what = format!("{key} in {region}");
        if let Some(price) = self.of_estate(region, key, STORAGE_TERMS) {
            return Ok(price);
        }
        self.check_region(region, &what)?;
        self.storage
            .get(key)
            .copied()
            .ok_or(UnknownPrice { what, why: "the price list has no such item".into() })
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
        let known = self.types.get(name).ok_or_else(|| UnknownPrice {
            what: what.clone(),
            why: "the price list does not have this type".into(),
        })?;
        price(known).ok_or(UnknownPrice { what, why: "the price list has no price for it".into() })
    }

    fn check_region(&self, region: &str, what: &str) -> Result<(), UnknownPrice> {
        if region == self.region {
            return Ok(());
        }
        let pulled = if self.pulled.is_empty() { "" } else { ", and the estate has no price" };
        let why = format!("the bundled price list covers only {}{pulled}", self.region);
        Err(UnknownPrice { what: what.to_owned(), why })
    }
}
