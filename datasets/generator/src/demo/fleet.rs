//! EC2 instances and their hours.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Context;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use rust_decimal::Decimal;
use serde::Deserialize;

use super::company::{
    self, Account, DATA, DEV, EU, Region, SANDBOX, SHARED, SHOP, SINGAPORE, Tagging, US, date,
};
use crate::noise::Noise;
use crate::row::{Place, Sku};

/// Schedule of instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Schedule {
    /// Every hour.
    Always,
    /// Weekdays, 07:00 to 19:00 UTC.
    WorkHours,
    /// 01:00 to 05:00 UTC.
    Nightly,
    /// The last two days of a month, 00:00 to 18:00 UTC.
    MonthEnd,
    /// The n-th instance runs while the shop load needs n instances.
    Scaled,
}

/// Purchase option of instances that no commitment covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Market {
    OnDemand,
    Windows,
    Spot,
}

/// Group of equal instances.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub(super) app: &'static str,
    pub(super) team: &'static str,
    pub(super) env: &'static str,
    pub(super) account: Account,
    pub(super) region: Region,
    pub(super) instance_type: &'static str,
    pub(super) count: u32,
    pub(super) schedule: Schedule,
    pub(super) market: Market,
    pub(super) tagging: Tagging,
    /// Half-open range of days; `None` for the complete time.
    pub(super) life: Option<(NaiveDate, NaiveDate)>,
}

impl Group {
    /// Creates a group on demand in us-east-1, with all tags, for the complete time.
    fn new(
        (app, team, env): (&'static str, &'static str, &'static str),
        account: Account,
        (count, instance_type): (u32, &'static str),
        schedule: Schedule,
    ) -> Self {
        Self {
            app,
            team,
            env,
            account,
            region: US,
            instance_type,
            count,
            schedule,
            market: Market::OnDemand,
            tagging: Tagging::Full,
            life: None,
        }
    }

    fn region(self, region: Region) -> Self {
        Self { region, ..self }
    }

    fn market(self, market: Market) -> Self {
        Self { market, ..self }
    }

    fn tagging(self, tagging: Tagging) -> Self {
        Self { tagging, ..self }
    }

    /// Limits it to the half-open range of days.
    fn during(self, from: NaiveDate, to: NaiveDate) -> Self {
        Self { life: Some((from, to)), ..self }
    }
}

/// Returns the groups, in the order in which the Savings Plans cover them.
pub(super) fn groups() -> Vec<Group> {
    use Schedule::{Always, MonthEnd, Nightly, Scaled, WorkHours};
    let group = Group::new;
    let warehouse = group(("warehouse", "analytics", "prod"), DATA, (4, "r5.2xlarge"), Always);
    vec![
        group(("web", "storefront", "prod"), SHOP, (8, "m5.large"), Always),
        group(("web-eu", "storefront", "prod"), SHOP, (2, "m5.large"), Always).region(EU),
        group(("api", "storefront", "prod"), SHOP, (10, "m6i.large"), Scaled),
        group(("forecast", "ml", "prod"), DATA, (1, "g4dn.xlarge"), Always)
            .during(date(2026, 2, 1), company::as_of()),
        warehouse,
        // Retired in August; its reservation stays.
        Group { app: "warehouse-old", count: 1, ..warehouse }
            .during(company::start(), date(2026, 8, 15)),
        group(("devbox", "platform", "dev"), DEV, (10, "t3.medium"), WorkHours)
            .tagging(Tagging::NoTeam),
        group(("ci", "platform", "dev"), DEV, (2, "c5.4xlarge"), Nightly).market(Market::Spot),
        group(("closing", "finance-it", "prod"), DATA, (8, "c5.4xlarge"), MonthEnd),
        group(("erp", "finance-it", "prod"), SHARED, (4, "m4.xlarge"), Always)
            .tagging(Tagging::NoTeam),
        group(("reporting", "analytics", "prod"), DATA, (3, "c4.2xlarge"), Always),
        group(("proxy", "storefront", "prod"), SHOP, (2, "r4.xlarge"), Always)
            .tagging(Tagging::None),
        group(("directory", "platform", "prod"), SHARED, (2, "m5.xlarge"), Always)
            .market(Market::Windows),
        // Leaked credentials, see the events.
        group(("unknown", "none", "none"), SANDBOX, (8, "g4dn.xlarge"), Always)
            .region(SINGAPORE)
            .tagging(Tagging::None)
            .during(date(2026, 3, 22), date(2026, 3, 25)),
    ]
}

/// Instance of a group.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) group: Group,
    /// Number in its group, from 0.
    pub(super) number: u32,
    pub(super) short_id: String,
    pub(super) place: Place,
    pub(super) sku: Sku,
    /// Price per hour without a commitment: the spot price for spot.
    pub(super) hourly: Decimal,
}

/// Row of the bundled price list.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Prices {
    instance_type: String,
    pub(super) od_linux_usd_hr: Option<Decimal>,
    pub(super) od_windows_usd_hr: Option<Decimal>,
    pub(super) ri_1y_all_upfront_linux_usd_hr: Option<Decimal>,
    spot_savings_pct: Option<Decimal>,
}

/// Returns the bundled price list, by instance type.
pub(super) fn price_list() -> anyhow::Result<BTreeMap<String, Prices>> {
    const LIST: &str = include_str!("../../../../cost-core/data/prices/aws_ec2_us-east-1.csv");
    let rows = csv::Reader::from_reader(LIST.as_bytes()).into_deserialize::<Prices>();
    rows.map(|row| row.map(|r| (r.instance_type.clone(), r)).map_err(Into::into)).collect()
}

/// Factor for prices of other regions relative to us-east-1. Fictional, close to the real ratios.
fn regional(region: Region) -> Decimal {
    match region.0 {
        "eu-west-1" => Decimal::new(111, 2),
        "ap-southeast-1" => Decimal::new(140, 2),
        _ => Decimal::ONE,
    }
}

/// Returns all instances, by group.
pub(super) fn instances() -> anyhow::Result<Vec<Instance>> {
    let prices = price_list()?;
    let mut out = Vec::new();
    for group in groups() {
        let price =
            prices.get(group.instance_type).context("an instance type is not in the price list")?;
        for number in 0..group.count {
            out.push(instance(group, number, price)?);
        }
    }
    Ok(out)
}

fn instance(group: Group, number: u32, price: &Prices) -> anyhow::Result<Instance> {
    let listed = if group.market == Market::Windows {
        price.od_windows_usd_hr
    } else {
        price.od_linux_usd_hr
    };
    let list = listed.context("the price list has no price for a type of the fleet")?
        * regional(group.region);
    let spot_share =
        (Decimal::ONE_HUNDRED - price.spot_savings_pct.unwrap_or_default()) / Decimal::ONE_HUNDRED;
    let (usage, os, hourly) = match group.market {
        Market::Spot => ("SpotUsage", "Linux spot", (list * spot_share).round_dp(10)),
        Market::Windows => ("BoxUsage", "Windows", list),
        Market::OnDemand => ("BoxUsage", "Linux", list),
    };
    let short_id = format!("i-{}", company::hex_id(&format!("{}-{number}", group.app)));
    let arn = format!("arn:aws:ec2:{}:{}:instance/{short_id}", group.region.0, group.account.0);
    let tags = company::tags(group.tagging, group.team, group.env, group.app);
    let t = group.instance_type;
    let sku = Sku {
        service: "Amazon Elastic Compute Cloud",
        service_category: "Compute",
        subcategory: "Virtual Machines",
        meter: Arc::from(format!("{}{usage}:{t}", company::meter_prefix(group.region))),
        unit: "Hours",
        list_unit_price: list,
        description: Arc::from(format!("${} per {os} {t} instance hour", list.normalize())),
        publisher: crate::row::AWS,
    };
    let resource = Some((Arc::from(arn), "Instance"));
    let place = company::place(group.account, Some(group.region), resource, tags);
    Ok(Instance { group, number, short_id, place, sku, hourly })
}

/// Shop load by hour of the day, percent of the peak.
const LOAD_PCT: [u32; 24] = [
    28, 22, 18, 16, 16, 20, 30, 42, 55, 64, 70, 74, 76, 75, 74, 76, 80, 88, 96, 100, 94, 78, 56, 38,
];

/// Number of API instances that each hour needs.
pub(super) struct Load(Noise);

impl Load {
    pub(super) fn new() -> Self {
        Self(Noise::of("load"))
    }

    /// Returns the instances needed in an hour; call it once per hour, in order.
    pub(super) fn needed(&mut self, hour: NaiveDateTime) -> u32 {
        let of_day = LOAD_PCT[usize::try_from(hour.hour()).unwrap_or(0)];
        let weekend = if company::is_weekend(hour.date()) { 0.75 } else { 1.0 };
        let load = f64::from(of_day) / 100.0 * weekend * 0.80 * company::growth(1.015, hour.date());
        let wanted = load * 10.0 * self.0.around_one(0.04);
        (1..10).find(|n| f64::from(*n) >= wanted).unwrap_or(10).max(2)
    }
}

impl Instance {
    /// Whether it runs in the hour, when the API needs that many instances.
    pub(super) fn runs(&self, hour: NaiveDateTime, needed: u32) -> bool {
        let day = hour.date();
        if self.group.life.is_some_and(|(from, to)| day < from || day >= to) {
            return false;
        }
        match self.group.schedule {
            Schedule::Always => true,
            Schedule::WorkHours => !company::is_weekend(day) && (7..19).contains(&hour.hour()),
            Schedule::Nightly => (1..5).contains(&hour.hour()),
            Schedule::MonthEnd => {
                let in_two_days = day + TimeDelta::days(2);
                crate::row::first_of_month(in_two_days) != crate::row::first_of_month(day)
                    && hour.hour() < 18
            }
            Schedule::Scaled => self.number < needed,
        }
    }

    /// Whether it exists on the report date.
    pub(super) fn is_there(&self) -> bool {
        self.group.life.is_none_or(|(_, to)| to >= company::as_of())
            && matches!(
                self.group.schedule,
                Schedule::Always | Schedule::Scaled | Schedule::WorkHours
            )
    }
}
