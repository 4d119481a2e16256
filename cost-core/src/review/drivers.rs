//! The change of all charges, of which the cost drivers are a part: so that the table adds up.

use super::types::{Category, CategoryChange, CostDriver, DriverSum, Totals};
use crate::money::{Money, MoneyError};

/// Returns the change of all charges from the previous month. `cost_drivers` are all cost drivers, of
/// which a report shows the first `top`. `None` if the bill has no previous month.
pub(super) fn sum(
    cost_drivers: &[CostDriver],
    top: usize,
    totals: &Totals,
) -> Result<Option<DriverSum>, MoneyError> {
    let Some(total) = totals.effective.change else { return Ok(None) };
    let currency = total.currency();
    let others = cost_drivers.get(top..).unwrap_or_default();
    let mut categories = Vec::new();
    for of in totals.categories.iter().filter(|of| of.category != Category::Usage) {
        let change = of.effective.change.filter(|change| !change.amount().is_zero());
        categories.extend(change.map(|change| CategoryChange { category: of.category, change }));
    }
    let others_per_day = Money::try_sum(others.iter().filter_map(|m| m.change_per_day), currency)?;
    Ok(Some(DriverSum {
        others: Money::try_sum(others.iter().map(|m| m.change), currency)?,
        others_count: others.len(),
        others_per_day: Some(others_per_day),
        categories,
        total,
        total_per_day: totals.effective.change_per_day,
    }))
}
