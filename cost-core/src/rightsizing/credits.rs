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
    let Some(Credits { baseline_pct: baseline, accrual_hours, run_out }) = credits else {
        return true;
    };
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
    lowest >= most * RESERVE
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
