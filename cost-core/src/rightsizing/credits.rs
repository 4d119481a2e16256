//! Whether a burstable machine's CPU credits last.
//!
//! Source: AWS, Amazon EC2 User Guide, "Key concepts for burstable performance instances" (credits
//! earned an hour, baseline utilization per vCPU, accrual for at most 24 hours) and "Flex
//! instances" (baseline of 40 %, full performance 95 % of the time). Read 2026-11.

use crate::price::InstanceType;

/// Baseline of a vCPU by size, percent: t3, t3a, t4g.
const BASELINES: [(&str, f64); 7] = [
    ("nano", 5.0),
    ("micro", 10.0),
    ("small", 20.0),
    ("medium", 20.0),
    ("large", 30.0),
    ("xlarge", 40.0),
    ("2xlarge", 40.0),
];
/// The same of t2, where it differs.
const BASELINES_T2: [(&str, f64); 3] = [("large", 30.0), ("xlarge", 22.5), ("2xlarge", 16.875)];
/// Baseline of flex types, percent of all vCPUs.
const FLEX_BASELINE: f64 = 40.0;
/// Credits are kept for so many hours of earning.
pub(super) const ACCRUAL_HOURS: f64 = 24.0;
/// Part of the accrued credits that is never planned with. Chosen (ADR 0016): hours are of means,
/// bursts within them are not seen.
const RESERVE: f64 = 0.25;

/// Percent of all its vCPUs that a machine can use for ever; `None` if all.
pub(super) fn baseline(machine: &InstanceType) -> Option<f64> {
    let family = machine.family();
    if family.ends_with("-flex") {
        return Some(FLEX_BASELINE);
    }
    if machine.burstable != Some(true) {
        return None;
    }
    let size = machine.size();
    let of = |list: &[(&str, f64)]| list.iter().find(|(s, _)| *s == size).map(|(_, pct)| *pct);
    let older = if family == "t2" { of(&BASELINES_T2) } else { None };
    // A size that is not known is not relied on.
    Some(older.or_else(|| of(&BASELINES)).unwrap_or(0.0))
}

/// Whether hourly means, percent of all vCPUs, can go on for ever: credits earned below the
/// baseline pay for hours above it.
pub(super) fn last(
    machine: &InstanceType,
    hourly_mean_pct: impl Iterator<Item = f64> + Clone,
) -> bool {
    let Some(baseline) = baseline(machine) else { return true };
    let count = hourly_mean_pct.clone().count();
    if count == 0 {
        return false;
    }
    let mean = hourly_mean_pct.clone().sum::<f64>() / crate::usage::as_f64(count);
    if mean > baseline * (1.0 - RESERVE) {
        return false;
    }
    if machine.burstable != Some(true) {
        return true;
    }
    // In percent × hours. It starts empty, as after a start: t3 and newer have no launch credits.
    let (most, mut balance) = (baseline * ACCRUAL_HOURS, 0.0_f64);
    let mut lowest = f64::INFINITY;
    for (at, used) in hourly_mean_pct.enumerate() {
        balance = (balance + baseline - used).min(most);
        // The first day only fills it.
        if at >= 24 {
            lowest = lowest.min(balance);
        }
        balance = balance.max(0.0);
    }
    lowest >= most * RESERVE
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::price::PriceBook;

    #[test]
    fn credits_pay_for_short_bursts_and_not_for_long_ones() {
        let book = PriceBook::bundled().unwrap();
        let t3 = book.instance_type("t3.large").unwrap();
        assert_eq!(baseline(t3), Some(30.0));
        let day =
            |busy: usize| (0..24 * 7).map(move |hour| if hour % 24 < busy { 90.0 } else { 5.0 });
        assert!(last(t3, day(3)));
        assert!(!last(t3, day(8)));
        assert!(last(book.instance_type("m5.large").unwrap(), day(24)));
        let flex = book.instance_type("m7i-flex.large").unwrap();
        assert!(last(flex, day(6)) && !last(flex, day(12)));
        assert_eq!(baseline(book.instance_type("t2.xlarge").unwrap()), Some(22.5));
    }
}
