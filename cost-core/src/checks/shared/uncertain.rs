//! Savings that may be zero, and what is expected of them (ADR 0037).

use rust_decimal::Decimal;

use super::chosen;
use crate::check::{CheckMeta, Context, Threshold};
use crate::money::{Money, MoneyError, Savings};
use crate::opportunity::{Claim, Evidence};

/// Expected share of the savings that are possible, for a change that may save nothing. A check with
/// a reason for another share has a threshold with the same key.
pub(in crate::checks) const SUCCESS: Threshold = success(
    50.0,
    "chosen (ADR 0037): only the limits are known, nothing and all of it, and this is the middle",
);

/// Start of the metric of a threshold that is the share of a cost assumed to be avoidable. It is
/// the expected share, in the middle between nothing and twice the share.
const ASSUMED: &str = "share assumed";

/// Returns the threshold of a check that expects another share than [`SUCCESS`], with the reason.
pub(in crate::checks) const fn success(pct: f64, source: &'static str) -> Threshold {
    chosen(
        "success_pct",
        pct,
        "% of the possible saving",
        "expected share of it, because the change may save nothing",
        "",
        source,
    )
}

/// Makes the savings of claims uncertain: `low` is zero, and `high` is at most the current cost. If a
/// threshold of the check is an assumed share of the cost, `expected` is with this share and `high`
/// with twice the share. Else `expected` is [`SUCCESS`] percent of the savings so far, which remain
/// possible. Returns the evidence.
///
/// # Errors
/// [`MoneyError`].
pub(in crate::checks) fn uncertain(
    cx: &Context<'_>,
    meta: &CheckMeta,
    claims: &mut [Claim],
) -> Result<Vec<Evidence>, MoneyError> {
    if let Some(assumed) = meta.thresholds.iter().find(|t| t.metric.starts_with(ASSUMED)) {
        let pct = cx.decimal(meta.id, assumed);
        let all = Decimal::ONE_HUNDRED.checked_div(pct).unwrap_or(Decimal::ONE).max(Decimal::ONE);
        let most = all.min(Decimal::TWO);
        for claim in claims {
            claim.savings.low = cx.nothing();
            claim.savings.high = claim.savings.high.try_mul(most)?;
            limit(claim)?;
        }
        return Ok(Vec::new());
    }
    let success = meta.thresholds.iter().find(|t| t.key == SUCCESS.key).unwrap_or(&SUCCESS);
    let pct = cx.decimal(meta.id, success);
    for claim in claims.iter_mut() {
        claim.may_fail(pct)?;
        limit(claim)?;
    }
    let possible = Money::try_sum(claims.iter().map(Claim::full), cx.currency())?;
    Ok(vec![
        Evidence::new("possible saving, per month", possible, "bill"),
        Evidence::new(
            "expected share of it",
            format!("{} %, because the change may save nothing", pct.normalize()),
            "stated (success_pct)",
        ),
    ])
}

/// Limits the high estimate to the current cost: a change that may save nothing cannot save more
/// than that. It stays at least the expected amount.
fn limit(claim: &mut Claim) -> Result<(), MoneyError> {
    let Savings { low, expected, high } = claim.savings;
    claim.savings = Savings::try_new(low, expected, high.try_min(claim.spend)?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_the_limits_is_expected_if_nothing_else_is_known() {
        assert!((SUCCESS.value - 50.0).abs() < f64::EPSILON);
        assert_eq!(success(80.0, "").key, SUCCESS.key);
    }
}
