//! Inventory and utilization of the demo estate.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use cost_core::cells::dates;
use polars::prelude::*;

use super::company::{self, Account, Region, US, date};
use super::fleet::{Instance, Load, Schedule};
use super::storage::{Address, Volume};
use crate::traces::Hour;

/// A line of the inventory.
#[derive(Default)]
struct Line {
    id: String,
    kind: &'static str,
    account: &'static str,
    region: &'static str,
    state: &'static str,
    since: Option<NaiveDate>,
    instance_type: Option<&'static str>,
    volume_type: Option<&'static str>,
    size_gb: Option<i64>,
    iops: Option<i64>,
    throughput: Option<i64>,
    attached_to: Option<String>,
}

fn line(id: &str, kind: &'static str, account: Account, region: Region, state: &'static str) -> Line {
    Line { id: id.to_owned(), kind, account: account.0, region: region.0, state, ..Line::default() }
}

/// What exists on the day the estate is of.
pub(super) fn inventory(instances: &[Instance], volumes: &[Volume], addresses: &[Address]) -> PolarsResult<DataFrame> {
    let mut lines = Vec::new();
    for i in instances.iter().filter(|i| i.is_there()) {
        let there = line(&i.short_id, "instance", i.group.account, i.group.region, "running");
        lines.push(Line { instance_type: Some(i.group.instance_type), since: Some(company::start()), ..there });
    }
    for v in volumes {
        let state = if v.attached.is_ok() { "in-use" } else { "available" };
        let gp3 = v.kind == "gp3";
        lines.push(Line {
            since: v.attached.as_ref().err().copied().or(Some(company::start())),
            volume_type: Some(v.kind),
            size_gb: Some(i64::from(v.size_gb)),
            iops: Some(if gp3 { 3_000 } else { (i64::from(v.size_gb) * 3).clamp(100, 16_000) }),
            throughput: gp3.then_some(125),
            attached_to: v.attached.as_ref().ok().cloned(),
            ..line(&v.short_id, "volume", v.account, v.region, state)
        });
    }
    for a in addresses {
        let state = if a.idle_since.is_some() { "unassociated" } else { "associated" };
        let attached_to = a.idle_since.is_none().then(|| format!("eni-{}", company::hex_id(&a.short_id)));
        lines.push(Line { since: a.idle_since, attached_to, ..line(&a.short_id, "address", a.account, US, state) });
    }
    frame(&lines)
}

fn frame(lines: &[Line]) -> PolarsResult<DataFrame> {
    let text = |name: &str, get: &dyn Fn(&Line) -> Option<String>| {
        let values: StringChunked = lines.iter().map(get).collect();
        values.with_name(name.into()).into_series().into_column()
    };
    let whole = |name: &str, get: fn(&Line) -> Option<i64>| {
        let values: Int64Chunked = lines.iter().map(get).collect();
        values.with_name(name.into()).into_series().into_column()
    };
    let since = dates(lines.iter().map(|l| l.since));
    let columns = vec![
        text("ResourceId", &|l| Some(l.id.clone())),
        text("Kind", &|l| Some(l.kind.to_owned())),
        text("SubAccountId", &|l| Some(l.account.to_owned())),
        text("RegionId", &|l| Some(l.region.to_owned())),
        text("State", &|l| Some(l.state.to_owned())),
        since.with_name("StateSince".into()).into_column(),
        text("InstanceType", &|l| l.instance_type.map(ToOwned::to_owned)),
        text("VolumeType", &|l| l.volume_type.map(ToOwned::to_owned)),
        whole("SizeGb", |l| l.size_gb),
        whole("Iops", |l| l.iops),
        whole("ThroughputMbps", |l| l.throughput),
        text("AttachedTo", &|l| l.attached_to.clone()),
    ];
    DataFrame::new(lines.len(), columns)
}

/// The traces' first Monday, and the Monday it becomes: weekdays stay weekdays.
fn shift() -> TimeDelta {
    date(2026, 10, 5).signed_duration_since(date(2013, 8, 12))
}

/// The CPU of every instance that is there, in the hours in which it ran: one real machine's each.
pub(super) fn utilization(instances: &[Instance], traces: &[Vec<Hour>]) -> PolarsResult<DataFrame> {
    let mut needed: std::collections::BTreeMap<NaiveDateTime, u32> = std::collections::BTreeMap::new();
    let mut load = Load::new();
    let mut hour = company::midnight(company::start());
    while hour < company::arrived() {
        needed.insert(hour, load.needed(hour));
        hour += TimeDelta::hours(1);
    }
    let there = instances.iter().filter(|i| i.is_there() && i.group.schedule != Schedule::WorkHours);
    let (mut ids, mut hours, mut means, mut maxima) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (instance, trace) in there.zip(traces.iter().cycle()) {
        for sample in trace {
            let at = sample.at + shift();
            if !needed.get(&at).is_some_and(|n| instance.runs(at, *n)) {
                continue;
            }
            ids.push(instance.short_id.as_str());
            hours.push(at.and_utc().timestamp_micros());
            means.push(sample.mean_pct);
            maxima.push(sample.max_pct);
        }
    }
    let hours = Int64Chunked::from_vec("Hour".into(), hours);
    let hours = hours.into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC));
    let columns = vec![
        Column::new("ResourceId".into(), ids),
        hours.into_series().into_column(),
        Column::new("CpuMeanPct".into(), means),
        Column::new("CpuMaxPct".into(), maxima),
    ];
    let height = columns[0].len();
    DataFrame::new(height, columns)
}
