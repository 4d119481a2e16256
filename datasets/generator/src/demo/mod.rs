//! Demo estate: 13 months and two days of a fictional company, with real prices and CPU of real
//! machines.

mod commitments;
mod company;
mod estate;
mod events;
mod fees;
mod fleet;
mod offers;
mod prices;
mod recommendations;
mod services;
mod storage;
mod thing;
mod truth;
mod wanderlust;

use std::path::Path;

use chrono::{NaiveDate, TimeDelta};
use cost_core::commitment::OFFERS;
use cost_core::estate::{EstateWriter, FORMAT, Manifest};
use cost_core::inventory::INVENTORY;
use cost_core::price::PRICES;
use cost_core::recommendation::RECOMMENDATIONS;
use cost_core::usage::UTILIZATION;

use self::commitments::Commitments;
use self::fleet::{Instance, Load};
use self::services::Series;
use self::storage::{Address, Volume};
use self::thing::Thing;
use crate::noise::Noise;
use crate::row::{self, Row};
use crate::traces;

/// All sources of line items.
struct World {
    commitments: Commitments,
    instances: Vec<Instance>,
    volumes: Vec<Volume>,
    addresses: Vec<Address>,
    things: Vec<Thing>,
    series: Vec<(Series, Noise)>,
    load: Load,
}

/// Writes the estate, and `truth.json` next to it.
pub(crate) fn write(into: &Path, trace_folder: &Path) -> anyhow::Result<()> {
    let instances = fleet::instances()?;
    let volumes = storage::volumes(&instances);
    let addresses = storage::addresses();
    let all_series = services::series()?;
    let things = wanderlust::things()?;
    let estate = EstateWriter::create(into)?;
    let planted = truth::Planted {
        instances: &instances,
        volumes: &volumes,
        addresses: &addresses,
        things: &things,
        series: &all_series,
    };
    estate.file("truth.json", planted.text()?.as_bytes())?;
    let commitments = Commitments::new()?;
    estate.table(
        &INVENTORY,
        &mut estate::inventory(&instances, &volumes, &addresses, &things, &commitments)?,
    )?;
    estate.table(
        &UTILIZATION,
        &mut estate::utilization(&instances, &things, &traces::read(trace_folder)?)?,
    )?;
    estate.table(&OFFERS, &mut offers::offers(&instances, &things, &all_series)?)?;
    estate.table(&PRICES, &mut prices::prices()?)?;
    estate.table(&RECOMMENDATIONS, &mut recommendations::recommendations(&things)?)?;
    let series = all_series.into_iter().map(|s| {
        let noise = s.noise();
        (s, noise)
    });
    let mut world = World {
        commitments,
        instances,
        volumes,
        addresses,
        things,
        series: series.collect(),
        load: Load::new(),
    };
    let mut first = company::start();
    while first < company::as_of() {
        let mut rows = world.month(first);
        order(&mut rows);
        let name = format!("BILLING_PERIOD={}/fernweh.parquet", first.format("%Y-%m"));
        estate.bill(&name, &mut row::to_frame(&rows)?)?;
        first = row::next_month(first);
    }
    estate.commit(&Manifest {
        format: FORMAT,
        name: "Fernweh Outdoor (demo)".into(),
        as_of: company::as_of(),
        tag_keys: vec!["team".into()],
        partial: Vec::new(),
        notes: Vec::new(),
    })?;
    Ok(())
}

impl World {
    /// Returns the line items of one billing month, as far as they have arrived.
    fn month(&mut self, first: NaiveDate) -> Vec<Row> {
        let mut rows = fees::first_day(first);
        let end = row::next_month(first).min(company::arrived().date() + TimeDelta::days(1));
        for day in first.iter_days().take_while(|d| *d < end) {
            self.day(day, &mut rows);
        }
        let closed = row::next_month(first) <= company::as_of();
        let taxes = if closed { fees::taxes(first, &rows) } else { Vec::new() };
        rows.extend(taxes);
        rows
    }

    fn day(&mut self, day: NaiveDate, rows: &mut Vec<Row>) {
        for hour in (0..24).map(|h| company::midnight(day) + TimeDelta::hours(h)) {
            if hour >= company::arrived() {
                break;
            }
            let needed = self.load.needed(hour);
            let running: Vec<&Instance> =
                self.instances.iter().filter(|i| i.runs(hour, needed)).collect();
            self.commitments.hour(&running, hour, rows);
            rows.extend(self.volumes.iter().map(|v| v.hour(hour)));
        }
        rows.extend(self.commitments.purchases(day));
        rows.extend(fees::refund(day));
        // Daily charges of the last day have not arrived yet.
        if day < company::arrived().date() {
            rows.extend(self.addresses.iter().map(|a| a.day(day)));
            rows.extend(self.things.iter().flat_map(|t| t.day(day)));
            rows.extend(
                self.series.iter_mut().filter_map(|(series, noise)| series.day(day, noise)),
            );
        }
    }
}

/// Sorts rows by resource, then by time: this makes the files ten times smaller.
fn order(rows: &mut [Row]) {
    rows.sort_by(|a, b| {
        let key = |r: &Row| (r.category, r.sku.service, r.sku.meter.clone(), r.pricing_category);
        let resource = |r: &Row| r.place.resource.as_ref().map(|(id, _)| id.clone());
        key(a)
            .cmp(&key(b))
            .then_with(|| resource(a).cmp(&resource(b)))
            .then_with(|| a.place.account_id.cmp(b.place.account_id))
            .then_with(|| a.start.cmp(&b.start))
    });
}
