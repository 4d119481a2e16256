//! Savings and risk of rightsizing rules.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use schemars::JsonSchema;
use serde::Serialize;

use super::predicted::{Predicted, TooSmall};
use super::traces::Trace;
use super::{COREMARK_PER_MHZ, Rule, hourly, plain};
use crate::cloud::{Cloud, Credits, Provider};
use crate::opportunity::Variant;
use crate::price::{InstanceType, PriceBook, System};
use crate::rightsizing::pick::fitting;
use crate::rightsizing::{CPU_LIMIT_PCT, Catalogue, Choice, Demand, Reach, pick};
use crate::usage::as_f64;

/// Provider and region whose prices are used: those of the bundled list.
const PROVIDER: Provider = Provider::Aws;
const REGION: &str = "us-east-1";
/// Fewest measured hours for a recommendation: a day.
const LEAST_HOURS: usize = 24;
/// Limits of the curve, percent.
const CURVE: [f64; 11] = [40.0, 50.0, 60.0, 65.0, 70.0, 75.0, 80.0, 85.0, 90.0, 95.0, 100.0];

/// Result of the backtest.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Sizing {
    /// Number of placed machines.
    pub machines: usize,
    /// Number of machines that fit no type.
    pub not_placed: Vec<String>,
    /// Number of days that recommendations are based on.
    pub train_days: u32,
    /// Cost of the placement per hour, USD.
    pub usd_per_hour: f64,
    /// Share of the evaluated samples in which demand exceeds the placed types themselves, percent.
    pub shortfall_today_pct: f64,
    /// Rules, for each reach.
    pub rules: Vec<Score>,
    /// Our rule with other limits, for each reach.
    pub curve: Vec<Score>,
    /// Recommendations of our rule at its default limit, one row per machine, for each reach.
    pub advice: Vec<MachineScore>,
    /// How well the first days predict the CPU of the other days.
    pub predicted: Predicted,
    /// Machines that are too small for their CPU.
    pub too_small: TooSmall,
}

/// Savings and risk of one rule.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Score {
    /// Rule.
    pub rule: String,
    /// Limits of its choice.
    pub reach: Variant,
    /// Savings on the price of all machines, percent.
    pub saving_pct: f64,
    /// Share of the evaluated samples in which demand exceeded the capacity, percent.
    pub shortfall_pct: f64,
    /// Largest such share of a single machine, percent.
    pub worst_pct: f64,
    /// Number of machines whose type changes.
    pub changed: usize,
}

/// Recommendation for one machine, and its result.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MachineScore {
    /// Machine.
    pub id: String,
    /// Limits of the recommendation.
    pub reach: Variant,
    /// Current type.
    pub from: String,
    /// Recommended type; the current one if there is no recommendation.
    pub to: String,
    /// Predicted 99th percentile of hourly CPU maxima, percent; `None` without a recommendation.
    pub predicted_p99_pct: Option<f64>,
    /// Observed 99th percentile of hourly CPU maxima, percent.
    pub observed_p99_pct: Option<f64>,
    /// Share of its evaluated samples above the capacity, percent.
    pub shortfall_pct: f64,
}

/// Machine with its current type.
struct Placed<'a> {
    trace: &'a Trace,
    today: &'a InstanceType,
    price: Decimal,
    /// `CoreMark` of the samples that recommendations are based on.
    train: Vec<(i64, f64)>,
    /// `CoreMark` of the samples that they are evaluated on.
    test: Vec<(i64, f64)>,
    demand: Option<Demand>,
}

impl Placed<'_> {
    /// Returns the 99th percentile of hourly CPU maxima on the current type, percent: predicted
    /// from the first days, and observed on the others. `None` if either was not recorded.
    fn p99_pct(&self) -> Option<(f64, f64)> {
        let demand = self.demand.as_ref()?;
        let observed = hourly(&self.test, self.today.speed()?);
        let observed = observed.percentile(crate::usage::Metric::CpuMax, 99)?;
        Some((demand.cpu_p99_pct * demand.trend.factor, observed))
    }
}

/// Evaluates recommendations from the first days of traces on the other days.
#[must_use]
pub fn backtest(traces: &[Trace], book: &PriceBook, train_days: u32) -> Sizing {
    let catalogue = Catalogue::new(PROVIDER, book, REGION, System::Linux);
    let start = traces.iter().filter_map(|t| t.samples.first()).map(|s| s.0).min().unwrap_or(0);
    let cut = start + i64::from(train_days) * 86_400;
    let mut placed = Vec::new();
    let mut not_placed = Vec::new();
    for trace in traces {
        match place(trace, &catalogue, cut) {
            Some(of) => placed.push(of),
            None => not_placed.push(trace.id.clone()),
        }
    }
    let house = Rule::House { limit_pct: CPU_LIMIT_PCT };
    let others = [Rule::ComputeOptimizerLike, Rule::Maximum, Rule::Mean, Rule::Hindsight];
    let reaches = [Variant::Safe, Variant::Balanced, Variant::Bold];
    let (mut rules, mut curve, mut advice) = (Vec::new(), Vec::new(), Vec::new());
    for reach in reaches {
        rules.extend(
            std::iter::once(house)
                .chain(others)
                .map(|rule| score(&placed, &catalogue, rule, reach)),
        );
        curve.extend(
            CURVE.map(|limit_pct| score(&placed, &catalogue, Rule::House { limit_pct }, reach)),
        );
        advice.extend(placed.iter().map(|of| of.advice(&catalogue, house, reach)));
    }
    let counted: (usize, usize) = placed
        .iter()
        .map(|of| (short(catalogue.cloud(), of.today, &of.test), of.test.len()))
        .fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    let p99_pct: Vec<(f64, f64)> = placed.iter().filter_map(Placed::p99_pct).collect();
    Sizing {
        machines: placed.len(),
        not_placed,
        train_days,
        usd_per_hour: placed.iter().filter_map(|of| of.price.to_f64()).sum(),
        shortfall_today_pct: share(counted.0, counted.1),
        rules,
        curve,
        advice,
        predicted: Predicted::of(&p99_pct),
        too_small: TooSmall::of(&p99_pct),
    }
}

fn share(part: usize, whole: usize) -> f64 {
    100.0 * as_f64(part) / as_f64(whole.max(1))
}

/// Returns the cheapest type that fits the provisioned capacity: no CPU credits, no other
/// architecture, no special hardware.
fn place<'a>(trace: &'a Trace, catalogue: &Catalogue<'a>, cut: i64) -> Option<Placed<'a>> {
    let given = trace.cpu_mhz * COREMARK_PER_MHZ;
    let holds = |m: &InstanceType| {
        m.architectures.contains("x86_64")
            && catalogue.cloud().credits(m).is_none()
            && m.bare_metal == Some(false)
            && m.gpus.unwrap_or(0) == 0
            && catalogue.cloud().is_general(m)
            && m.speed().is_some_and(|s| s >= given)
            && m.memory_mib.and_then(|mib| mib.to_f64()).is_some_and(|mib| mib >= trace.memory_mib)
    };
    let (today, price) = catalogue.types().find(|(m, _)| holds(m))?;
    let samples = trace.samples.iter().map(|(at, mhz)| (*at, mhz * COREMARK_PER_MHZ));
    let (train, test): (Vec<_>, Vec<_>) = samples.partition(|(at, _)| *at < cut);
    let used = hourly(&train, today.speed()?);
    let demand = Demand::of(&used, today).filter(|d| d.hourly_max_pct.len() >= LEAST_HOURS);
    // The provisioned memory, not that of the placed type.
    let demand = demand.map(|d| Demand { least_memory_mib: trace.memory_mib, ..d });
    Some(Placed { trace, today, price, train, test, demand })
}

impl<'a> Placed<'a> {
    /// Returns the type that a rule recommends, and its prediction.
    fn advised(
        &self,
        catalogue: &Catalogue<'a>,
        rule: Rule,
        reach: Variant,
    ) -> Option<(&'a InstanceType, Decimal, f64)> {
        let demand = self.demand.as_ref()?;
        let samples: Vec<f64> = self.train.iter().map(|(_, v)| *v).collect();
        let base = Reach { unmeasured_network: 0.0, least_ebs_mbps: 0.0, ..Reach::of(reach) };
        if rule == Rule::Hindsight {
            return self
                .hindsight(catalogue, demand, &base)
                .map(|c| (c.machine, c.usd_per_hour, 0.0));
        }
        let (demand, reach) = match (rule, rule.needs(&samples)) {
            (Rule::House { limit_pct }, _) => {
                (demand.clone(), Reach { cpu_limit_pct: limit_pct, ..base })
            }
            (_, Some(needs)) => {
                (plain(demand, needs), Reach { cpu_limit_pct: 100.0, keep_speed: false, ..base })
            }
            (_, None) => return None,
        };
        let choice = pick(catalogue, (self.today, self.price), &demand, &reach)?;
        Some((choice.machine, choice.usd_per_hour, choice.cpu_p99_pct))
    }

    /// Returns the cheapest type with no more shortfall on the days evaluated than the current one.
    fn hindsight(
        &self,
        catalogue: &Catalogue<'a>,
        demand: &Demand,
        reach: &Reach,
    ) -> Option<Choice<'a>> {
        let cloud = catalogue.cloud();
        let today = short(cloud, self.today, &self.test);
        // Without CPU use, every type with sufficient memory fits.
        let free = Demand { hourly_mean_pct: vec![0.0; 2 * 24], ..plain(demand, 0.0) };
        fitting(catalogue, (self.today, self.price), &free, reach)
            .find(|choice| short(cloud, choice.machine, &self.test) <= today)
    }

    fn advice(&self, catalogue: &Catalogue<'a>, rule: Rule, reach: Variant) -> MachineScore {
        let advised = self.advised(catalogue, rule, reach);
        let to = advised.map_or(self.today, |(machine, _, _)| machine);
        let observed = to.speed().map(|speed| hourly(&self.test, speed));
        MachineScore {
            id: self.trace.id.clone(),
            reach,
            from: self.today.instance_type.clone(),
            to: to.instance_type.clone(),
            predicted_p99_pct: advised.map(|(_, _, pct)| pct),
            observed_p99_pct: observed
                .and_then(|of| of.percentile(crate::usage::Metric::CpuMax, 99)),
            shortfall_pct: share(short(catalogue.cloud(), to, &self.test), self.test.len()),
        }
    }
}

fn score(placed: &[Placed<'_>], catalogue: &Catalogue<'_>, rule: Rule, reach: Variant) -> Score {
    let (mut before, mut after, mut over, mut all, mut worst, mut changed) =
        (0.0, 0.0, 0, 0, 0.0_f64, 0);
    for of in placed {
        let advised = of.advised(catalogue, rule, reach);
        let (to, price) =
            advised.map_or((of.today, of.price), |(machine, price, _)| (machine, price));
        before += of.price.to_f64().unwrap_or(0.0);
        after += price.to_f64().unwrap_or(0.0);
        let short = short(catalogue.cloud(), to, &of.test);
        over += short;
        all += of.test.len();
        worst = worst.max(share(short, of.test.len()));
        changed += usize::from(advised.is_some());
    }
    let saving_pct = if before > 0.0 { 100.0 * (1.0 - after / before) } else { 0.0 };
    Score {
        rule: rule.name(),
        reach,
        saving_pct,
        shortfall_pct: share(over, all),
        worst_pct: worst,
        changed,
    }
}

/// Returns the samples in which demand exceeds a machine's capacity. With CPU credits, the capacity
/// is the baseline once they are used up.
fn short(cloud: &dyn Cloud, machine: &InstanceType, samples: &[(i64, f64)]) -> usize {
    let Some(speed) = machine.speed() else { return samples.len() };
    let credits = cloud.credits(machine);
    let baseline = credits.map(|Credits { baseline_pct, .. }| speed * baseline_pct / 100.0);
    let accrual_hours = credits.map_or(0.0, |Credits { accrual_hours, .. }| accrual_hours);
    let most = baseline.map_or(0.0, |b| b * accrual_hours);
    let (mut balance, mut last, mut count) = (most / 2.0, None, 0);
    for (at, used) in samples {
        let capacity =
            if baseline.is_some() && balance <= 0.0 { baseline.unwrap_or(speed) } else { speed };
        if *used > capacity {
            count += 1;
        }
        if let Some(baseline) = baseline {
            let seconds = last.map_or(300, |l: i64| (at - l).clamp(0, 3600));
            let hours = f64::from(i32::try_from(seconds).unwrap_or(300)) / 3600.0;
            balance = (balance + (baseline - used.min(capacity)) * hours).clamp(0.0, most);
        }
        last = Some(*at);
    }
    count
}
