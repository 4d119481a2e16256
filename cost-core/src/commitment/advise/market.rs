//! The commitments that could be bought for the usage: instruments with their rates by line, and
//! groups of lines with the same discounts.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::cloud::aws::units::is_flexible;
use crate::cloud::{UNKNOWN_PLATFORM, cloud};
use crate::commitment::buy::Layer;
use crate::commitment::hours::{HourlyUsage, OwnedEstate};
use crate::commitment::simulate::{Attributes, Estate, PlanKind, Quantities, Service};
use crate::commitment::{Offer, Offers, Payment, Product, Term};
use crate::price::PriceBook;

/// Price difference, percent, within which the more flexible form is bought. Chosen (ADR 0019):
/// both forms have the same price for most families, and a fraction of a percent is not worth a
/// loss of flexibility.
const AS_CHEAP_PCT: Decimal = Decimal::from_parts(5, 0, 0, false, 1);
/// Precision of discounts: a ten-thousandth of the on-demand price.
const SAME: f64 = 1e4;

/// The usage that an instrument is bound to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Bound {
    /// A reservation. The size is empty if it is size-flexible.
    Reservation(Attributes),
    /// An EC2 Instance Savings Plan: family and region.
    Family(String, String),
    /// No restriction.
    Nothing,
}

/// A commitment that could be bought.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) product: Product,
    pub(super) bound: Bound,
    /// Price paid per unit of each line of the estate, USD. `None` if it does not apply.
    pub(super) rates: Vec<Option<Decimal>>,
    /// Share that is paid upfront, 0 to 1.
    pub(super) upfront: Decimal,
}

impl Candidate {
    /// Returns the usage that a plan applies to, or `None` for a reservation.
    pub(super) fn plan_kind(&self) -> Option<PlanKind> {
        match (self.product, &self.bound) {
            (Product::Ec2InstancePlan, Bound::Family(family, region)) => {
                Some(PlanKind::Ec2Instance { family: family.clone(), region: region.clone() })
            }
            (Product::ComputePlan, _) => Some(PlanKind::Compute),
            (Product::SageMakerPlan, _) => Some(PlanKind::SageMaker),
            (Product::DatabasePlan, _) => Some(PlanKind::Database),
            _ => None,
        }
    }

    /// Returns the display name: product, family, and region.
    pub(super) fn name(&self) -> String {
        match &self.bound {
            Bound::Nothing => self.product.as_str().to_owned(),
            Bound::Family(family, region) => {
                format!("{}, {family}, {region}", self.product.as_str())
            }
            Bound::Reservation(of) => format!("{}, {}", type_name(of), self.kind()),
        }
    }

    /// Returns AWS's name of the product, and the region.
    pub(super) fn kind(&self) -> String {
        let Bound::Reservation(of) = &self.bound else { return self.name() };
        let what = match of.service {
            Service::Ec2 => self.product.as_str(),
            Service::Rds => "RDS Reserved DB Instances",
            Service::ElastiCache => "ElastiCache Reserved Nodes",
            Service::OpenSearch => "OpenSearch Reserved Instances",
            Service::Redshift => "Redshift Reserved Nodes",
            Service::DynamoDb => "DynamoDB Reserved Capacity",
            _ => "Reserved Capacity",
        };
        format!("{what}, {}", of.region)
    }
}

/// Returns the display name of a type: family, size, and the platform if it is known.
pub(super) fn type_name(of: &Attributes) -> String {
    let mut name = of.family.clone();
    if !of.size.is_empty() {
        name = format!("{name}.{}", of.size);
    }
    if of.multi_az {
        name.push_str(" Multi-AZ");
    }
    if of.platform.is_empty() || of.platform == UNKNOWN_PLATFORM {
        name
    } else {
        format!("{name} {}", of.platform)
    }
}

/// The sources of offers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sources<'a> {
    pub(super) offers: &'a Offers,
    pub(super) prices: &'a PriceBook,
}

/// The bill's usage, and the sources of offers for it.
pub(super) struct Market<'a> {
    pub(super) usage: &'a HourlyUsage,
    pub(super) known: &'a OwnedEstate,
    /// Whether each line of the usage may soon change its family.
    pub(super) moves: &'a [bool],
    pub(super) sources: Sources<'a>,
}

impl Market<'_> {
    /// Returns the offers for a line of the estate: from the estate's offers, or else a reservation
    /// from the price list.
    fn offers(&self, line: usize) -> Vec<Offer> {
        let of = &self.usage.lines[self.known.lines[line]];
        let attributes = &self.known.estate.lines[line].attributes;
        let operation = of
            .operation
            .as_deref()
            .or_else(|| cloud(of.provider).operation_of(&attributes.platform));
        let mut all = self.sources.offers.of(&of.region, &of.usage_type, operation);
        let (term, payment) = (Term::OneYear, Payment::AllUpfront);
        let is_reservation = |o: &Offer| {
            (o.product, o.term, o.payment) == (Product::StandardReservation, term, payment)
        };
        let is_linux = attributes.service == Service::Ec2
            && attributes.platform == "Linux"
            && !attributes.dedicated;
        if is_linux && !all.iter().any(is_reservation) {
            let name = format!("{}.{}", attributes.family, attributes.size);
            if let Ok(usd_per_unit) =
                self.sources.prices.reserved_1y_all_upfront_linux(&of.region, &name)
            {
                let product = Product::StandardReservation;
                all.push(Offer { product, term, payment, usd_per_unit, upfront: Decimal::ONE });
            }
        }
        // Commitments get the same negotiated discount as on-demand usage, because agreements apply
        // to both.
        let paid = of.list_unit_price.and_then(|list| of.on_demand_unit_price.checked_div(list));
        let paid = paid.filter(|p| *p < Decimal::ONE).unwrap_or(Decimal::ONE);
        for offer in &mut all {
            offer.usd_per_unit = (offer.usd_per_unit * paid).round_dp(12);
        }
        all
    }

    /// Returns the useful instruments of one term and payment option, in the order in which they
    /// apply.
    pub(super) fn candidates(&self, term: Term, payment: Payment) -> Vec<Candidate> {
        let lines = self.known.estate.lines.len();
        let mut all: BTreeMap<(Product, Bound), Candidate> = BTreeMap::new();
        for line in 0..lines {
            for offer in
                self.offers(line).into_iter().filter(|o| o.term == term && o.payment == payment)
            {
                let Some(bound) = self.bound(line, offer.product) else { continue };
                let candidate =
                    all.entry((offer.product, bound.clone())).or_insert_with(|| Candidate {
                        product: offer.product,
                        bound,
                        rates: vec![None; lines],
                        upfront: offer.upfront,
                    });
                candidate.rates[line] = Some(offer.usd_per_unit);
            }
        }
        let all: Vec<Candidate> = all.into_values().collect();
        let needed =
            |c: &&Candidate| !all.iter().any(|other| binds_less(other, c) && is_as_cheap(other, c));
        all.iter().filter(needed).cloned().collect()
    }

    /// Returns what an instrument for a line is bound to, or `None` if it does not fit.
    fn bound(&self, line: usize, product: Product) -> Option<Bound> {
        let of = &self.known.estate.lines[line].attributes;
        if self.moves[self.known.lines[line]]
            && !matches!(product, Product::ComputePlan | Product::DatabasePlan)
        {
            return None;
        }
        if product == Product::Ec2InstancePlan && of.service != Service::Ec2 {
            return None;
        }
        Some(match product {
            Product::Ec2InstancePlan => Bound::Family(of.family.clone(), of.region.clone()),
            _ if !product.is_reservation() => Bound::Nothing,
            _ if is_flexible(of) => Bound::Reservation(Attributes {
                size: String::new(),
                multi_az: false,
                ..of.clone()
            }),
            _ => Bound::Reservation(of.clone()),
        })
    }
}

/// Returns the flexibility of an instrument. A higher number is more flexible.
fn freedom(product: Product) -> u8 {
    match product {
        Product::StandardReservation => 0,
        Product::ConvertibleReservation => 1,
        Product::Ec2InstancePlan => 2,
        Product::ComputePlan | Product::SageMakerPlan | Product::DatabasePlan => 3,
    }
}

fn binds_less(other: &Candidate, than: &Candidate) -> bool {
    freedom(other.product) > freedom(than.product)
}

/// Returns whether an instrument is as cheap as another for all usage that the other applies to.
fn is_as_cheap(other: &Candidate, than: &Candidate) -> bool {
    let tolerated = Decimal::ONE + AS_CHEAP_PCT / Decimal::ONE_HUNDRED;
    than.rates.iter().zip(&other.rates).all(|(rate, of_other)| match (rate, of_other) {
        (Some(rate), Some(of_other)) => *of_other <= *rate * tolerated,
        (Some(_), None) => false,
        (None, _) => true,
    })
}

/// Groups of lines with the same discount from every instrument.
pub(super) struct Groups {
    /// The group of each line. `None` if there is no offer for it.
    pub(super) of_line: Vec<Option<usize>>,
    pub(super) layers: Vec<Layer>,
    pub(super) count: usize,
}

impl Groups {
    /// Returns the cost of given quantities of each line, USD in each hour, by group.
    pub(super) fn usd(&self, estate: &Estate, of_lines: &[Quantities]) -> Vec<Vec<f64>> {
        let hours = of_lines.first().map_or(0, Quantities::len);
        let mut usage = vec![vec![0.0; hours]; self.count];
        for ((line, quantities), group) in estate.lines.iter().zip(of_lines).zip(&self.of_line) {
            if let Some(group) = group {
                quantities.add_usd(line.on_demand, &mut usage[*group]);
            }
        }
        usage
    }
}

/// Groups lines by their discounts.
pub(super) fn group(known: &OwnedEstate, candidates: &[Candidate]) -> Groups {
    let mut places: BTreeMap<Vec<Option<i64>>, usize> = BTreeMap::new();
    let mut of_line = Vec::with_capacity(known.estate.lines.len());
    let mut ratios: Vec<Vec<Option<f64>>> = Vec::new();
    for (at, line) in known.estate.lines.iter().enumerate() {
        let ratio = |c: &Candidate| c.rates[at]?.checked_div(line.on_demand)?.to_f64();
        let of: Vec<Option<f64>> = candidates.iter().map(ratio).collect();
        if of.iter().all(Option::is_none) {
            of_line.push(None);
            continue;
        }
        let key = of.iter().map(|r| r.and_then(|r| (r * SAME).round().to_i64())).collect();
        let group = *places.entry(key).or_insert_with(|| {
            ratios.push(of);
            ratios.len() - 1
        });
        of_line.push(Some(group));
    }
    let layer = |(at, c): (usize, &Candidate)| Layer {
        name: c.name(),
        rates: ratios.iter().map(|r| r[at]).collect(),
    };
    Groups {
        of_line,
        layers: candidates.iter().enumerate().map(layer).collect(),
        count: ratios.len(),
    }
}
