//! Smaller storage sizes for volumes and databases.

use rust_decimal::Decimal;

use crate::checks::shared::plain::Found;
use crate::opportunity::Evidence;

/// Returns the smaller size of a storage, or `None` if it cannot shrink. The new size is the size
/// in GB × the largest use in percent ÷ the target in percent, rounded up, and at least `least`.
pub(in crate::checks) fn shrunk(
    what: &str,
    (size_label, changed): (&str, &'static str),
    (size, full_pct): (i64, f64),
    least: i64,
    target_pct: Decimal,
) -> Option<Found> {
    let full = Decimal::from_f64_retain(full_pct).unwrap_or(Decimal::ONE_HUNDRED).round_dp(2);
    let needed = (Decimal::from(size) * full / target_pct).ceil().max(Decimal::from(least));
    let share = Decimal::ONE - needed / Decimal::from(size);
    (share > Decimal::ZERO).then(|| Found {
        share,
        uncertain: false,
        title: format!("Shrink {what} from {size} to {needed} GB"),
        facts: vec![
            Evidence::new(size_label, format!("{size} GB"), "inventory"),
            Evidence::new("largest use", format!("{} %", full.normalize()), "utilization"),
        ],
        change: Some((changed, format!("{size} GB"), format!("{needed} GB"))),
    })
}
