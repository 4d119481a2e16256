//! Owned commitments of the inventory, shared by the checks of this folder.

use rust_decimal::Decimal;

use crate::inventory::{Kind, Resource, detail, short_id};
use crate::runbook::shell_word;

/// Seconds of an hour.
const HOUR: Decimal = Decimal::from_parts(3600, 0, 0, false, 0);

/// Returns the amortized cost of a commitment per hour, USD; `None` if a part of it is unknown.
///
/// Savings Plan: the commitment. Reservation: (recurring price + upfront payment ÷ hours of the
/// term) × number of instances.
pub(super) fn usd_per_hour(of: &Resource) -> Option<Decimal> {
    if of.kind == Kind::SavingsPlan {
        return of.get(detail::COMMITMENT_USD_PER_HOUR)?.parse().ok();
    }
    let recurring: Decimal = of.get(detail::USD_PER_HOUR)?.parse().ok()?;
    let upfront: Decimal = of.get(detail::UPFRONT_USD)?.parse().ok()?;
    let hours = Decimal::from(of.get(detail::TERM_SECONDS)?).checked_div(HOUR)?;
    let count = Decimal::from(of.get(detail::COUNT)?);
    (recurring + upfront.checked_div(hours)?).checked_mul(count)
}

/// Returns whether the identifier is that of a Savings Plan.
pub(super) fn is_savings_plan(id: &str) -> bool {
    id.contains(":savingsplan/")
}

/// Returns the command that describes a commitment of EC2 or a Savings Plan.
pub(super) fn describe(id: &str) -> String {
    let short = shell_word(short_id(id));
    if is_savings_plan(id) {
        format!("aws savingsplans describe-savings-plans --savings-plan-ids {short}")
    } else {
        format!("aws ec2 describe-reserved-instances --reserved-instances-ids {short}")
    }
}
