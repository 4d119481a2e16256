//! Time of purchase advice by number of usage lines of one quarter: the complete report, with
//! scenarios, other terms, expiring terms, and rules.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::time::Instant;

use chrono::{Days, NaiveDate};
use cost_core::cloud::Provider;
use cost_core::commitment::advise::{BuyOptions, Known, Remaining, advise};
use cost_core::commitment::hours::{HourlyUsage, OwnedHours, UsageLine, Window};
use cost_core::commitment::{OfferRow, Payment, Product, Term, UpTo};
use cost_core::estate::Estate;
use cost_core::money::Currency;
use rust_decimal::Decimal;

const WEEKS: u64 = 13;
const FAMILIES: [&str; 50] = [
    "m5", "m5a", "m5n", "m5d", "m6a", "m6g", "m6gd", "m6i", "m6id", "m7a", "m7g", "m7i", "c5",
    "c5a", "c5d", "c5n", "c6a", "c6g", "c6gd", "c6i", "c6id", "c7a", "c7g", "c7i", "r5", "r5a",
    "r5b", "r5d", "r5n", "r6a", "r6g", "r6gd", "r6i", "r6id", "r7a", "r7g", "r7i", "t3", "t3a",
    "t4g", "i3", "i3en", "i4i", "x2gd", "x2idn", "z1d", "d3", "m4", "c4", "r4",
];
const SIZES: [(&str, i64); 4] = [("large", 1), ("xlarge", 2), ("2xlarge", 4), ("4xlarge", 8)];
const REGION: &str = "us-east-1";

/// Returns the curve over numbers of lines and families.
pub(crate) fn curve() -> Result<String, Box<dyn Error>> {
    let mut out = String::from(
        "\nusage lines  families   all of it, s   USD saved of 100   above the bound\n",
    );
    for (lines, families) in [(50, 5), (500, 20), (5_000, 50)] {
        let usage = usage(lines, families);
        let estate = estate(families)?;
        let day = usage.window.until;
        let remaining = Remaining::default();
        let known = Known {
            prices: &estate.prices,
            offers: &estate.offers,
            inventory: estate.inventory.as_ref(),
            usage: &usage,
            history: None,
            remaining: &remaining,
            payer: None,
            charges: &[],
            first_day: usage.window.from,
            as_of: day,
            currency: Currency::USD,
        };
        let start = Instant::now();
        let report = advise(known, &BuyOptions::default())?;
        let took = start.elapsed().as_secs_f64();
        let saved = report.total.saves.percent_of(report.left_on_demand).unwrap_or_default();
        let gap = report.total.bound_gap_pct;
        writeln!(out, "{lines:>11} {families:>9} {took:>15.1} {saved:>18.1} {gap:>15.3} %")?;
    }
    Ok(out)
}

/// Creates usage with daily and weekly rhythms.
fn usage(lines: usize, families: usize) -> HourlyUsage {
    let from = NaiveDate::from_ymd_opt(2026, 8, 3).unwrap_or_default();
    let window =
        Window { from, until: from.checked_add_days(Days::new(7 * WEEKS)).unwrap_or(from) };
    let line = |at: usize| {
        let (size, units) = SIZES[at / families % SIZES.len()];
        UsageLine {
            account: format!("{:012}", at % 20),
            region: REGION.to_owned(),
            provider: Provider::Aws,
            usage_type: format!("BoxUsage:{}.{size}", FAMILIES[at % families]),
            service: None,
            operation: Some("RunInstances".to_owned()),
            resource_id: None,
            list_unit_price: Some(Decimal::new(96 * units, 3)),
            on_demand_unit_price: Decimal::new(96 * units, 3),
            quantities: (0..window.hours()).map(|hour| quantity(at, hour)).collect(),
            covered: BTreeMap::new(),
        }
    };
    let owned = OwnedHours {
        id: "none".into(),
        kind: "Compute Savings Plans".into(),
        provider: Provider::Aws,
        account: None,
        cost: Vec::new(),
    };
    HourlyUsage {
        window,
        lines: (0..lines).map(line).collect(),
        owned: vec![owned],
        spread: 0,
        excluded: Vec::new(),
    }
}

/// Usage factor of an hour: higher by day and on weekdays, different by line.
fn quantity(line: usize, hour: usize) -> i64 {
    let (of_day, weekday) = (hour % 24, hour / 24 % 7 < 5);
    let from = 6 + line % 7;
    let busy = (from..from + 9 + line % 3).contains(&of_day) && weekday;
    let units = 1 + line % 5 + if busy { 2 + line % 4 } else { 0 };
    i64::try_from(units).unwrap_or(0) * 10_000_000_000
}

/// Creates offers of plans for all families and for each family.
fn estate(families: usize) -> Result<Estate, Box<dyn Error>> {
    let mut offers = Vec::new();
    for (at, family) in FAMILIES.iter().take(families).enumerate() {
        for (size, units) in SIZES {
            let on_demand = Decimal::new(96 * units, 3);
            let points = Decimal::new(i64::try_from(at % 10)?, 2);
            for (product, pct) in [(Product::ComputePlan, 70), (Product::Ec2InstancePlan, 60)] {
                offers.push(OfferRow {
                    product,
                    term: Term::OneYear,
                    payment: Payment::NoUpfront,
                    region_id: REGION.to_owned(),
                    usage_type: format!("BoxUsage:{family}.{size}"),
                    operation: Some("RunInstances".to_owned()),
                    usd_per_unit: UpTo(on_demand * (Decimal::new(pct, 2) + points)),
                    upfront_pct: UpTo(Decimal::ZERO),
                    as_of: Some("2026-11-01".parse()?),
                });
            }
        }
    }
    Ok(Estate { offers: offers.into_iter().collect(), ..Estate::bare("bill")? })
}
