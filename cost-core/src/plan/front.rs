//! The efficient front: what more effort and risk save.

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Limits, Pools, plan};
use crate::money::{Currency, MoneyError, Savings};
use crate::opportunity::Opportunity;
use crate::tradeoff::Level;

/// The best plan for one limit on effort and risk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct FrontPoint {
    /// Maximum effort of a step.
    pub max_effort: Level,
    /// Maximum risk of a step.
    pub max_risk: Level,
    /// Number of steps of the plan.
    pub steps: usize,
    /// Savings of the plan, per month of 730 h.
    pub savings: Savings,
}

/// Returns the efficient front: the best plan for each limit on effort and risk that saves more than
/// the plans of all stricter limits. Each is computed as [`plan()`] does, with the other constraints
/// of `limits`. Limits above those of `limits` count too, to show what they exclude.
///
/// # Errors
/// As [`plan()`].
pub fn front(
    all: &[&Opportunity],
    pools: &Pools,
    limits: &Limits,
    currency: Currency,
) -> Result<Vec<FrontPoint>, MoneyError> {
    const LEVELS: [Level; 3] = [Level::Low, Level::Medium, Level::High];
    let pairs: Vec<(Level, Level)> =
        LEVELS.iter().flat_map(|risk| LEVELS.map(|effort| (*risk, effort))).collect();
    let point = |(max_risk, max_effort): &(Level, Level)| {
        let limits = Limits { max_risk: *max_risk, max_effort: *max_effort, ..*limits };
        let made = plan(all.iter().copied(), pools, &limits, currency)?;
        let (steps, savings) = (made.steps.len(), made.joint);
        Ok(FrontPoint { max_effort: *max_effort, max_risk: *max_risk, steps, savings })
    };
    let points = pairs.par_iter().map(point).collect::<Result<Vec<_>, MoneyError>>()?;
    Ok(efficient(points))
}

/// Returns the points that save more than each point with at most the same effort and risk.
fn efficient(points: Vec<FrontPoint>) -> Vec<FrontPoint> {
    let saved = |p: &FrontPoint| p.savings.expected.amount();
    let stricter = |p: &FrontPoint, q: &FrontPoint| {
        (q.max_effort, q.max_risk) != (p.max_effort, p.max_risk)
            && q.max_effort <= p.max_effort
            && q.max_risk <= p.max_risk
    };
    let pays = |p: &&FrontPoint| {
        !saved(p).is_zero() && points.iter().all(|q| !stricter(p, q) || saved(q) < saved(p))
    };
    points.iter().filter(pays).copied().collect()
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

    use super::*;
    use crate::money::Money;

    fn exactly(amount: Money) -> Savings {
        Savings { low: amount, expected: amount, high: amount }
    }

    #[test]
    fn a_limit_is_listed_only_if_it_saves_more_than_stricter_ones() {
        let point = |max_effort, max_risk, saved: i64| FrontPoint {
            max_effort,
            max_risk,
            steps: 1,
            savings: exactly(Money::new(Decimal::from(saved), Currency::USD)),
        };
        let (low, medium) = (Level::Low, Level::Medium);
        let all = [
            point(low, low, 10),
            point(medium, low, 10),
            point(low, medium, 30),
            point(medium, medium, 31),
        ];
        assert_eq!(efficient(all.to_vec()), [all[0], all[2], all[3]]);
        assert_eq!(efficient(vec![point(low, low, 0)]), []);
    }
}
