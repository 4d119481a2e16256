//! Shared code of checks for all clouds: thresholds, sums over claims, and frames for common kinds
//! of checks (`fee`, `idle`, `plain`), removals that retain data (`final_snapshot`), savings that
//! may be zero (`uncertain`), and steps of a roll-out (`rollout`).

pub(super) mod environment;
pub(super) mod fee;
pub(super) mod final_snapshot;
pub(super) mod idle;
pub(super) mod plain;
pub(super) mod risk_rule;
pub(super) mod rollout;
pub(super) mod uncertain;
pub(super) mod upcoming_rule;

use rust_decimal::Decimal;

use crate::check::{Context, Threshold};
use crate::money::{Money, MoneyError};
use crate::opportunity::{Claim, Evidence, Slice};

/// Builds a threshold. `source` is the source of its value, or the reason for the choice.
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

/// Returns the current cost of the claimed usage: the sum over the claims.
pub(in crate::checks) fn spend_of(cx: &Context<'_>, claims: &[Claim]) -> Result<Money, MoneyError> {
    Money::try_sum(claims.iter().map(|c| c.spend), cx.currency())
}

/// Returns the current cost of the claimed usage as evidence.
pub(in crate::checks) fn cost_now(
    cx: &Context<'_>,
    claims: &[Claim],
) -> Result<Evidence, MoneyError> {
    Ok(Evidence::new("current cost, per month", spend_of(cx, claims)?, "bill"))
}

/// Subtracts the cost of a replacement from the savings of a claim on a slice. If several accounts
/// are billed for the resource, this is the claim of the account with the highest cost.
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
        claim.possible =
            claim.possible.map(|full| full.try_sub(replacement.expected)).transpose()?;
    }
    Ok(())
}

/// The cost of what replaces a resource, per month: lowest, expected, and highest.
#[derive(Clone, Copy, Debug)]
pub(in crate::checks) struct Replacement {
    pub(in crate::checks) least: Money,
    pub(in crate::checks) expected: Money,
    pub(in crate::checks) most: Money,
}

impl Replacement {
    /// Returns a replacement whose cost is certain.
    pub(in crate::checks) fn exactly(amount: Money) -> Self {
        Self { least: amount, expected: amount, most: amount }
    }
}

/// Returns the share of a cost that a cheaper price saves: 1 − new price ÷ old price. The paid
/// amount scales with the price.
pub(in crate::checks) fn cheaper(now: Decimal, then: Decimal) -> Decimal {
    Decimal::ONE - then.checked_div(now).unwrap_or(Decimal::ONE)
}

/// Returns the expected savings of all claims.
pub(in crate::checks) fn expected(cx: &Context<'_>, claims: &[Claim]) -> Result<Money, MoneyError> {
    Money::try_sum(claims.iter().map(|c| c.savings.expected), cx.currency())
}

/// Returns a caveat if a commitment pays for part of the claimed usage, because that part saves
/// less.
pub(in crate::checks) fn covered_caveat(claims: &[Claim]) -> Option<String> {
    let pool = claims.iter().find(|c| c.slice == Slice::Covered)?.pools.first()?;
    Some(format!(
        "commitments ({pool}) pay for a part: this part saves money only if the commitment then covers other usage"
    ))
}
