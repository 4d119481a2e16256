//! Parts of the change of one SKU whose resources exist in both months.

use rust_decimal::{Decimal, RoundingStrategy};

use super::super::types::BridgePart;

/// Decimal places to which parts are rounded. Six, because the amounts of a bill are themselves
/// rounded, and unit prices of many hours repeat that. The rest goes to the largest part, so that rounding
/// shows in no part that is otherwise zero.
const PLACES: u32 = 6;
/// Most times the cost of both months that a part can be. Chosen: larger parts come from quantities
/// that cancel out, such as refunds within usage, or from free usage, and mean nothing.
pub(super) const TIMES: Decimal = Decimal::TEN;
/// Number of parts.
pub(super) const PARTS: usize = BridgePart::ALL.len();

/// Cost and quantity of one month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Used {
    /// Σ `EffectiveCost`.
    pub(super) cost: Decimal,
    /// Σ `PricingQuantity`; `None` if it was null in any line item.
    pub(super) quantity: Option<Decimal>,
}

impl Used {
    /// No charges.
    pub(super) const NOTHING: Self = Self { cost: Decimal::ZERO, quantity: Some(Decimal::ZERO) };

    /// Returns the sum; `None` if it is too large.
    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let quantity = match (self.quantity, other.quantity) {
            (Some(a), Some(b)) => Some(a.checked_add(b)?),
            _ => None,
        };
        Some(Self { cost: self.cost.checked_add(other.cost)?, quantity })
    }

    /// Returns it without `share` (0 to 1) of a part of it.
    pub(super) fn without(self, part: Self, share: Decimal) -> Option<Self> {
        let cost = self.cost.checked_sub(share_of(part.cost, share)?)?;
        let quantity = match (self.quantity, part.quantity) {
            (Some(a), Some(b)) => Some(a.checked_sub(b.checked_mul(share)?)?),
            _ => None,
        };
        Some(Self { cost, quantity })
    }
}

/// Returns a share of a cost, rounded. All of it stays as it is: a rest of it would be a cost without
/// a quantity.
pub(super) fn share_of(cost: Decimal, share: Decimal) -> Option<Decimal> {
    if share == Decimal::ONE {
        return Some(cost);
    }
    Some(round(cost.checked_mul(share)?))
}

/// Amounts of all parts, in the order of [`BridgePart::ALL`].
pub(super) type Parts = [Decimal; PARTS];

/// Change of one SKU.
#[derive(Clone, Debug)]
pub(super) struct SkuChange {
    /// Its parts; without [`BridgePart::Mix`], which needs all SKUs of the family.
    pub(super) parts: Parts,
    /// Quantity per day in both months, and cost per day; `None` if they are not known.
    pub(super) per_day: Option<[(Decimal, Decimal); 2]>,
}

/// Returns the change from the first to the second month. `used` has the amounts of both months in
/// each pricing category, and `days` the number of days of the months: 1 and 1 if the usage does
/// not depend on them.
///
/// With cost per day r, quantity per day x, unit price P, and means over both months marked by ¯:
/// days = Δd × r¯, usage = d¯ × Δx × P¯, coverage = d¯ × x¯ × Σ Δs × p¯ over the shares s of
/// the pricing categories with unit price p, price = the rest (Bennet's indicators, 1920).
pub(super) fn change(used: &[[Used; 2]], days: [Decimal; 2]) -> Option<SkuChange> {
    let sum = |at: usize| used.iter().try_fold(Used::NOTHING, |sum, u| sum.plus(u[at]));
    let all = [sum(0)?, sum(1)?];
    let change = all[1].cost.checked_sub(all[0].cost)?;
    let mut parts = [Decimal::ZERO; PARTS];
    let per_day = |at: usize| all[at].cost.checked_div(days[at]);
    let of_days = mean(per_day(0)?, per_day(1)?)?.checked_mul(days[1].checked_sub(days[0])?)?;
    parts[BridgePart::Days.index()] = of_days;
    let split = split(used, all, days);
    if let Some(split) = split {
        parts[BridgePart::Usage.index()] = split.usage;
        parts[BridgePart::Coverage.index()] = split.coverage;
        let known = of_days.checked_add(split.usage)?.checked_add(split.coverage)?;
        parts[BridgePart::Price.index()] = change.checked_sub(known)?;
    } else {
        parts[BridgePart::NotSeparable.index()] = change.checked_sub(of_days)?;
    }
    settle(&mut parts, change)?;
    Some(SkuChange { parts, per_day: split.map(|s| s.per_day) })
}

/// Usage and coverage.
#[derive(Clone, Copy)]
struct Split {
    usage: Decimal,
    coverage: Decimal,
    per_day: [(Decimal, Decimal); 2],
}

/// Returns the parts that need quantities; `None` if they are not known, or too large.
fn split(used: &[[Used; 2]], all: [Used; 2], days: [Decimal; 2]) -> Option<Split> {
    let quantity = [all[0].quantity?, all[1].quantity?];
    let price = prices([all[0], all[1]])?;
    let x = [quantity[0].checked_div(days[0])?, quantity[1].checked_div(days[1])?];
    let mean_days = mean(days[0], days[1])?;
    let more = x[1].checked_sub(x[0])?.checked_mul(mean_days)?;
    let usage = more.checked_mul(mean(price[0], price[1])?)?;
    let mut shifted = Decimal::ZERO;
    if used.len() > 1 && quantity.iter().all(|q| !q.is_zero()) {
        for of in used {
            let p = prices(*of)?;
            let share = |at: usize| of[at].quantity?.checked_div(quantity[at]);
            let moved = share(1)?.checked_sub(share(0)?)?;
            shifted = shifted.checked_add(moved.checked_mul(mean(p[0], p[1])?)?)?;
        }
    }
    let coverage = shifted.checked_mul(mean(x[0], x[1])?)?.checked_mul(mean_days)?;
    let most = all[0].cost.abs().checked_add(all[1].cost.abs())?.checked_mul(TIMES)?;
    if usage.abs() > most || coverage.abs() > most {
        return None;
    }
    let cost = |at: usize| all[at].cost.checked_div(days[at]);
    Some(Split { usage, coverage, per_day: [(x[0], cost(0)?), (x[1], cost(1)?)] })
}

/// Returns the unit prices of both months. A month without usage has that of the other; `None` if
/// there is a cost without a quantity.
fn prices(of: [Used; 2]) -> Option<[Decimal; 2]> {
    let price = |u: Used| {
        let quantity = u.quantity?;
        if quantity.is_zero() {
            return u.cost.is_zero().then_some(None);
        }
        Some(Some(u.cost.checked_div(quantity)?))
    };
    Some(match (price(of[0])?, price(of[1])?) {
        (Some(a), Some(b)) => [a, b],
        (Some(a), None) | (None, Some(a)) => [a, a],
        (None, None) => [Decimal::ZERO; 2],
    })
}

pub(super) fn mean(a: Decimal, b: Decimal) -> Option<Decimal> {
    a.checked_add(b)?.checked_div(Decimal::TWO)
}

/// Rounds half away from zero, so that an amount and its opposite have opposite results.
pub(super) fn round(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(PLACES, RoundingStrategy::MidpointAwayFromZero)
}

/// Rounds the parts so that they add up to `change`: the largest has the rest.
fn settle(parts: &mut Parts, change: Decimal) -> Option<()> {
    let mut sum = Decimal::ZERO;
    for part in parts.iter_mut() {
        *part = round(*part);
        sum = sum.checked_add(*part)?;
    }
    let rest = change.checked_sub(sum)?;
    let mut largest = BridgePart::Usage.index();
    for at in 0..PARTS {
        if parts[at].abs() > parts[largest].abs() {
            largest = at;
        }
    }
    parts[largest] = parts[largest].checked_add(rest)?;
    Some(())
}
