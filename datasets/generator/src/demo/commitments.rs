//! Savings Plans and Reserved Instances, applied to the fleet hour by hour.

use std::sync::Arc;

use anyhow::Context;
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::company::{self, Account, DATA, SHARED, US, date};
use super::fleet::{self, Instance, Market};
use crate::row::{AWS, Commitment, Place, Row, Sku};

/// Discount of a Savings Plan from on-demand prices. Fictional, close to the real mean of 1-year
/// plans without upfront payment.
const PLAN_RATE: Decimal = Decimal::from_parts(72, 0, 0, false, 2);
/// The reserved type.
pub(super) const RESERVED_TYPE: &str = "r5.2xlarge";
/// Number of reserved instances.
const RESERVED: u32 = 5;
/// Hours of its one-year term.
const TERM_HOURS: u32 = 8_760;

/// Savings Plan: a commitment in USD per hour, used or not.
struct Plan {
    commitment: Commitment,
    hourly: Decimal,
    from: NaiveDate,
    /// Purchase date and term in years.
    term: (NaiveDate, i32),
    place: Place,
    sku: Sku,
}

/// All commitments of the company.
pub(super) struct Commitments {
    plans: Vec<Plan>,
    reservation: Commitment,
    reserved_from: NaiveDate,
    reserved_hourly: Decimal,
    reserved_place: Place,
}

/// Owned commitment.
pub(super) struct Term {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) account: Account,
    pub(super) bought: NaiveDate,
    pub(super) ends: NaiveDate,
    pub(super) details: Value,
}

fn years_later(day: NaiveDate, years: i32) -> NaiveDate {
    day.with_year(day.year() + years).unwrap_or(day)
}

/// First day of the reservation.
fn reserved_from() -> NaiveDate {
    date(2026, 2, 10)
}

/// Returns the ID of the reservation.
pub(super) fn reservation_id() -> String {
    let id = company::hex_id("reservation");
    format!("arn:aws:ec2:us-east-1:{}:reserved-instances/{id}", DATA.0)
}

impl Commitments {
    pub(super) fn new() -> anyhow::Result<Self> {
        let prices = fleet::price_list()?;
        let reserved = prices.get(RESERVED_TYPE).and_then(|p| p.ri_1y_all_upfront_linux_usd_hr);
        let id: Arc<str> = Arc::from(reservation_id());
        let resource = Some((id.clone(), "ReservedInstances"));
        Ok(Self {
            plans: vec![
                plan("core", 65, company::start(), (date(2024, 2, 1), 3)),
                plan("growth", 40, date(2026, 4, 1), (date(2026, 4, 1), 1)),
            ],
            reservation: Commitment {
                id,
                name: Arc::from("warehouse r5.2xlarge 1y all upfront"),
                category: "Usage",
                kind: "Reserved Instances",
            },
            reserved_from: reserved_from(),
            reserved_hourly: reserved
                .context("the price list has no price for the reserved type")?,
            reserved_place: company::place(DATA, Some(US), resource, None),
        })
    }

    /// Returns the owned commitments for the inventory: ID, kind, account, first and last day,
    /// details.
    pub(super) fn terms(&self) -> Vec<Term> {
        let plan = |p: &Plan| Term {
            id: p.commitment.id.to_string(),
            kind: "savings-plan",
            account: SHARED,
            bought: p.term.0,
            ends: years_later(p.term.0, p.term.1),
            details: json!({
                "Type": "Compute",
                "PaymentOption": "No Upfront",
                "CommitmentUsdPerHour": p.hourly.to_string(),
                "TermSeconds": i64::from(p.term.1) * 365 * 86_400,
            }),
        };
        let mut terms: Vec<Term> = self.plans.iter().map(plan).collect();
        terms.push(Term {
            id: self.reservation.id.rsplit('/').next().unwrap_or_default().to_owned(),
            kind: "reserved-instances",
            account: DATA,
            bought: self.reserved_from,
            ends: years_later(self.reserved_from, 1),
            details: json!({
                "Count": RESERVED,
                "OfferingClass": "standard",
                "OfferingType": "All Upfront",
                "Platform": "Linux/UNIX",
                "Scope": "Region",
                "TermSeconds": TERM_HOURS * 3_600,
            }),
        });
        terms
    }

    /// Returns the usage of the running instances in an hour, covered as far as the commitments
    /// allow, and the rows of the commitments.
    pub(super) fn hour(&self, running: &[&Instance], start: NaiveDateTime, rows: &mut Vec<Row>) {
        let span = (start, start + TimeDelta::hours(1));
        let mut reserved_left = if start.date() >= self.reserved_from { RESERVED } else { 0 };
        let mut left: Vec<(&Plan, Decimal)> =
            self.plans.iter().filter(|p| start.date() >= p.from).map(|p| (p, p.hourly)).collect();
        for instance in running {
            if instance.group.instance_type == RESERVED_TYPE && reserved_left > 0 {
                reserved_left -= 1;
                rows.push(covered(
                    instance,
                    span,
                    Decimal::ONE,
                    self.reserved_hourly,
                    &self.reservation,
                ));
                continue;
            }
            let eligible = instance.group.market == Market::OnDemand;
            let mut hours = Decimal::ONE;
            for (plan, usd) in left.iter_mut().filter(|(_, usd)| eligible && *usd > Decimal::ZERO) {
                let rate = (instance.hourly * PLAN_RATE).round_dp(10);
                // Six places of an hour are finer than a cent of any rate here.
                let part = hours.min(
                    (*usd / rate).round_dp_with_strategy(6, rust_decimal::RoundingStrategy::ToZero),
                );
                if part > Decimal::ZERO {
                    *usd -= part * rate;
                    hours -= part;
                    rows.push(covered(instance, span, part, rate, &plan.commitment));
                }
            }
            if hours > Decimal::ZERO {
                rows.push(uncovered(instance, span, hours));
            }
        }
        for _ in 0..reserved_left {
            rows.push(self.unused_reservation(span));
        }
        for (plan, usd) in left {
            rows.push(plan.fee(span));
            if usd > Decimal::ZERO {
                rows.push(plan.unused(span, usd));
            }
        }
    }

    fn unused_reservation(&self, span: (NaiveDateTime, NaiveDateTime)) -> Row {
        let sku = reservation_sku(Decimal::ZERO, "Unused reserved instance hour");
        unused(&sku, &self.reserved_place, span, self.reserved_hourly, &self.reservation)
    }

    /// Returns the upfront payment, on the day it was made.
    pub(super) fn purchases(&self, day: NaiveDate) -> Option<Row> {
        (day == self.reserved_from).then(|| {
            let each = self.reserved_hourly * Decimal::from(TERM_HOURS);
            let sku = reservation_sku(each, "Reserved instance, 1 year, all upfront");
            let start = company::midnight(day);
            let span = (start, start + TimeDelta::days(365));
            let mut row =
                Row::usage(&sku, &self.reserved_place, span, Decimal::from(RESERVED), each);
            row.category = "Purchase";
            row.frequency = "One-Time";
            row.costs.effective = Decimal::ZERO;
            row.commitment = Some((self.reservation.clone(), None));
            row
        })
    }
}

fn reservation_sku(unit_price: Decimal, description: &str) -> Sku {
    Sku {
        service: "Amazon Elastic Compute Cloud",
        service_category: "Compute",
        subcategory: "Virtual Machines",
        meter: Arc::from(format!("HeavyUsage:{RESERVED_TYPE}")),
        unit: "Hours",
        list_unit_price: unit_price,
        description: Arc::from(description),
        publisher: AWS,
    }
}

fn plan(name: &str, cents: i64, from: NaiveDate, term: (NaiveDate, i32)) -> Plan {
    let years = term.1;
    let id = format!("arn:aws:savingsplans::{}:savingsplan/{}", SHARED.0, company::hex_id(name));
    let id: Arc<str> = Arc::from(id);
    let hourly = Decimal::new(cents, 2);
    Plan {
        commitment: Commitment {
            id: id.clone(),
            name: Arc::from(format!("{name} compute {years}y no upfront")),
            category: "Spend",
            kind: "Compute Savings Plans",
        },
        hourly,
        from,
        term,
        place: company::place(SHARED, None, Some((id, "SavingsPlan")), None),
        sku: Sku {
            service: "Savings Plans for AWS Compute usage",
            service_category: "Compute",
            subcategory: "Other (Compute)",
            meter: Arc::from(format!("ComputeSP:{years}yrNoUpfront")),
            unit: "Hours",
            list_unit_price: hourly,
            description: Arc::from(format!(
                "${hourly} an hour, {years} year{}, no upfront",
                if years == 1 { "" } else { "s" }
            )),
            publisher: AWS,
        },
    }
}

impl Plan {
    fn fee(&self, span: (NaiveDateTime, NaiveDateTime)) -> Row {
        let mut row = Row::usage(&self.sku, &self.place, span, Decimal::ONE, self.hourly);
        row.category = "Purchase";
        row.frequency = "Recurring";
        row.costs.effective = Decimal::ZERO;
        row.commitment = Some((self.commitment.clone(), None));
        row
    }

    fn unused(&self, span: (NaiveDateTime, NaiveDateTime), usd: Decimal) -> Row {
        let sku = Sku {
            list_unit_price: Decimal::ZERO,
            description: Arc::from("Unused commitment"),
            ..self.sku.clone()
        };
        unused(&sku, &self.place, span, usd, &self.commitment)
    }
}

/// Usage covered by a commitment: not billed, with its amortized rate in `EffectiveCost`.
fn covered(
    instance: &Instance,
    span: (NaiveDateTime, NaiveDateTime),
    hours: Decimal,
    rate: Decimal,
    commitment: &Commitment,
) -> Row {
    let mut row = Row::usage(&instance.sku, &instance.place, span, hours, instance.hourly);
    row.pricing_category = Some("Committed");
    row.costs.billed = Decimal::ZERO;
    row.costs.effective = (hours * rate).round_dp(12);
    row.commitment = Some((commitment.clone(), Some("Used")));
    row
}

fn uncovered(instance: &Instance, span: (NaiveDateTime, NaiveDateTime), hours: Decimal) -> Row {
    let mut row = Row::usage(&instance.sku, &instance.place, span, hours, instance.hourly);
    if instance.group.market == Market::Spot {
        row.pricing_category = Some("Dynamic");
    }
    row
}

/// Unused hour of a commitment: not billed, with its cost in `EffectiveCost`.
fn unused(
    sku: &Sku,
    place: &Place,
    span: (NaiveDateTime, NaiveDateTime),
    usd: Decimal,
    commitment: &Commitment,
) -> Row {
    let mut row = Row::usage(sku, place, span, Decimal::ONE, Decimal::ZERO);
    row.pricing_category = Some("Committed");
    row.costs.effective = usd;
    row.commitment = Some((commitment.clone(), Some("Unused")));
    row
}

/// Returns the facts on the reservation for `truth.json`: hourly rate, and the number unused since
/// August.
pub(super) fn unused_since_august() -> anyhow::Result<(Decimal, u32)> {
    Ok((Commitments::new()?.reserved_hourly, 1))
}
