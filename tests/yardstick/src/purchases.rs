//! Purchase advice compared with common rules, on synthetic rhythms and on the load of real
//! machines.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

use cost_core::commitment::buy::{Layer, Problem, cost, one_layer, optimize};
use cost_core::rightsizing::backtest::read;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Hours in thirteen months.
pub(crate) const HOURS: usize = 9_490;
/// Decline of usage in the second column.
const DECLINE: f64 = 0.3;
/// USD per hour and GHz in use: converts load to a demand that grows and shrinks with it. The
/// shares do not depend on this number.
const USD_OF_GHZ: f64 = 0.03;
/// Number of pools of the machines.
const POOLS: usize = 5;

/// Returns the report.
pub(crate) fn report() -> Result<String, Box<dyn Error>> {
    let traces = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../datasets/bitbrains"));
    let mut out = String::from(
        "Savings of commitments in percent of the on-demand cost, and savings of the same \
         commitments if usage falls by 30 %.\nEach pool has two kinds of usage: a plan for the \
         pool reduces prices by 38 % and 22 %, a plan for all pools by 23 to 29 % and 14 %.\n\n",
    );
    for (name, problem) in [
        ("synthetic rhythms, 13 months, 20 pools", rhythms(20)),
        ("50 real machines (Bitbrains), their load as demand, a month, 5 pools", machines(traces)?),
    ] {
        let bought = optimize(&problem);
        let gap = 100.0 * (bought.cost / bought.lower_bound - 1.0);
        out.push_str(&format!("{name}: {} hours\n", problem.hours()));
        out.push_str(
            "rule                                             saves   after the decline\n",
        );
        let falling = Problem {
            groups: problem
                .groups
                .iter()
                .map(|g| g.iter().map(|usd| usd * (1.0 - DECLINE)).collect())
                .collect(),
            ..problem.clone()
        };
        let rules = rules(&problem).into_iter();
        for (rule, amounts) in [("ours", bought.usd_per_hour.clone())].into_iter().chain(rules) {
            let saved = |of: &Problem| {
                let nothing = cost(of, &vec![0.0; amounts.len()]);
                100.0 * (1.0 - cost(of, &amounts) / nothing)
            };
            out.push_str(&format!(
                "{rule:<46} {:>7.2} {:>19.2}\n",
                saved(&problem),
                saved(&falling)
            ));
        }
        out.push_str(&format!(
            "The best possible purchase of these plans saves at most {gap:.3} % of the cost more \
             than ours.\n\n"
        ));
    }
    Ok(out)
}

/// Converts the hourly load of each machine to usage of a pool.
fn machines(folder: &Path) -> Result<Problem, Box<dyn Error>> {
    let traces = read(folder)?;
    let mut groups = vec![BTreeMap::<i64, (f64, f64)>::new(); 2 * POOLS];
    for (at, trace) in traces.iter().enumerate() {
        let group = &mut groups[at % (2 * POOLS)];
        let mut hours: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
        for (second, mhz) in &trace.samples {
            let hour = hours.entry(second.div_euclid(3600)).or_default();
            *hour = (hour.0 + mhz, hour.1 + 1.0);
        }
        for (hour, (sum, count)) in hours {
            group.entry(hour).or_default().0 += sum / count / 1000.0 * USD_OF_GHZ;
        }
    }
    // Hours that exist in all groups.
    let first = groups.iter().filter_map(|g| g.keys().next()).max().copied().unwrap_or(0);
    let last = groups.iter().filter_map(|g| g.keys().last()).min().copied().unwrap_or(0);
    let of = |g: &BTreeMap<i64, (f64, f64)>| {
        (first..=last).map(|h| g.get(&h).map_or(0.0, |v| v.0)).collect()
    };
    Ok(Problem { groups: groups.iter().map(of).collect(), layers: plans(POOLS) })
}

/// Creates usage with individual rhythms, trends, and end dates.
pub(crate) fn rhythms(pools: usize) -> Problem {
    let mut draw = ChaCha8Rng::seed_from_u64(7);
    let count = 2 * pools;
    let mut groups = Vec::with_capacity(count);
    for _ in 0..count {
        let (level, swing, growth): (f64, f64, f64) = (
            draw.random_range(0.5..20.0),
            draw.random_range(0.0..1.5),
            draw.random_range(-0.6..0.8),
        );
        let ends =
            if draw.random_range(0..10) == 0 { draw.random_range(HOURS / 3..HOURS) } else { HOURS };
        let hour = |at: usize| {
            let busy =
                if (8..20).contains(&(at % 24)) && at / 24 % 7 < 5 { 1.0 + swing } else { 1.0 };
            let noise: f64 = draw.random_range(0.8..1.2);
            if at < ends {
                level * busy * noise * (1.0 + growth * at as f64 / HOURS as f64)
            } else {
                0.0
            }
        };
        groups.push((0..HOURS).map(hour).collect());
    }
    Problem { groups, layers: plans(pools) }
}

/// Creates one plan per pool and one over all; two groups per pool.
fn plans(pools: usize) -> Vec<Layer> {
    let count = 2 * pools;
    let own = |pool: usize| Layer {
        name: format!("pool {pool}"),
        rates: (0..count)
            .map(|g| (g / 2 == pool).then_some(if g % 2 == 0 { 0.62 } else { 0.78 }))
            .collect(),
    };
    let all =
        (0..count).map(|g| Some(if g % 2 == 0 { 0.71 + (g % 7) as f64 / 100.0 } else { 0.86 }));
    (0..pools).map(own).chain([Layer { name: "all".to_owned(), rates: all.collect() }]).collect()
}

/// Returns common rules: the best amount with only the plan over all; and the minimum and the mean
/// of each pool, with a plan per pool.
fn rules(problem: &Problem) -> [(&'static str, Vec<f64>); 3] {
    let pools = problem.layers.len() - 1;
    let of_pool = |pool: usize, hour: usize| -> f64 {
        let rates = problem.groups.iter().zip(&problem.layers[pool].rates);
        rates.filter_map(|(g, rate)| Some(g[hour] * (*rate)?)).sum()
    };
    let hours = problem.hours();
    let least = (0..pools).map(|p| (0..hours).map(|h| of_pool(p, h)).fold(f64::MAX, f64::min));
    let mean = (0..pools).map(|p| (0..hours).map(|h| of_pool(p, h)).sum::<f64>() / hours as f64);
    let one = (0..pools).map(|_| 0.0).chain([one_layer(problem, pools)]);
    [
        ("one plan over all, at its quantile", one.collect()),
        ("100 % of each pool's minimum", least.chain([0.0]).collect()),
        ("each pool's average", mean.chain([0.0]).collect()),
    ]
}
