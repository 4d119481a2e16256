//! Inventory and utilization of the demo estate.

use std::collections::BTreeMap;

use chrono::{NaiveDateTime, TimeDelta};
use cost_core::inventory::{Kind, Resource, detail};
use cost_core::table::frame_of;
use polars::prelude::*;
use serde_json::{Value, json};

use super::commitments::{self, Commitments, Term};
use super::company::{self, Account, Region, SHARED, US, WANDERLUST, date};
use super::fleet::{Instance, Load, Schedule};
use super::storage::{self, Address, Volume};
use super::thing::{Metric, Thing};
use crate::traces::Hour;

fn line(
    id: &str,
    kind: impl Into<Kind>,
    account: Account,
    region: Region,
    state: &str,
) -> Resource {
    Resource {
        resource_id: id.to_owned(),
        kind: kind.into(),
        sub_account_id: Some(account.0.to_owned()),
        region_id: Some(region.0.to_owned()),
        state: Some(state.to_owned()),
        ..Resource::default()
    }
}

/// The keys and values of a JSON object.
fn details(object: Value) -> BTreeMap<String, Value> {
    if let Value::Object(all) = object { all.into_iter().collect() } else { BTreeMap::new() }
}

/// Returns the inventory on the report date.
pub(super) fn inventory(
    instances: &[Instance],
    volumes: &[Volume],
    addresses: &[Address],
    things: &[Thing],
    commitments: &Commitments,
) -> PolarsResult<DataFrame> {
    let mut lines: Vec<Resource> =
        instances.iter().filter(|i| i.is_there()).map(of_instance).collect();
    lines.extend(volumes.iter().map(of_volume));
    lines.extend(snapshots_of_left_behind(volumes));
    for a in addresses {
        let state = if a.idle_since.is_some() { "unassociated" } else { "associated" };
        let attached_to =
            a.idle_since.is_none().then(|| format!("eni-{}", company::hex_id(&a.short_id)));
        lines.push(Resource {
            state_since: a.idle_since,
            attached_to,
            ..line(&a.short_id, Kind::Address, a.account, US, state)
        });
    }
    let nodes = "arn:aws:eks:us-east-1:444444444444:nodegroup/main/general";
    let group = line(nodes, Kind::EksNodeGroup, SHARED, US, "ACTIVE");
    lines.push(group.with(detail::CLUSTER, Some("main")).with(detail::DESIRED_SIZE, Some(3)));
    let of_things = lines.len()..lines.len() + things.len();
    lines.extend(things.iter().map(of_thing));
    lines.extend(commitments.terms().into_iter().map(of_term));
    // Details are known, even if there are none.
    let known = |(at, of): (usize, &Resource)| {
        let any = !of.details.is_empty() || of_things.contains(&at);
        any.then(|| json!(of.details).to_string())
    };
    let known: StringChunked = lines.iter().enumerate().map(known).collect();
    let mut frame = frame_of(&lines)?;
    frame.with_column(known.with_name("Details".into()).into_column())?;
    Ok(frame)
}

fn of_instance(i: &Instance) -> Resource {
    // The load determines their number: an Auto Scaling group.
    let scaled = (i.group.schedule == Schedule::Scaled).then_some(i.group.app);
    Resource {
        instance_type: Some(i.group.instance_type.to_owned()),
        state_since: Some(company::start()),
        name: Some(format!("{}-{}", i.group.app, i.number)),
        created_on: Some(company::start()),
        tags: i
            .place
            .tags
            .as_deref()
            .and_then(|t| serde_json::from_str(t).ok())
            .unwrap_or_default(),
        ..line(&i.short_id, Kind::Instance, i.group.account, i.group.region, "running")
    }
    .with(detail::AUTO_SCALING_GROUP, scaled)
}

fn of_volume(v: &Volume) -> Resource {
    let state = if v.attached.is_ok() { "in-use" } else { "available" };
    let gp3 = v.kind == "gp3";
    Resource {
        state_since: v.attached.as_ref().err().copied().or(Some(company::start())),
        volume_type: Some(v.kind.to_owned()),
        size_gb: Some(i64::from(v.size_gb)),
        iops: Some(if gp3 { 3_000 } else { (i64::from(v.size_gb) * 3).clamp(100, 16_000) }),
        throughput_mbps: gp3.then_some(125),
        attached_to: v.attached.as_ref().ok().cloned(),
        created_on: Some(company::start()),
        ..line(&v.short_id, Kind::Volume, v.account, v.region, state)
    }
}

/// Returns a snapshot of each unattached volume, made while it was in use, in the backup account.
/// It shows how much of the volume contains data.
fn snapshots_of_left_behind(volumes: &[Volume]) -> impl Iterator<Item = Resource> {
    let left = volumes.iter().filter(|v| v.attached.is_err()).zip(storage::left_behind());
    left.map(|(v, (_, _, size_gb, since, written_pct))| {
        let written = u64::from(size_gb) * u64::from(written_pct) * (1 << 30) / 100;
        let id = format!("snap-{}", company::hex_id(&format!("snapshot-{}", v.short_id)));
        Resource {
            size_gb: Some(i64::from(size_gb)),
            created_on: since.checked_sub_days(chrono::Days::new(30)),
            ..line(&id, Kind::Snapshot, SHARED, v.region, "completed")
        }
        .with(detail::VOLUME_ID, Some(v.short_id.as_str()))
        .with(detail::FULL_SNAPSHOT_SIZE_IN_BYTES, i64::try_from(written).ok())
    })
}

fn of_term(t: Term) -> Resource {
    let reserved = t.kind == "reserved-instances";
    Resource {
        state_since: Some(t.bought),
        created_on: Some(t.bought),
        instance_type: reserved.then(|| commitments::RESERVED_TYPE.to_owned()),
        details: details(t.details),
        ..line(&t.id, t.kind, t.account, US, "active")
    }
    .with(detail::ENDS_ON, Some(t.ends))
}

fn of_thing(t: &Thing) -> Resource {
    Resource {
        state_since: t.since.or(Some(t.created)),
        instance_type: t.instance_type.map(ToOwned::to_owned),
        volume_type: t.volume_type.map(ToOwned::to_owned),
        size_gb: t.size_gb,
        iops: t.iops,
        throughput_mbps: t.throughput,
        attached_to: t.attached_to.clone(),
        name: Some(t.name.to_owned()),
        created_on: Some(t.created),
        tags: t.tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        details: details(t.details.clone()),
        ..line(&t.id, t.kind, WANDERLUST, US, t.state)
    }
}

/// First Monday of the traces, and the Monday that it is moved to: weekdays remain weekdays.
fn shift() -> TimeDelta {
    date(2026, 10, 5).signed_duration_since(date(2013, 8, 12))
}

/// First measured hour of resources other than the real machines.
fn first_measured() -> NaiveDateTime {
    company::midnight(date(2026, 9, 28))
}

/// Measurements of one resource in one hour.
#[derive(Clone, Debug, Default)]
struct Measured {
    id: String,
    hour: NaiveDateTime,
    cpu_mean: Option<f64>,
    cpu_max: Option<f64>,
    memory: Option<f64>,
    network: Option<f64>,
    operations: Option<f64>,
    storage_used: Option<f64>,
    read_units: Option<f64>,
    write_units: Option<f64>,
}

/// Network bytes per hour for each percent of CPU. Fictional: the network in the traces is from
/// machines of another size.
const BYTES_OF_PCT: f64 = 40e6;

/// Returns the CPU of each existing instance in its running hours, each from one real machine, with
/// network traffic; and the measurements of the other resources.
fn measured(instances: &[Instance], things: &[Thing], traces: &[Vec<Hour>]) -> Vec<Measured> {
    let mut needed: BTreeMap<NaiveDateTime, u32> = BTreeMap::new();
    let mut load = Load::new();
    let mut hour = company::midnight(company::start());
    while hour < company::arrived() {
        needed.insert(hour, load.needed(hour));
        hour += TimeDelta::hours(1);
    }
    let there =
        instances.iter().filter(|i| i.is_there() && i.group.schedule != Schedule::WorkHours);
    let mut out = Vec::new();
    for (instance, trace) in there.zip(traces.iter().cycle()) {
        for sample in trace {
            let at = sample.at + shift();
            if needed.get(&at).is_some_and(|n| instance.runs(at, *n)) {
                out.push(Measured {
                    id: instance.short_id.clone(),
                    hour: at,
                    cpu_mean: Some(sample.mean_pct),
                    cpu_max: Some(sample.max_pct),
                    network: Some((sample.mean_pct * BYTES_OF_PCT).round()),
                    ..Measured::default()
                });
            }
        }
    }
    out.extend(things.iter().flat_map(of_hours));
    out
}

/// Hourly mean as a share of the maximum.
const MEAN_OF_MAX: f64 = 0.6;

fn of_hours(thing: &Thing) -> impl Iterator<Item = Measured> {
    thing.measured(first_measured(), company::arrived()).into_iter().map(|(hour, values)| {
        let mut of = Measured { id: thing.id.clone(), hour, ..Measured::default() };
        for (metric, value) in values {
            let rounded = Some((value * 100.0).round() / 100.0);
            match metric {
                Metric::Cpu => {
                    of.cpu_max = rounded;
                    of.cpu_mean = Some((value * MEAN_OF_MAX * 100.0).round() / 100.0);
                }
                Metric::Memory => of.memory = rounded,
                Metric::Network => of.network = rounded,
                Metric::Operations => of.operations = rounded,
                Metric::StorageUsed => of.storage_used = rounded,
                Metric::ReadUnits => of.read_units = rounded,
                Metric::WriteUnits => of.write_units = rounded,
            }
        }
        of
    })
}

/// Returns the utilization of all measured resources.
pub(super) fn utilization(
    instances: &[Instance],
    things: &[Thing],
    traces: &[Vec<Hour>],
) -> PolarsResult<DataFrame> {
    let measured = measured(instances, things, traces);
    let hours: Vec<i64> = measured.iter().map(|m| m.hour.and_utc().timestamp_micros()).collect();
    let hours = Int64Chunked::from_vec("Hour".into(), hours);
    let hours = hours.into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    let number = |name: &str, get: fn(&Measured) -> Option<f64>| {
        Column::new(name.into(), measured.iter().map(get).collect::<Vec<Option<f64>>>())
    };
    let columns = vec![
        Column::new(
            "ResourceId".into(),
            measured.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(),
        ),
        hours.into_series().into_column(),
        number("CpuMeanPct", |m| m.cpu_mean),
        number("CpuMaxPct", |m| m.cpu_max),
        number("MemoryMaxPct", |m| m.memory),
        number("NetworkBytes", |m| m.network),
        number("Operations", |m| m.operations),
        number("StorageUsedPct", |m| m.storage_used),
        number("ReadUnits", |m| m.read_units),
        number("WriteUnits", |m| m.write_units),
    ];
    DataFrame::new(measured.len(), columns)
}
