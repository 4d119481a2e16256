//! What commitments the company is offered. Rates are made up, near what AWS takes off on demand
//! for common families; those of reserved instances of one year, all upfront, are the real ones of
//! the bundled price list, and stand in no list here.

use std::collections::BTreeMap;

use anyhow::Context;
use cost_core::cloud::aws::{Coverable, family};
use cost_core::cloud::{Metered, Provider};
use cost_core::commitment::{OfferRow, Payment, Product, Term, UpTo};
use cost_core::table::frame_of;
use polars::prelude::DataFrame;
use rust_decimal::Decimal;

use super::company;
use super::fleet::{self, Instance, Market};
use super::services::Series as Billed;
use super::thing::Thing;

/// Percent of the price on demand: no, partial, all upfront.
const COMPUTE: [(Term, [i64; 3]); 2] =
    [(Term::OneYear, [72, 70, 69]), (Term::ThreeYears, [54, 51, 50])];
const INSTANCE: [(Term, [i64; 3]); 2] =
    [(Term::OneYear, [66, 64, 63]), (Term::ThreeYears, [46, 43, 42])];
/// Databases and caches; those of three years are not sold without a payment upfront.
const NODES: [(Term, [i64; 3]); 2] =
    [(Term::OneYear, [68, 66, 65]), (Term::ThreeYears, [0, 46, 44])];
/// Of what a term costs, paid upfront, percent.
const UPFRONT_PCT: [i64; 3] = [0, 50, 100];

/// A kind of usage: what an hour costs on demand, and the part of that that no plan makes cheaper
/// (a licence).
struct Usage {
    on_demand: Decimal,
    licence: Decimal,
    operation: &'static str,
}

/// Region and usage type.
type Key = (&'static str, String);

/// The offers, for all that the company runs by the hour.
pub(super) fn offers(
    instances: &[Instance],
    things: &[Thing],
    series: &[Billed],
) -> anyhow::Result<DataFrame> {
    let prices = fleet::price_list()?;
    let mut all: BTreeMap<Key, Usage> = BTreeMap::new();
    for i in instances.iter().filter(|i| i.group.market != Market::Spot) {
        let on_demand = i.sku.list_unit_price;
        let windows = i.group.market == Market::Windows;
        let linux = prices
            .get(i.group.instance_type)
            .and_then(|p| p.od_linux_usd_hr)
            .context("no price of Linux")?;
        let licence = if windows { on_demand - linux } else { Decimal::ZERO };
        let operation = if windows { "RunInstances:0002" } else { "RunInstances" };
        all.insert(
            (i.group.region.0, i.sku.meter.to_string()),
            Usage { on_demand, licence, operation },
        );
    }
    let others = things.iter().flat_map(Thing::skus).chain(series.iter().map(Billed::sku));
    for sku in others.filter(|s| Coverable::of(aws(&s.meter)).is_some()) {
        let is_instance = Coverable::of(aws(&sku.meter)) == Some(Coverable::Compute);
        let operation = if is_instance { "RunInstances" } else { "" };
        let usage = Usage { on_demand: sku.list_unit_price, licence: Decimal::ZERO, operation };
        all.entry((company::US.0, sku.meter.to_string())).or_insert(usage);
    }
    to_frame(&all)
}

/// All that the company uses is AWS's.
fn aws(usage_type: &str) -> Metered<'_> {
    Metered::new(Provider::Aws, usage_type)
}

fn to_frame(all: &BTreeMap<Key, Usage>) -> anyhow::Result<DataFrame> {
    let mut rows: Vec<OfferRow> = Vec::new();
    for ((region, usage_type), of) in all {
        let products: &[_] = match Coverable::of(aws(usage_type)) {
            Some(Coverable::Compute)
                if family(aws(usage_type)).is_some_and(|f| f == "Fargate" || f == "Lambda") =>
            {
                &[(Product::ComputePlan, COMPUTE)]
            }
            Some(Coverable::Compute) => {
                &[(Product::Ec2InstancePlan, INSTANCE), (Product::ComputePlan, COMPUTE)]
            }
            Some(Coverable::SageMaker) => &[(Product::SageMakerPlan, COMPUTE)],
            _ => &[(Product::StandardReservation, NODES)],
        };
        for (product, terms) in products {
            for (term, percents) in terms {
                for ((payment, pct), upfront) in
                    Payment::ALL.into_iter().zip(percents).zip(UPFRONT_PCT)
                {
                    if *pct == 0 {
                        continue;
                    }
                    let usd = ((of.on_demand - of.licence) * Decimal::new(*pct, 2) + of.licence)
                        .round_dp(10);
                    rows.push(OfferRow {
                        product: *product,
                        term: *term,
                        payment,
                        region_id: (*region).to_owned(),
                        usage_type: usage_type.clone(),
                        operation: Some(of.operation.to_owned()),
                        usd_per_unit: UpTo(usd),
                        upfront_pct: UpTo(Decimal::from(upfront)),
                        as_of: Some(company::as_of()),
                    });
                }
            }
        }
    }
    Ok(frame_of(&rows)?)
}
