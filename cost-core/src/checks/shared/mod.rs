//! What checks share, whatever the cloud: thresholds, sums over claims, and frames for common
//! shapes (`fee`, `idle`, `plain`).

pub(super) mod fee;
pub(super) mod idle;
pub(super) mod plain;

use rust_decimal::Decimal;

use crate::check::{Context, Threshold};
use crate::money::{Money, MoneyError};
use crate::opportunity::{Claim, Evidence, Slice};

/// A threshold that was chosen, and why is written down.
pub(in crate::checks) const fn chosen(
    key: &'static str,
    value: f64,
    unit: &'static str,
    metric: &'static str,
    window: &'static str,
    source: &'static str,
) -> Threshold {
    Threshold { key, value, unit, metric, window, source }
}

/// Σ of what claims are on.
pub(in crate::checks) fn spend_of(cx: &Context<'_>, claims: &[Claim]) -> Result<Money, MoneyError> {
    Money::try_sum(claims.iter().map(|c| c.spend), cx.currency())
}

/// What the claims are on, as evidence.
pub(in crate::checks) fn cost_now(
    cx: &Context<'_>,
    claims: &[Claim],
) -> Result<Evidence, MoneyError> {
    Ok(Evidence::new("cost now, per month", spend_of(cx, claims)?, "bill"))
}

/// Takes what replaces a resource off what a claim on a slice of it saves: of several accounts that
/// are billed for it, the one with the most cost.
pub(in crate::checks) fn less(
    claims: &mut [Claim],
    slice: Slice,
    replacement: Replacement,
) -> Result<(), MoneyError> {
    let of_slice = claims.iter_mut().filter(|c| c.slice == slice);
    if let Some(claim) = of_slice.max_by_key(|c| c.spend.amount()) {
        claim.savings.low = claim.savings.low.try_sub(replacement.most)?;
        claim.savings.expected = claim.savings.expected.try_sub(replacement.expected)?;
        claim.savings.high = claim.savings.high.try_sub(replacement.least)?;
    }
    Ok(())
}

/// What something that replaces a resource costs, per month.
#[derive(Clone, Copy, Debug)]
pub(in crate::checks) struct Replacement {
    pub(in crate::checks) least: Money,
    pub(in crate::checks) expected: Money,
    pub(in crate::checks) most: Money,
}

impl Replacement {
    /// One that costs just this.
    pub(in crate::checks) fn exactly(amount: Money) -> Self {
        Self { least: amount, expected: amount, most: amount }
    }
}

/// The share of a cost that goes away with a cheaper price: what is paid scales.
pub(in crate::checks) fn cheaper(now: Decimal, then: Decimal) -> Decimal {
    Decimal::ONE - then.checked_div(now).unwrap_or(Decimal::ONE)
}

/// Σ expected of claims.
pub(in crate::checks) fn expected(cx: &Context<'_>, claims: &[Claim]) -> Result<Money, MoneyError> {
    Money::try_sum(claims.iter().map(|c| c.savings.expected), cx.currency())
}

/// Whether any of the claims is on what a commitment pays for: said, because it is worth less.
pub(in crate::checks) fn covered_caveat(claims: &[Claim]) -> Option<String> {
    let pool = claims.iter().find(|c| c.slice == Slice::Covered)?.pools.first()?;
    Some(format!(
        "partly paid for by commitments ({pool}): that part saves only what other usage then does not cost on demand"
    ))
}
