//! `truth.json`: planted facts, so that tests and readers can compare findings with them.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;

use super::commitments;
use super::company::{self, days_in_month, review_month};
use super::events::{self, Kind};
use super::fleet::{self, Instance, Market, Schedule};
use super::services::Series;
use super::storage::{self, Address, Volume};
use super::thing::{Fact, Thing};

/// Content of the file.
#[derive(Debug, Serialize)]
struct Truth {
    about: &'static str,
    as_of: String,
    events: Vec<TrueEvent>,
    waste: Vec<Waste>,
    #[serde(rename = "looks_like_waste_but_is_not")]
    controls: Vec<Control>,
    /// Resources that are too small for their load.
    risks: Vec<Risk>,
    /// Charges that start or rise within a year of the report date.
    upcoming: Vec<Upcoming>,
    /// Checks that also find waste on the real machines of the fleet and in services of its
    /// accounts, whose truth is not recorded.
    real_machines_have_it_too: &'static [&'static str],
}

#[derive(Debug, Serialize)]
struct TrueEvent {
    id: &'static str,
    /// `anomaly`, `new`, `planned`, `drop`.
    kind: &'static str,
    first_day: String,
    last_day: String,
    sub_account_id: &'static str,
    service_name: &'static str,
    region_id: Option<&'static str>,
    usage_type: String,
    cause: &'static str,
}

#[derive(Debug, Serialize)]
struct Waste {
    check: &'static str,
    sub_account_id: &'static str,
    /// Resource, or instance type for groups.
    subject: String,
    /// USD per month of 730 h.
    saving_usd: Decimal,
    why: String,
}

#[derive(Debug, Serialize)]
struct Risk {
    kind: &'static str,
    sub_account_id: &'static str,
    subject: String,
    /// Cost of the fix, USD per month of 730 h.
    cost_usd: Decimal,
    why: &'static str,
}

#[derive(Debug, Serialize)]
struct Upcoming {
    from: &'static str,
    sub_account_id: &'static str,
    resource: String,
    /// Additional cost, USD per month of 730 h.
    usd_per_month: Decimal,
    why: &'static str,
}

#[derive(Debug, Serialize)]
struct Control {
    check: &'static str,
    subject: String,
    why: &'static str,
}

const HOURS: u32 = 730;

/// All planted data.
pub(super) struct Planted<'a> {
    pub(super) instances: &'a [Instance],
    pub(super) volumes: &'a [Volume],
    pub(super) addresses: &'a [Address],
    pub(super) things: &'a [Thing],
    pub(super) series: &'a [Series],
}

impl Planted<'_> {
    /// Returns `truth.json` as text.
    pub(super) fn text(&self) -> anyhow::Result<String> {
        let mut waste = unattached(self.volumes);
        waste.extend(gp2(self.volumes));
        waste.extend(idle(self.addresses));
        waste.extend(previous_generation(self.instances)?);
        waste.extend(uncovered(self.things)?);
        waste.extend(self.things.iter().flat_map(of_thing));
        waste.push(unused_reservation()?);
        let truth = Truth {
            about: "Planted by datasets/generator; savings from its own parameters, not from the checks. \
                    Review month: 2026-10.",
            as_of: company::as_of().to_string(),
            events: true_events(self.instances, self.series),
            waste,
            controls: self.controls(),
            risks: self.things.iter().flat_map(risks_of).collect(),
            upcoming: self.things.iter().flat_map(upcoming_of).collect(),
            real_machines_have_it_too: &[
                "oversized_instance",
                "second_trail",
                "continuous_recording",
            ],
        };
        Ok(serde_json::to_string_pretty(&truth)? + "\n")
    }

    fn controls(&self) -> Vec<Control> {
        let found: Vec<Waste> =
            unattached(self.volumes).into_iter().chain(idle(self.addresses)).collect();
        let is_waste = |id: &str| found.iter().any(|w| w.subject == id);
        let young_volumes =
            self.volumes.iter().filter(|v| v.attached.is_err() && !is_waste(&v.short_id));
        let young_addresses =
            self.addresses.iter().filter(|a| a.idle_since.is_some() && !is_waste(&a.short_id));
        let why = "idle for too short a time";
        let traps = self.things.iter().flat_map(|t| t.facts.iter().map(move |f| (t, f))).flat_map(
            |(t, fact)| {
                let (checks, why) = match fact {
                    Fact::Trap(checks, why) => (*checks, *why),
                    Fact::Waste(..) | Fact::Risk(..) | Fact::Comes(..) => (&[][..], ""),
                };
                checks.iter().map(move |check| Control {
                    check,
                    subject: t.billed_as().to_owned(),
                    why,
                })
            },
        );
        young_volumes
            .map(|v| Control { check: "unattached_volume", subject: v.short_id.clone(), why })
            .chain(young_addresses.map(|a| Control {
                check: "idle_address",
                subject: a.short_id.clone(),
                why,
            }))
            .chain(traps)
            .collect()
    }
}

fn of_thing(thing: &Thing) -> impl Iterator<Item = Waste> {
    thing.facts.iter().filter_map(|fact| match fact {
        Fact::Waste(check, saving_usd, why) => Some(Waste {
            check,
            sub_account_id: company::WANDERLUST.0,
            subject: thing.billed_as().to_owned(),
            saving_usd: *saving_usd,
            why: (*why).to_owned(),
        }),
        Fact::Trap(..) | Fact::Risk(..) | Fact::Comes(..) => None,
    })
}

fn risks_of(thing: &Thing) -> impl Iterator<Item = Risk> {
    thing.facts.iter().filter_map(|fact| match fact {
        Fact::Risk(kind, cost_usd, why) => Some(Risk {
            kind,
            sub_account_id: company::WANDERLUST.0,
            subject: thing.billed_as().to_owned(),
            cost_usd: *cost_usd,
            why,
        }),
        Fact::Waste(..) | Fact::Trap(..) | Fact::Comes(..) => None,
    })
}

fn upcoming_of(thing: &Thing) -> impl Iterator<Item = Upcoming> {
    thing.facts.iter().filter_map(|fact| match fact {
        Fact::Comes(from, usd_per_month, why) => Some(Upcoming {
            from,
            sub_account_id: company::WANDERLUST.0,
            resource: thing.billed_as().to_owned(),
            usd_per_month: *usd_per_month,
            why,
        }),
        Fact::Waste(..) | Fact::Trap(..) | Fact::Risk(..) => None,
    })
}

fn true_events(instances: &[Instance], series: &[Series]) -> Vec<TrueEvent> {
    let of = |e: events::Event| {
        let kind = match e.kind {
            Kind::Anomaly => "anomaly",
            Kind::New => "new",
            Kind::Planned => "planned",
            Kind::Drop => "drop",
        };
        let of_series = series.iter().find(|s| s.key == e.what).map(|s| (s.account, s.named()));
        let of_group = instances.iter().find(|i| i.group.app == e.what).map(|i| {
            let named = (i.sku.service, Some(i.group.region.0), &*i.sku.meter);
            (i.group.account, named)
        });
        let (account, (service_name, region_id, usage_type)) = of_series.or(of_group)?;
        Some(TrueEvent {
            id: e.id,
            kind,
            first_day: e.first_day.to_string(),
            last_day: e.last_day.to_string(),
            sub_account_id: account.0,
            service_name,
            region_id,
            usage_type: usage_type.to_owned(),
            cause: e.cause,
        })
    };
    events::events().into_iter().filter_map(of).collect()
}

fn gb_month(kind: &str) -> Decimal {
    if kind == "gp2" { Decimal::new(10, 2) } else { Decimal::new(8, 2) }
}

/// Days after which an unattached volume or an idle address is waste.
const OLD_ENOUGH_DAYS: i64 = 7;

fn unattached(volumes: &[Volume]) -> Vec<Waste> {
    let left = volumes.iter().filter(|v| v.attached.is_err()).zip(storage::left_behind());
    let old = left.filter(|(_, (_, _, _, since, _))| {
        company::as_of().signed_duration_since(*since).num_days() >= OLD_ENOUGH_DAYS
    });
    old.map(|(v, (_, kind, size_gb, since, written_pct))| {
        let size = Decimal::from(size_gb);
        let snapshot = size * Decimal::new(5, 2) * Decimal::new(i64::from(written_pct), 2);
        Waste {
            check: "unattached_volume",
            sub_account_id: v.account.0,
            subject: v.short_id.clone(),
            saving_usd: (size * gb_month(kind) - snapshot).round_dp(2),
            why: format!(
                "unattached since {since}; {written_pct} % of it holds data that a snapshot keeps"
            ),
        }
    })
    .collect()
}

fn gp2(volumes: &[Volume]) -> Vec<Waste> {
    let of = |v: &Volume| {
        let size = Decimal::from(v.size_gb);
        // What keeps the performance: see the check's documentation for the source.
        let iops = Decimal::from((v.size_gb * 3).clamp(3_000, 16_000) - 3_000) * Decimal::new(5, 3);
        let throughput =
            if v.size_gb >= 334 { Decimal::from(125) * Decimal::new(4, 2) } else { Decimal::ZERO };
        Waste {
            check: "gp2_volume",
            sub_account_id: v.account.0,
            subject: v.short_id.clone(),
            saving_usd: (size * Decimal::new(2, 2) - iops - throughput).round_dp(2),
            why: format!("{} GB of gp2", v.size_gb),
        }
    };
    volumes.iter().filter(|v| v.kind == "gp2" && v.region == company::US).map(of).collect()
}

fn idle(addresses: &[Address]) -> Vec<Waste> {
    let of = |a: &Address| {
        let since = a.idle_since.filter(|s| {
            let days_of_month =
                (review_month() + chrono::Months::new(1)).signed_duration_since(*s).num_days();
            days_of_month >= OLD_ENOUGH_DAYS
        })?;
        Some(Waste {
            check: "idle_address",
            sub_account_id: a.account.0,
            subject: a.short_id.clone(),
            saving_usd: (Decimal::new(5, 3) * Decimal::from(HOURS)).round_dp(2),
            why: format!("idle since {since}"),
        })
    };
    addresses.iter().filter_map(of).collect()
}

/// Groups of an older generation that no commitment covers, and the type that should replace
/// theirs.
const OLD: [(&str, &str); 6] = [
    ("erp", "m6a.xlarge"),
    ("reporting", "c6a.2xlarge"),
    ("proxy", "r6a.xlarge"),
    ("closing", "c6a.4xlarge"),
    ("web", "m6a.large"),
    ("directory", "m6a.xlarge"),
];

fn previous_generation(instances: &[Instance]) -> anyhow::Result<Vec<Waste>> {
    let prices = fleet::price_list()?;
    let mut out = Vec::new();
    for i in instances {
        let Some((_, new)) = OLD.iter().find(|(app, _)| *app == i.group.app) else { continue };
        let then = prices.get(*new).and_then(|p| match i.group.market {
            Market::Windows => p.od_windows_usd_hr,
            _ => p.od_linux_usd_hr,
        });
        let then = then.unwrap_or(i.hourly);
        let days = days_in_month(review_month());
        // The batch runs on two days of the month for 18 hours.
        let hours = if i.group.schedule == Schedule::MonthEnd { 36 } else { days * 24 };
        let month = Decimal::from(HOURS) * Decimal::from(hours) / Decimal::from(days * 24);
        out.push(Waste {
            check: "previous_generation_instance",
            sub_account_id: i.group.account.0,
            subject: i.short_id.clone(),
            saving_usd: ((i.hourly - then) * month).round_dp(2),
            why: format!("{} could be {new}", i.group.instance_type),
        });
    }
    Ok(out)
}

/// Returns the reservation of an instance that is gone. Half of its unused cost can be recovered.
fn unused_reservation() -> anyhow::Result<Waste> {
    let (reserved, count) = commitments::unused_since_august()?;
    let unused = reserved * Decimal::from(HOURS) * Decimal::from(count);
    Ok(Waste {
        check: "unused_commitment",
        sub_account_id: company::DATA.0,
        subject: commitments::reservation_id(),
        saving_usd: (unused / Decimal::TWO).round_dp(2),
        why: "an instance was retired on 2026-08-15, its reservation runs until 2027-02-10".into(),
    })
}

fn uncovered(things: &[Thing]) -> anyhow::Result<Vec<Waste>> {
    let prices = fleet::price_list()?;
    let mut out = Vec::new();
    let mut types: BTreeMap<&str, u32> = BTreeMap::new();
    // Instances that existed for the complete window run every hour.
    for t in things.iter().filter(|t| t.state == "running" && t.created < company::start()) {
        *types.entry(t.instance_type.unwrap_or_default()).or_default() += 1;
    }
    let of_things =
        types.into_iter().map(|(instance_type, count)| (company::WANDERLUST, instance_type, count));
    // The savings plans cover the shop's; the batch is not steady; a reservation with Windows has
    // no known price.
    let steady = OLD.iter().filter(|(app, _)| !["closing", "web", "directory"].contains(app));
    let groups = steady.filter_map(|(app, _)| fleet::groups().into_iter().find(|g| g.app == *app));
    let of_fleet = groups.map(|g| (g.account, g.instance_type, g.count));
    for (account, instance_type, count) in of_fleet.chain(of_things) {
        let price = prices.get(instance_type);
        let on_demand = price.and_then(|p| p.od_linux_usd_hr).unwrap_or_default();
        let reserved = price.and_then(|p| p.ri_1y_all_upfront_linux_usd_hr).unwrap_or(on_demand);
        out.push(Waste {
            check: "uncovered_steady_usage",
            sub_account_id: account.0,
            subject: instance_type.to_owned(),
            saving_usd: ((on_demand - reserved) * Decimal::from(HOURS * count)).round_dp(2),
            why: format!("{count} of them run every hour on demand"),
        });
    }
    Ok(out)
}
