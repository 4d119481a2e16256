//! The checks: one file each, and the registry.

mod gp2_volume;
mod idle_address;
mod machine;
mod oversized_instance;
mod previous_generation_instance;
mod registry;
mod unattached_volume;
mod uncovered_steady_usage;

pub use registry::registry;

use crate::check::{Context, ResourceUse, Threshold};
use crate::money::{Money, MoneyError};
use crate::opportunity::{Claim, Evidence, Slice};

/// A threshold that was chosen, and why is written down.
const fn chosen(
    key: &'static str,
    value: f64,
    unit: &'static str,
    metric: &'static str,
    window: &'static str,
    source: &'static str,
) -> Threshold {
    Threshold { key, value, unit, metric, window, source }
}

/// Whether a use is of a volume's, not of a machine's.
fn is_volume(used: &ResourceUse) -> bool {
    used.usage_type.contains("EBS:Volume")
}

/// Σ of what claims are on.
fn spend_of(cx: &Context<'_>, claims: &[Claim]) -> Result<Money, MoneyError> {
    Money::try_sum(claims.iter().map(|c| c.spend), cx.currency())
}

/// What the claims are on, as evidence.
fn cost_now(cx: &Context<'_>, claims: &[Claim]) -> Result<Evidence, MoneyError> {
    Ok(Evidence::new("cost now, per month", spend_of(cx, claims)?, "bill"))
}

/// Takes what replaces a resource off what a claim on a slice of it saves; `high` stays if the replacement may cost less.
fn less(claims: &mut [Claim], slice: Slice, amount: Money, at_most: bool) -> Result<(), MoneyError> {
    for claim in claims.iter_mut().filter(|c| c.slice == slice).take(1) {
        claim.savings.low = claim.savings.low.try_sub(amount)?;
        claim.savings.expected = claim.savings.expected.try_sub(amount)?;
        if !at_most {
            claim.savings.high = claim.savings.high.try_sub(amount)?;
        }
    }
    Ok(())
}

/// Σ expected of claims.
fn expected(cx: &Context<'_>, claims: &[Claim]) -> Result<Money, MoneyError> {
    Money::try_sum(claims.iter().map(|c| c.savings.expected), cx.currency())
}
