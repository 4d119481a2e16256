//! Commitment simulation over thirteen months of hours, by number of usage lines.

use std::error::Error;
use std::fmt::Write;
use std::time::Instant;

use cost_core::commitment::buy::optimize;
use cost_core::commitment::simulate::{
    Attributes, Commitment, Estate, Instrument, Line, PlanKind, Quantities, Service, simulate,
};
use rust_decimal::Decimal;

use crate::purchases::{self, HOURS};

const FAMILIES: [&str; 5] = ["m5", "c5", "r5", "m6g", "t3"];
const SIZES: [(&str, i64); 4] = [("large", 4), ("xlarge", 8), ("2xlarge", 16), ("4xlarge", 32)];
const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];

/// Returns the curve over the number of lines.
pub(crate) fn curve() -> Result<String, Box<dyn Error>> {
    let mut out = String::from("usage lines     line hours   simulate, s   USD saved of 100\n");
    for lines in [50, 500, 5_000] {
        let estate = estate(lines)?;
        let start = Instant::now();
        let found = simulate(&estate)?;
        let took = start.elapsed().as_secs_f64();
        let saved = (Decimal::ONE - found.cost / found.on_demand_equivalent) * Decimal::ONE_HUNDRED;
        writeln!(out, "{lines:>11} {:>14} {took:>13.2} {saved:>18.1}", lines * HOURS)?;
    }
    out.push_str("\ngroups  instruments       optimize, s   above the bound\n");
    for pools in [5, 20, 50] {
        let problem = purchases::rhythms(pools);
        let start = Instant::now();
        let bought = optimize(&problem);
        let took = start.elapsed().as_secs_f64();
        let gap = 100.0 * (bought.cost / bought.lower_bound - 1.0);
        writeln!(
            out,
            "{:>6} {:>12} {took:>17.1} {gap:>15.3} %",
            problem.groups.len(),
            problem.layers.len()
        )?;
    }
    Ok(out)
}

/// Creates usage with daily and weekly rhythms in twenty accounts, and twenty commitments of all
/// kinds that cover part of it.
fn estate(count: usize) -> Result<Estate, Box<dyn Error>> {
    let mut lines = Vec::with_capacity(count);
    for at in 0..count {
        let (size, units) = SIZES[at / FAMILIES.len() % SIZES.len()];
        let attributes =
            attributes(FAMILIES[at % FAMILIES.len()], size, REGIONS[at / 7 % REGIONS.len()]);
        let on_demand = Decimal::new(24 * units, 3);
        let quantities = Quantities::try_new((0..HOURS).map(|hour| quantity(at, hour)))?;
        lines.push(Line {
            account: format!("{:012}", at % 20),
            attributes,
            zone: None,
            on_demand,
            quantities,
        });
    }
    let card = |pct: i64| lines.iter().map(|l| Some(l.on_demand * Decimal::new(pct, 2))).collect();
    let (compute, instance) = (card(72), card(63));
    // A third of the mean usage, so that all commitments are used.
    let usd = Decimal::from(u32::try_from(count)?) * Decimal::new(6, 2);
    let commitments = (0..20).map(|at| {
        let family = FAMILIES[at % FAMILIES.len()].to_owned();
        let region = REGIONS[at % REGIONS.len()].to_owned();
        let instrument = match at % 4 {
            0 => Instrument::SavingsPlan { kind: PlanKind::Compute, usd_per_hour: usd, card: 0 },
            1 => Instrument::SavingsPlan {
                kind: PlanKind::Ec2Instance { family, region },
                usd_per_hour: usd,
                card: 1,
            },
            _ => Instrument::Reservation {
                attributes: attributes(&family, "large", &region),
                zone: None,
                count: u32::try_from(count / 4 + 1).unwrap_or(1),
                usd_per_hour: Decimal::new(58, 3),
            },
        };
        Commitment {
            id: format!("c{at:02}"),
            account: format!("{:012}", at % 20),
            instrument,
            hours: 0..HOURS,
        }
    });
    Ok(Estate {
        cards: vec![compute, instance],
        commitments: commitments.collect(),
        lines,
        not_sharing: Vec::new(),
    })
}

fn attributes(family: &str, size: &str, region: &str) -> Attributes {
    Attributes::new(Service::Ec2, region, family, size, "Linux")
}

/// Usage factor of an hour: higher by day and on weekdays; for some lines in steps of minutes.
fn quantity(line: usize, hour: usize) -> Decimal {
    let (of_day, weekday) = (hour % 24, hour / 24 % 7 < 5);
    let busy = (8..20).contains(&of_day) && weekday;
    let minutes = [60, 60, 45, 20][line % 4] + if busy { 60 } else { 0 };
    Decimal::new(i64::from(u16::try_from(minutes * (line % 9 + 1)).unwrap_or(0)), 0)
        / Decimal::from(64)
}
