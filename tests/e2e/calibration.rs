//! Calibration of savings: for each month of the demo, the estimated cost of each use of a resource
//! compared with what the next month billed. A saving is a share of this cost, so that its bias and
//! its interval are the same. The report is docs/savings-yardstick.txt.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cost_core::check::{Context, Facts, Pricing, ResourceUse, Settings};
use cost_core::estate::Estate;
use cost_core::month::Month;
use cost_core::rollup::{Rollup, roll_up};
use cost_provider_focus::FocusFiles;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::support::{DEMO, root};

/// First and last month whose next month is complete.
const MONTHS: (&str, &str) = ("2025-12", "2026-09");
/// Smallest cost of a use that counts, in USD per month.
const LEAST: f64 = 1.0;
/// Change of the cost up to which it counts as constant.
const CONSTANT: f64 = 0.005;

/// Estimates of one kind compared with the next month.
#[derive(Default)]
struct Score {
    uses: usize,
    /// Estimate of each use whose cost varied, and the number of them within the interval.
    varied: usize,
    within: usize,
    expected: f64,
    /// Cost of the month as billed, without exclusion of abnormal days.
    as_billed: f64,
    next: f64,
    next_normal: f64,
    /// Absolute error ÷ width, of uses with a width.
    errors: Vec<f64>,
}

type Key = (Option<String>, String, String, Pricing);

fn key(used: &ResourceUse) -> Key {
    (
        used.sub_account_id.clone(),
        used.resource_id.clone(),
        used.usage_type.clone(),
        used.pricing.clone(),
    )
}

fn number(of: Decimal) -> f64 {
    of.to_f64().expect("a number")
}

fn context<'a>(
    rollup: &'a Rollup,
    estate: &'a Estate,
    month: Month,
    settings: &'a Settings,
) -> Context<'a> {
    let facts = Facts {
        inventory: estate.inventory.as_ref(),
        utilization: estate.utilization.as_ref(),
        prices: &estate.prices,
        as_of: month.end(),
    };
    Context::new(rollup, facts, month, settings).expect("a context")
}

impl Score {
    fn add(&mut self, used: &ResourceUse, next: &ResourceUse) {
        let estimate = used.estimate().expect("an estimate");
        let [low, expected, high] =
            [estimate.low, estimate.expected, estimate.high].map(|m| number(m.amount()));
        let month_of = |used: &ResourceUse| {
            let now = used.now();
            let hours = if now.priced_by_month { 730.0 } else { f64::from(now.month.hours()) };
            number(now.effective.amount()) * 730.0 / hours
        };
        let billed = month_of(next);
        if expected < LEAST {
            return;
        }
        self.uses += 1;
        self.expected += expected;
        self.as_billed += month_of(used);
        self.next += billed;
        self.next_normal += number(next.now().spend().expect("a cost").amount());
        let constant = (high - low) <= CONSTANT * expected;
        if constant && (billed - expected).abs() <= CONSTANT * expected {
            return;
        }
        self.varied += 1;
        self.within += usize::from(low <= billed && billed <= high);
        if high > expected {
            self.errors.push((billed - expected).abs() / (high - expected));
        }
    }

    fn bias(of: f64, next: f64) -> f64 {
        100.0 * (of - next) / next
    }

    fn coverage(&self) -> f64 {
        100.0 * f64::from(u32::try_from(self.within).expect("few"))
            / f64::from(u32::try_from(self.varied.max(1)).expect("few"))
    }

    /// Width of the interval, in units of its width now, that would contain 80 % of the uses.
    fn width_for_80(&mut self) -> f64 {
        self.errors.sort_by(f64::total_cmp);
        self.errors.get(self.errors.len() * 8 / 10).copied().unwrap_or(0.0)
    }

    fn row(&self, name: &str) -> String {
        format!(
            "{name:<24} {:>6} {:>11.2} {:>8.1} {:>8.1} {:>10.1} {:>7} {:>8.1}\n",
            self.uses,
            self.next,
            Self::bias(self.expected, self.next_normal),
            Self::bias(self.expected, self.next),
            Self::bias(self.as_billed, self.next),
            self.varied,
            self.coverage(),
        )
    }

    fn extend(&mut self, other: &Self) {
        self.uses += other.uses;
        self.varied += other.varied;
        self.within += other.within;
        self.expected += other.expected;
        self.as_billed += other.as_billed;
        self.next += other.next;
        self.next_normal += other.next_normal;
        self.errors.extend(&other.errors);
    }
}

/// Scores by month and by number of months of history.
fn scores() -> (BTreeMap<String, Score>, BTreeMap<usize, Score>, usize) {
    let estate = Estate::open(root().join(DEMO).to_str().expect("UTF-8")).expect("the demo");
    let bill = FocusFiles::new(&estate.billing).bill(&[]).expect("its bill");
    let rollup = roll_up(&bill).expect("a roll-up");
    let settings = Settings::default();
    let last: Month = MONTHS.1.parse().expect("a month");
    let mut month: Month = MONTHS.0.parse().expect("a month");
    let (mut by_month, mut by_history) = (BTreeMap::new(), BTreeMap::new());
    let mut ended = 0;
    while month <= last {
        let now = context(&rollup, &estate, month, &settings);
        let then = context(&rollup, &estate, month.plus(1), &settings);
        let later: BTreeMap<Key, &ResourceUse> = then.used(|_| true).map(|u| (key(u), u)).collect();
        let score: &mut Score = by_month.entry(month.to_string()).or_default();
        for used in now.used(|u| !u.resource_id.is_empty() && u.is_on_demand()) {
            let Some(next) = later.get(&key(used)) else {
                ended += 1;
                continue;
            };
            score.add(used, next);
            let history: &mut Score = by_history.entry(used.months.len()).or_default();
            history.add(used, next);
        }
        month = month.plus(1);
    }
    (by_month, by_history, ended)
}

fn report() -> (String, Score) {
    let (by_month, by_history, ended) = scores();
    let mut text = String::from(
        "Savings estimates compared with the next month, on the demo estate\n\n\
         Each on-demand use of a resource that costs at least 1 USD a month: its estimated cost per month of\n\
         730 hours, and what the next month billed. bias: (estimate - next month) / next month, of the sum:\n\
         on normal days, and with the abnormal days of the next month, which an estimate cannot know. before:\n\
         the same if the month is taken as billed. varied: uses whose cost is not constant. within: share of\n\
         them whose next month is between low and high. Target: bias on normal days within 5 %, 75 to 85 %.\n\n",
    );
    let head = format!(
        "{:<24} {:>6} {:>11} {:>8} {:>8} {:>10} {:>7} {:>8}\n",
        "month", "uses", "next, USD", "normal %", "billed %", "before %", "varied", "within %"
    );
    text += &head;
    let mut all = Score::default();
    for (month, score) in &by_month {
        text += &score.row(month);
        all.extend(score);
    }
    text += &all.row("all");
    text += "\n";
    for (months, score) in &by_history {
        text += &score.row(&format!("history of {months} months"));
    }
    let width = all.width_for_80();
    let _ = writeln!(text, "\nwidth that would contain 80 %: {width:.2} x the interval");
    let _ = writeln!(text, "uses that ended before the next month, not compared: {ended}");
    (text, all)
}

#[test]
fn savings_are_unbiased_and_their_interval_holds() {
    let (text, all) = report();
    let path = root().join("docs/savings-yardstick.txt");
    if std::env::var_os("SNAPSHOTS").is_some_and(|v| v == "overwrite") {
        std::fs::write(&path, &text).expect("it can be written");
    }
    let bias = Score::bias(all.expected, all.next_normal);
    assert!(bias.abs() <= 5.0, "bias {bias}\n{text}");
    assert!((75.0..=85.0).contains(&all.coverage()), "coverage {}\n{text}", all.coverage());
    let published = std::fs::read_to_string(&path).expect("it is there");
    assert_eq!(published, text, "SNAPSHOTS=overwrite writes it");
}
