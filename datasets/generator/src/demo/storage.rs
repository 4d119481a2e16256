//! EBS volumes, snapshots and public addresses.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use rust_decimal::Decimal;

use super::company::{self, Account, DATA, DEV, EU, Region, SHARED, SHOP, Tagging, US, date};
use super::fleet::{Instance, Schedule};
use crate::row::{AWS, Place, Row, Sku};

/// A volume.
#[derive(Clone, Debug)]
pub(super) struct Volume {
    pub(super) short_id: String,
    pub(super) kind: &'static str,
    pub(super) size_gb: u32,
    pub(super) account: Account,
    pub(super) region: Region,
    /// The instance it is attached to, or since when it is attached to none.
    pub(super) attached: Result<String, NaiveDate>,
    place: Place,
    sku: Sku,
}

/// Volumes left behind: account, type, GB, since when unattached, and the part of it that holds
/// data (percent).
pub(super) fn left_behind() -> [(Account, &'static str, u32, NaiveDate, u32); 6] {
    [
        (DATA, "gp3", 1_000, date(2026, 8, 15), 55),
        (SHARED, "gp2", 500, date(2026, 5, 20), 70),
        (DEV, "gp3", 200, date(2026, 9, 10), 20),
        (DEV, "gp3", 100, date(2026, 9, 28), 35),
        (SHOP, "gp2", 250, date(2026, 7, 2), 40),
        // Too young to be called waste.
        (DEV, "gp3", 300, date(2026, 10, 31), 50),
    ]
}

/// Instances with volumes that have not been moved to gp3.
const ON_GP2: [&str; 4] = ["erp", "reporting", "proxy", "directory"];

/// All volumes: one of each lasting instance, and those left behind.
pub(super) fn volumes(instances: &[Instance]) -> Vec<Volume> {
    let lasting = instances.iter().filter(|i| i.group.schedule == Schedule::Always && i.is_there());
    let mut out: Vec<Volume> = lasting.map(of_instance).collect();
    for (at, (account, kind, size_gb, since, _)) in left_behind().into_iter().enumerate() {
        out.push(volume(&format!("left-{at}"), kind, size_gb, (account, US), Err(since), None));
    }
    out
}

fn of_instance(i: &Instance) -> Volume {
    let kind = if ON_GP2.contains(&i.group.app) { "gp2" } else { "gp3" };
    let size_gb = match i.group.app {
        "warehouse" => 2_000,
        "erp" => 400,
        "reporting" => 1_200,
        _ => 100,
    };
    let where_ = (i.group.account, i.group.region);
    let name = format!("{}-{}", i.group.app, i.number);
    volume(&name, kind, size_gb, where_, Ok(i.short_id.clone()), i.place.tags.clone())
}

fn volume(
    name: &str,
    kind: &'static str,
    size_gb: u32,
    (account, region): (Account, Region),
    attached: Result<String, NaiveDate>,
    tags: Option<Arc<str>>,
) -> Volume {
    let us_price = if kind == "gp2" { Decimal::new(10, 2) } else { Decimal::new(8, 2) };
    let list = if region == EU { us_price * Decimal::new(110, 2) } else { us_price };
    let short_id = format!("vol-{}", company::hex_id(&format!("volume-{name}")));
    let resource = format!("arn:aws:ec2:{}:{}:volume/{short_id}", region.0, account.0);
    let sku = Sku {
        service: "Amazon Elastic Compute Cloud",
        service_category: "Storage",
        subcategory: "Block Storage",
        meter: Arc::from(format!("{}EBS:VolumeUsage.{kind}", company::meter_prefix(region))),
        unit: "GB-Mo",
        list_unit_price: list,
        description: Arc::from(format!("${} per GB-month of {kind} storage", list.normalize())),
        publisher: AWS,
    };
    let place = company::place(account, Some(region), Some((Arc::from(resource), "Volume")), tags);
    Volume { short_id, kind, size_gb, account, region, attached, place, sku }
}

impl Volume {
    /// Its hour.
    pub(super) fn hour(&self, start: NaiveDateTime) -> Row {
        let hours = Decimal::from(company::days_in_month(start.date()) * 24);
        let quantity = (Decimal::from(self.size_gb) / hours).round_dp(10);
        let span = (start, start + TimeDelta::hours(1));
        Row::usage(&self.sku, &self.place, span, quantity, self.sku.list_unit_price)
    }
}

/// A public address.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) short_id: String,
    pub(super) account: Account,
    /// Since when nothing uses it.
    pub(super) idle_since: Option<NaiveDate>,
}

/// Addresses: in use, idle, and one idle for too short a time to be called waste.
pub(super) fn addresses() -> Vec<Address> {
    let idle = [
        (SHOP, Some(date(2026, 6, 1))),
        (DEV, Some(date(2026, 8, 1))),
        (DEV, Some(date(2026, 8, 1))),
        (SHARED, Some(date(2026, 10, 28))),
    ];
    let used = [SHOP, SHOP, SHOP, SHOP, DATA, SHARED].map(|a| (a, None));
    let all = used.into_iter().chain(idle).enumerate();
    all.map(|(at, (account, idle_since))| Address {
        short_id: format!("eipalloc-{}", company::hex_id(&format!("address-{at}"))),
        account,
        idle_since,
    })
    .collect()
}

impl Address {
    /// Its day.
    pub(super) fn day(&self, day: NaiveDate) -> Row {
        let idle = self.idle_since.is_some_and(|since| day >= since);
        let what = if idle { "Idle" } else { "InUse" };
        let sku = Sku {
            service: "Amazon Virtual Private Cloud",
            service_category: "Networking",
            subcategory: "Network Infrastructure",
            meter: Arc::from(format!("PublicIPv4:{what}Address")),
            unit: "Hours",
            list_unit_price: Decimal::new(5, 3),
            description: Arc::from("$0.005 per public IPv4 address and hour"),
            publisher: AWS,
        };
        let resource =
            format!("arn:aws:ec2:us-east-1:{}:elastic-ip/{}", self.account.0, self.short_id);
        let tags = company::tags(Tagging::NoTeam, "", "prod", "");
        let place =
            company::place(self.account, Some(US), Some((Arc::from(resource), "ElasticIp")), tags);
        let start = company::midnight(day);
        Row::usage(
            &sku,
            &place,
            (start, start + TimeDelta::days(1)),
            Decimal::from(24),
            sku.list_unit_price,
        )
    }
}
