//! A slow reference implementation of the same rules: it applies the first possible commitment
//! again and again, until none is left.

use rust_decimal::Decimal;

use super::model::{Commitment, Estate, Instrument, Line};
use crate::cloud::{Attributes, PlanKind, Service};

/// Returns the normalized units of a size, from the table in the user guides.
fn units(of: &Attributes) -> Decimal {
    let one = match of.size.as_str() {
        "nano" => Decimal::new(25, 2),
        "micro" => Decimal::new(5, 1),
        "small" => Decimal::ONE,
        "medium" => Decimal::TWO,
        "large" => Decimal::from(4),
        "xlarge" => Decimal::from(8),
        "2xlarge" => Decimal::from(16),
        other => panic!("no such size: {other}"),
    };
    if of.multi_az { one * Decimal::TWO } else { one }
}

fn flexible(reserved: &Attributes, zone: Option<&String>) -> bool {
    let by_service = match reserved.service {
        Service::Ec2 => {
            reserved.platform == "Linux" && !reserved.dedicated && reserved.family != "g5"
        }
        Service::Rds => reserved.platform != "sqlserver-se",
        Service::ElastiCache => true,
        _ => false,
    };
    zone.is_none() && by_service
}

/// Returns the position of a commitment for a line, or `None` if it does not apply. Smaller
/// positions come first.
type Rank = (u8, u8, String, Decimal, Decimal, usize, usize, String);

fn rank(estate: &Estate, c: usize, l: usize) -> Option<Rank> {
    let (commitment, line): (&Commitment, &Line) = (&estate.commitments[c], &estate.lines[l]);
    let own = commitment.account == line.account;
    if !own && [&commitment.account, &line.account].iter().any(|a| estate.not_sharing.contains(a)) {
        return None;
    }
    let (id, mine) = (commitment.id.clone(), u8::from(!own));
    match &commitment.instrument {
        Instrument::Reservation { attributes: r, zone, .. } => {
            let u = &line.attributes;
            let plain = (&r.service, &r.region, &r.family, &r.platform, r.dedicated)
                == (&u.service, &u.region, &u.family, &u.platform, u.dedicated);
            let sized =
                flexible(r, zone.as_ref()) || (r.size == u.size && r.multi_az == u.multi_az);
            let placed = zone.is_none() || *zone == line.zone;
            let stage = u8::from(zone.is_none());
            let size = if flexible(r, zone.as_ref()) { units(u) } else { Decimal::ONE };
            (plain && sized && placed).then_some((
                stage,
                mine,
                id,
                size,
                Decimal::ZERO,
                l,
                c,
                String::new(),
            ))
        }
        Instrument::SavingsPlan { kind, card, .. } => {
            let rate = estate.cards[*card][l].filter(|r| *r <= line.on_demand)?;
            let stage = match kind {
                PlanKind::Ec2Instance { .. } => 2,
                PlanKind::Compute => 3,
                PlanKind::SageMaker => 4,
                PlanKind::Database => 5,
            };
            let paid = rate / line.on_demand;
            kind.applies_to(&line.attributes).then_some((
                stage,
                mine,
                String::new(),
                paid,
                rate,
                l,
                0,
                id,
            ))
        }
    }
}

/// Returns the cost of one hour, and the usage of each line that each commitment covered.
pub(super) fn hour(estate: &Estate, hour: usize) -> (Decimal, Vec<Vec<Decimal>>) {
    let mut left: Vec<Decimal> = estate.lines.iter().map(|l| l.quantities.of(hour)).collect();
    let mut budget: Vec<Decimal> = Vec::new();
    let mut cost = Decimal::ZERO;
    for c in &estate.commitments {
        let on = c.hours.contains(&hour);
        let (paid, full) = match &c.instrument {
            Instrument::Reservation { attributes, zone, count, usd_per_hour } => {
                let each = if flexible(attributes, zone.as_ref()) {
                    units(attributes)
                } else {
                    Decimal::ONE
                };
                (Decimal::from(*count) * usd_per_hour, Decimal::from(*count) * each)
            }
            Instrument::SavingsPlan { usd_per_hour, .. } => (*usd_per_hour, *usd_per_hour),
        };
        cost += if on { paid } else { Decimal::ZERO };
        budget.push(if on { full } else { Decimal::ZERO });
    }
    let mut covered = vec![vec![Decimal::ZERO; estate.lines.len()]; estate.commitments.len()];
    loop {
        let pairs = (0..estate.commitments.len())
            .flat_map(|c| (0..estate.lines.len()).map(move |l| (c, l)));
        let can = pairs.filter(|(c, l)| budget[*c] > Decimal::ZERO && left[*l] > Decimal::ZERO);
        let Some((_, c, l)) = can.filter_map(|(c, l)| Some((rank(estate, c, l)?, c, l))).min()
        else {
            break;
        };
        let each = match &estate.commitments[c].instrument {
            Instrument::Reservation { attributes, zone, .. }
                if flexible(attributes, zone.as_ref()) =>
            {
                units(&estate.lines[l].attributes)
            }
            Instrument::Reservation { .. } => Decimal::ONE,
            Instrument::SavingsPlan { card, .. } => estate.cards[*card][l].unwrap(),
        };
        let all = left[l] * each;
        let (taken, spent) = if all <= budget[c] {
            (left[l], all)
        } else {
            let part = budget[c] / each;
            (part.round_dp_with_strategy(10, rust_decimal::RoundingStrategy::ToZero), budget[c])
        };
        left[l] -= taken;
        budget[c] -= spent;
        covered[c][l] += taken;
    }
    cost += left.iter().zip(&estate.lines).map(|(q, line)| q * line.on_demand).sum::<Decimal>();
    (cost, covered)
}
