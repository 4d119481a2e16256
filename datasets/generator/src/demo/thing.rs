//! Resources with all their data: charges, inventory, metrics, and the truth.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use rust_decimal::Decimal;
use serde_json::Value;

use super::company::{self, US, WANDERLUST, date};
use crate::noise::Noise;
use crate::row::{AWS, Place, Row, Sku};

/// Hours per month of prices.
pub(super) const HOURS: Decimal = Decimal::from_parts(730, 0, 0, false, 0);

/// Service in bills: name, category, subcategory.
pub(super) type Service = (&'static str, &'static str, &'static str);

/// Measurements: the utilization columns that only these resources have, and the CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Metric {
    Cpu,
    Memory,
    Network,
    Operations,
    StorageUsed,
    ReadUnits,
    WriteUnits,
}

/// Pattern of a metric over the hours, relative to its busiest hours.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Constant.
    Always(f64),
    /// Between 0.8 times the value and the value.
    Around(f64),
    /// Around the first value on weekdays from 08:00 to 18:00 UTC, else around the second.
    Office(f64, f64),
    /// The first value on the last day, and so many less on each day before.
    Rising(f64, f64),
    /// Around the first value on the last two days of a month, else around the second.
    MonthEnd(f64, f64),
}

impl Shape {
    /// Returns the value in an hour; call it once per hour, in order.
    fn at(self, hour: NaiveDateTime, noise: &mut Noise) -> f64 {
        let day = hour.date();
        let around = |value: f64, noise: &mut Noise| value * (0.8 + 0.2 * noise.uniform());
        match self {
            Self::Always(value) => value,
            Self::Around(value) => around(value, noise),
            Self::Rising(last, a_day) => {
                let before = company::as_of().signed_duration_since(day).num_days() - 1;
                last - a_day * f64::from(i32::try_from(before).unwrap_or(0))
            }
            Self::Office(at_work, else_) => {
                let works = !company::is_weekend(day) && (8..18).contains(&hour.hour());
                around(if works { at_work } else { else_ }, noise)
            }
            Self::MonthEnd(closing, else_) => {
                let closes = (day + TimeDelta::days(2)).month() != day.month();
                around(if closes { closing } else { else_ }, noise)
            }
        }
    }
}

/// Billed usage: an amount per day, for every day that the resource exists.
#[derive(Clone, Debug)]
struct Charge {
    sku: Sku,
    /// Quantity per day, or stored amount, which is divided by the days of the month.
    quantity: Decimal,
    is_stored: bool,
}

/// Expected result of checks.
#[derive(Clone, Debug)]
pub(super) enum Fact {
    /// Waste: check, USD per month of 730 h, reason.
    Waste(&'static str, Decimal, &'static str),
    /// Looks like waste but is not: checks, reason.
    Trap(&'static [&'static str], &'static str),
    /// Too small for its load: kind of risk, USD per month of 730 h of the fix, reason.
    Risk(&'static str, Decimal, &'static str),
    /// Cost to come: first day, USD per month of 730 h, reason.
    Comes(&'static str, Decimal, &'static str),
}

/// Resource with all its data.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    /// ID in the inventory.
    pub(super) id: String,
    /// Kind in the inventory.
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    pub(super) state: &'static str,
    pub(super) since: Option<NaiveDate>,
    pub(super) created: NaiveDate,
    pub(super) instance_type: Option<&'static str>,
    pub(super) volume_type: Option<&'static str>,
    pub(super) size_gb: Option<i64>,
    pub(super) iops: Option<i64>,
    pub(super) throughput: Option<i64>,
    pub(super) attached_to: Option<String>,
    pub(super) tags: Vec<(&'static str, &'static str)>,
    pub(super) details: Value,
    pub(super) facts: Vec<Fact>,
    did: Vec<(Metric, Shape)>,
    charges: Vec<Charge>,
    /// ID and type in bills.
    billed_as: (String, &'static str),
}

impl Thing {
    /// Billed usage.
    pub(super) fn skus(&self) -> impl Iterator<Item = &Sku> {
        self.charges.iter().map(|c| &c.sku)
    }

    /// Creates a resource that has existed since the bills began.
    pub(super) fn new(
        kind: &'static str,
        name: &'static str,
        id: String,
        billed_as: (String, &'static str),
    ) -> Self {
        Self {
            id,
            kind,
            name,
            state: "available",
            since: None,
            created: date(2025, 6, 2),
            instance_type: None,
            volume_type: None,
            size_gb: None,
            iops: None,
            throughput: None,
            attached_to: None,
            tags: vec![("env", "prod"), ("team", "wanderlust")],
            details: Value::Object(serde_json::Map::new()),
            facts: Vec::new(),
            did: Vec::new(),
            charges: Vec::new(),
            billed_as,
        }
    }

    /// Creates a resource with a short EC2 ID, such as `vol-…`.
    pub(super) fn of_ec2(kind: &'static str, prefix: &str, part: &str, name: &'static str) -> Self {
        let id = format!("{prefix}-{}", company::hex_id(&format!("wanderlust-{kind}-{name}")));
        let arn = format!("arn:aws:ec2:{}:{}:{part}/{id}", US.0, WANDERLUST.0);
        Self::new(kind, name, id, (arn, kind))
    }

    /// Creates a resource with an ARN in bills and inventory.
    pub(super) fn of_arn(
        kind: &'static str,
        service: &str,
        resource: &str,
        name: &'static str,
    ) -> Self {
        let arn = format!("arn:aws:{service}:{}:{}:{resource}", US.0, WANDERLUST.0);
        Self::new(kind, name, arn.clone(), (arn, kind))
    }

    /// Adds a billed quantity per day.
    pub(super) fn a_day(
        mut self,
        (service, service_category, subcategory): Service,
        meter: &str,
        unit: &'static str,
        (price, quantity): (Decimal, Decimal),
    ) -> Self {
        let sku = Sku {
            service,
            service_category,
            subcategory,
            meter: Arc::from(meter),
            unit,
            list_unit_price: price,
            description: Arc::from(format!("${} per {unit}", price.normalize())),
            publisher: AWS,
        };
        self.charges.push(Charge { sku, quantity, is_stored: false });
        self
    }

    /// Adds billed hours per day: 24 for each unit.
    pub(super) fn hours(
        self,
        service: Service,
        meter: &str,
        price: Decimal,
        how_many: u32,
    ) -> Self {
        self.a_day(service, meter, "Hours", (price, Decimal::from(24 * how_many)))
    }

    /// Adds billing for stored data, by the month.
    pub(super) fn holds(
        self,
        service: Service,
        meter: &str,
        unit: &'static str,
        (price, quantity): (Decimal, Decimal),
    ) -> Self {
        let mut of = self.a_day(service, meter, unit, (price, quantity));
        if let Some(charge) = of.charges.last_mut() {
            charge.is_stored = true;
        }
        of
    }

    /// Sets the measurements.
    pub(super) fn did(mut self, metric: Metric, shape: Shape) -> Self {
        self.did.push((metric, shape));
        self
    }

    /// Marks it as waste.
    pub(super) fn waste(mut self, check: &'static str, saving: Decimal, why: &'static str) -> Self {
        self.facts.push(Fact::Waste(check, saving.round_dp(2), why));
        self
    }

    /// Marks it as a resource that only looks like waste.
    pub(super) fn trap(mut self, checks: &'static [&'static str], why: &'static str) -> Self {
        self.facts.push(Fact::Trap(checks, why));
        self
    }

    /// Is too small for its load; see [`Fact::Risk`].
    pub(super) fn too_small(
        mut self,
        kind: &'static str,
        cost: Decimal,
        why: &'static str,
    ) -> Self {
        self.facts.push(Fact::Risk(kind, cost.round_dp(2), why));
        self
    }

    /// Costs more from a day on; see [`Fact::Comes`].
    pub(super) fn comes(mut self, from: &'static str, cost: Decimal, why: &'static str) -> Self {
        self.facts.push(Fact::Comes(from, cost.round_dp(2), why));
        self
    }

    /// Adds tags.
    pub(super) fn tagged(mut self, key: &'static str, value: &'static str) -> Self {
        self.tags.retain(|(k, _)| *k != key);
        self.tags.push((key, value));
        self
    }

    /// Returns tags as in bills and inventory.
    pub(super) fn tags_json(&self) -> String {
        let tags: serde_json::Map<String, Value> =
            self.tags.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        Value::Object(tags).to_string()
    }

    /// Returns the ID in bills.
    pub(super) fn billed_as(&self) -> &str {
        &self.billed_as.0
    }

    fn place(&self) -> Place {
        let (id, kind) = &self.billed_as;
        let tags = Some(Arc::from(self.tags_json()));
        company::place(WANDERLUST, Some(US), Some((Arc::from(id.as_str()), *kind)), tags)
    }

    /// Returns its charges of a day.
    pub(super) fn day(&self, day: NaiveDate) -> Vec<Row> {
        if day < self.created {
            return Vec::new();
        }
        let (place, start) = (self.place(), company::midnight(day));
        let span = (start, start + TimeDelta::days(1));
        let of = |charge: &Charge| {
            let days = Decimal::from(company::days_in_month(day));
            let quantity = if charge.is_stored {
                (charge.quantity / days).round_dp(10)
            } else {
                charge.quantity
            };
            Row::usage(&charge.sku, &place, span, quantity, charge.sku.list_unit_price)
        };
        self.charges.iter().map(of).collect()
    }

    /// Returns its measurements, hour by hour from `first` to `end`.
    pub(super) fn measured(
        &self,
        first: NaiveDateTime,
        end: NaiveDateTime,
    ) -> Vec<(NaiveDateTime, Vec<(Metric, f64)>)> {
        let mut noise: Vec<Noise> = self
            .did
            .iter()
            .map(|(metric, _)| Noise::of(&format!("{} {metric:?}", self.id)))
            .collect();
        let from = first.max(company::midnight(self.created));
        let mut out = Vec::new();
        let mut hour = from;
        while hour < end && !self.did.is_empty() {
            let values = self
                .did
                .iter()
                .zip(&mut noise)
                .map(|((m, shape), noise)| (*m, shape.at(hour, noise)));
            out.push((hour, values.collect()));
            hour += TimeDelta::hours(1);
        }
        out
    }
}
