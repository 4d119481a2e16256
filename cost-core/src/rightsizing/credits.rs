//! CPU credits of burstable machines: whether they are sufficient.

use crate::cloud::Credits;

/// Share of the accrued credits that is reserved. Chosen (ADR 0016): hourly means do not show
/// bursts within the hour.
const RESERVE: f64 = 0.25;

/// Returns whether hourly means, percent of all vCPUs, can continue permanently: credits earned
/// below the baseline pay for hours above it. A machine without credits has its full CPU.
pub(super) fn last(
    credits: Option<Credits>,
    hourly_mean_pct: impl Iterator<Item = f64> + Clone,
) -> bool {
    let Some(credits) = credits else { return true };
    let Credits { baseline_pct: baseline, run_out, .. } = credits;
    let count = hourly_mean_pct.clone().count();
    if count == 0 {
        return false;
    }
    let mean = hourly_mean_pct.clone().sum::<f64>() / crate::usage::as_f64(count);
    if mean > baseline * (1.0 - RESERVE) {
        return false;
    }
    if !run_out {
        return true;
    }
    lowest_share(credits, hourly_mean_pct).is_none_or(|share| share >= RESERVE)
}

/// Returns whether hourly means, percent of all vCPUs, would have spent all CPU credits after the
/// first day, which only fills the balance. `false` for a machine that is not limited by credits.
pub fn exhausted(credits: Option<Credits>, hourly_mean_pct: impl Iterator<Item = f64>) -> bool {
    let Some(credits) = credits.filter(|c| c.run_out) else { return false };
    lowest_share(credits, hourly_mean_pct).is_some_and(|share| share <= 0.0)
}

/// Returns the lowest balance after the first day as a share of the largest one; `None` if no more
/// than one day was measured. It is negative if credits were lacking.
fn lowest_share(of: Credits, hourly_mean_pct: impl Iterator<Item = f64>) -> Option<f64> {
    let Credits { baseline_pct: baseline, accrual_hours, .. } = of;
    // In percent × hours. It starts empty, as after a start: t3 and newer have no launch credits.
    let (most, mut balance) = (baseline * accrual_hours, 0.0_f64);
    let mut lowest = f64::INFINITY;
    for (at, used) in hourly_mean_pct.enumerate() {
        balance = (balance + baseline - used).min(most);
        // The first day only fills the balance.
        if at >= 24 {
            lowest = lowest.min(balance);
        }
        balance = balance.max(0.0);
    }
    (lowest.is_finite() && most > 0.0).then(|| lowest / most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credits_pay_for_short_bursts_and_not_for_long_ones() {
        let burstable = Credits { baseline_pct: 30.0, accrual_hours: 24.0, run_out: true };
        let day =
            |busy: usize| (0..24 * 7).map(move |hour| if hour % 24 < busy { 90.0 } else { 5.0 });
        assert!(last(Some(burstable), day(3)));
        assert!(!last(Some(burstable), day(8)));
        assert!(last(None, day(24)));
        let flex = Credits { baseline_pct: 40.0, run_out: false, ..burstable };
        assert!(last(Some(flex), day(6)) && !last(Some(flex), day(12)));
    }
}
