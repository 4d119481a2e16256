//! Thirteen months of hours, so many lines of usage: what commitments pay for.

use std::error::Error;
use std::fmt::Write;
use std::time::Instant;

use cost_core::commitment::buy::{Layer, Problem, cost, one_layer, optimise};
use cost_core::commitment::simulate::{
    Attributes, Commitment, Estate, Instrument, Line, PlanKind, Quantities, Service, simulate,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rust_decimal::Decimal;

/// Hours of thirteen months.
const HOURS: usize = 9_490;
const FAMILIES: [&str; 5] = ["m5", "c5", "r5", "m6g", "t3"];
const SIZES: [(&str, i64); 4] = [("large", 4), ("xlarge", 8), ("2xlarge", 16), ("4xlarge", 32)];
const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];

/// A curve over the number of lines.
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
    out.push('\n');
    out.push_str(&purchases());
    Ok(out)
}

/// Usage with a rhythm of days and weeks, in twenty accounts, and twenty commitments of all kinds that cover some of it.
fn estate(count: usize) -> Result<Estate, Box<dyn Error>> {
    let mut lines = Vec::with_capacity(count);
    for at in 0..count {
        let (size, units) = SIZES[at / FAMILIES.len() % SIZES.len()];
        let attributes = attributes(FAMILIES[at % FAMILIES.len()], size, REGIONS[at / 7 % REGIONS.len()]);
        let on_demand = Decimal::new(24 * units, 3);
        let quantities = Quantities::try_new((0..HOURS).map(|hour| quantity(at, hour)))?;
        lines.push(Line { account: format!("{:012}", at % 20), attributes, zone: None, on_demand, quantities });
    }
    let card = |pct: i64| lines.iter().map(|l| Some(l.on_demand * Decimal::new(pct, 2))).collect();
    let (compute, instance) = (card(72), card(63));
    // A third of the mean usage: so much that all have something to do.
    let usd = Decimal::from(u32::try_from(count)?) * Decimal::new(6, 2);
    let commitments = (0..20).map(|at| {
        let family = FAMILIES[at % FAMILIES.len()].to_owned();
        let region = REGIONS[at % REGIONS.len()].to_owned();
        let instrument = match at % 4 {
            0 => Instrument::SavingsPlan { kind: PlanKind::Compute, usd_per_hour: usd, card: 0 },
            1 => Instrument::SavingsPlan { kind: PlanKind::Ec2Instance { family, region }, usd_per_hour: usd, card: 1 },
            _ => Instrument::Reservation {
                attributes: attributes(&family, "large", &region),
                zone: None,
                count: u32::try_from(count / 4 + 1).unwrap_or(1),
                usd_per_hour: Decimal::new(58, 3),
            },
        };
        Commitment { id: format!("c{at:02}"), account: format!("{:012}", at % 20), instrument, hours: 0..HOURS }
    });
    Ok(Estate { cards: vec![compute, instance], commitments: commitments.collect(), lines, not_sharing: Vec::new() })
}

fn attributes(family: &str, size: &str, region: &str) -> Attributes {
    Attributes {
        service: Service::Ec2,
        region: region.to_owned(),
        family: family.to_owned(),
        size: size.to_owned(),
        platform: "Linux".to_owned(),
        dedicated: false,
        multi_az: false,
    }
}

/// More by day and on weekdays; of some lines in steps of minutes.
fn quantity(line: usize, hour: usize) -> Decimal {
    let (of_day, weekday) = (hour % 24, hour / 24 % 7 < 5);
    let busy = (8..20).contains(&of_day) && weekday;
    let minutes = [60, 60, 45, 20][line % 4] + if busy { 60 } else { 0 };
    Decimal::new(i64::from(u16::try_from(minutes * (line % 9 + 1)).unwrap_or(0)), 0) / Decimal::from(64)
}

/// What to buy for so many groups of usage in half as many pools, each with a plan of its own, and one plan over all.
fn purchases() -> String {
    let mut out =
        String::from("groups  instruments  optimise, s  above the bound  saved of 100  one plan  minimum  mean\n");
    for pools in [5, 20, 50] {
        let problem = problem(pools);
        let start = Instant::now();
        let bought = optimise(&problem);
        let took = start.elapsed().as_secs_f64();
        let saved = |cost: f64| 100.0 * (1.0 - cost / bought.on_demand);
        let gap = 100.0 * (bought.cost / bought.lower_bound - 1.0);
        let [one, least, mean] = rules(&problem).map(|amounts| saved(cost(&problem, &amounts)));
        let line = format!(
            "{:>6} {:>12} {took:>12.1} {gap:>14.3} % {:>13.2} {one:>9.2} {least:>8.2} {mean:>5.2}\n",
            problem.groups.len(),
            problem.layers.len(),
            saved(bought.cost)
        );
        out.push_str(&line);
    }
    out
}

/// Usage with rhythms, trends and ends of its own.
fn problem(pools: usize) -> Problem {
    let mut draw = ChaCha8Rng::seed_from_u64(7);
    let count = 2 * pools;
    let mut groups = Vec::with_capacity(count);
    for _ in 0..count {
        let (level, swing, growth): (f64, f64, f64) =
            (draw.random_range(0.5..20.0), draw.random_range(0.0..1.5), draw.random_range(-0.6..0.8));
        let ends = if draw.random_range(0..10) == 0 { draw.random_range(HOURS / 3..HOURS) } else { HOURS };
        let hour = |at: usize| {
            let busy = if (8..20).contains(&(at % 24)) && at / 24 % 7 < 5 { 1.0 + swing } else { 1.0 };
            let noise: f64 = draw.random_range(0.8..1.2);
            if at < ends { level * busy * noise * (1.0 + growth * at as f64 / HOURS as f64) } else { 0.0 }
        };
        groups.push((0..HOURS).map(hour).collect());
    }
    let own = |pool: usize| Layer {
        name: format!("pool {pool}"),
        rates: (0..count).map(|g| (g / 2 == pool).then_some(if g % 2 == 0 { 0.62 } else { 0.78 })).collect(),
    };
    let all = (0..count).map(|g| Some(if g % 2 == 0 { 0.71 + (g % 7) as f64 / 100.0 } else { 0.86 }));
    let over_all = Layer { name: "all".to_owned(), rates: all.collect() };
    Problem { groups, layers: (0..pools).map(own).chain([over_all]).collect() }
}

/// Rules that are in use: the best of the plan over all alone; each pool's minimum, and its mean, by plans of their own.
fn rules(problem: &Problem) -> [Vec<f64>; 3] {
    let pools = problem.layers.len() - 1;
    let of_pool = |pool: usize, hour: usize| -> f64 {
        let rates = problem.groups.iter().zip(&problem.layers[pool].rates);
        rates.filter_map(|(g, rate)| Some(g[hour] * (*rate)?)).sum()
    };
    let hours = problem.hours();
    let least = (0..pools).map(|p| (0..hours).map(|h| of_pool(p, h)).fold(f64::MAX, f64::min));
    let mean = (0..pools).map(|p| (0..hours).map(|h| of_pool(p, h)).sum::<f64>() / hours as f64);
    let one = (0..pools).map(|_| 0.0).chain([one_layer(problem, pools)]);
    [one.collect(), least.chain([0.0]).collect(), mean.chain([0.0]).collect()]
}
