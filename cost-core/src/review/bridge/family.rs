//! Families: SKUs of one kind, such as all sizes of an instance in a region. Resources that
//! replace others of their family are not new, and usage that moves between its SKUs is mix.

use rust_decimal::Decimal;

use super::super::types::BridgePart;
use super::sku::{self, PARTS, Parts, TIMES, Used, mean, round, share_of};

/// Amounts of one SKU in one pricing category, in both months.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// All usage.
    pub(super) all: [Used; 2],
    /// Usage of resources that only this month has.
    pub(super) only: [Used; 2],
}

/// SKU of a family: its lines by pricing category.
#[derive(Clone, Debug, Default)]
pub(super) struct Sku {
    /// Lines, by pricing category.
    pub(super) lines: Vec<Line>,
}

/// SKUs of one kind, in one unit.
#[derive(Clone, Debug, Default)]
pub(super) struct Family {
    /// The SKUs, in order of their keys.
    pub(super) skus: Vec<Sku>,
}

impl Family {
    /// Returns the parts of the change of each SKU, and of the family as a whole: mix is a part of
    /// the family only, as it needs several SKUs. `days` as in [`sku::change`].
    pub(super) fn change(&self, days: [Decimal; 2]) -> (Vec<Parts>, Parts) {
        let shares = self.shares_only(days).unwrap_or([Decimal::ONE; 2]);
        let mut changes = Vec::new();
        let mut per_day = Vec::new();
        for sku in &self.skus {
            let (parts, daily) = sku.change(shares, days).unwrap_or_else(|| (sku.as_is(), None));
            changes.push(parts);
            per_day.extend(daily);
        }
        let mut sum = [Decimal::ZERO; PARTS];
        for parts in &changes {
            for (total, part) in sum.iter_mut().zip(parts) {
                *total = total.saturating_add(*part);
            }
        }
        let mix = mix(&per_day, days, &sum).unwrap_or_default();
        let (usage, of_mix) = (BridgePart::Usage.index(), BridgePart::Mix.index());
        sum[usage] = sum[usage].saturating_sub(mix);
        sum[of_mix] = mix;
        (changes, sum)
    }

    /// Returns the share of the usage of resources that only one month has which does not replace
    /// usage of such resources in the other month, for both months; `None` if quantities are not
    /// known.
    fn shares_only(&self, days: [Decimal; 2]) -> Option<[Decimal; 2]> {
        let per_day = |at: usize| {
            let lines = self.skus.iter().flat_map(|s| &s.lines);
            let mut all = lines.map(|l| l.only[at].quantity);
            let sum = all.try_fold(Decimal::ZERO, |sum, q| sum.checked_add(q?));
            sum?.checked_div(days[at])
        };
        let of = [per_day(0)?, per_day(1)?];
        let replaced = of[0].min(of[1]);
        if replaced <= Decimal::ZERO {
            return Some([Decimal::ONE; 2]);
        }
        let share = |at: usize| Decimal::ONE.checked_sub(replaced.checked_div(of[at])?);
        Some([share(0)?, share(1)?])
    }
}

/// Quantity and cost per day of a SKU in both months.
type PerDay = [(Decimal, Decimal); 2];

impl Sku {
    /// Returns the parts of its change, and its quantity and cost per day.
    fn change(&self, shares: [Decimal; 2], days: [Decimal; 2]) -> Option<(Parts, Option<PerDay>)> {
        let mut both = Vec::new();
        let [mut gone, mut new] = [Decimal::ZERO; 2];
        for line in &self.lines {
            let stays = |at: usize| line.all[at].without(line.only[at], shares[at]);
            both.push([stays(0)?, stays(1)?]);
            let left = |at: usize| share_of(line.only[at].cost, shares[at]);
            gone = gone.checked_sub(left(0)?)?;
            new = new.checked_add(left(1)?)?;
        }
        let change = sku::change(&both, days)?;
        let mut parts = change.parts;
        parts[BridgePart::New.index()] = new;
        parts[BridgePart::Gone.index()] = gone;
        Some((parts, change.per_day))
    }

    /// Returns its change without a split, for amounts that are too large for one.
    fn as_is(&self) -> Parts {
        let cost = |at: usize| {
            let costs = self.lines.iter().map(|l| l.all[at].cost);
            costs.fold(Decimal::ZERO, Decimal::saturating_add)
        };
        let mut parts = [Decimal::ZERO; PARTS];
        parts[BridgePart::NotSeparable.index()] = cost(1).saturating_sub(cost(0));
        parts
    }
}

/// Returns the part of the usage effect that is due to other SKUs: the sum of the SKUs' usage
/// effects minus that of their total quantity at the family's mean unit price.
fn mix(skus: &[PerDay], days: [Decimal; 2], sum: &Parts) -> Option<Decimal> {
    if skus.len() < 2 {
        return Some(Decimal::ZERO);
    }
    let total = |at: usize| {
        skus.iter().try_fold((Decimal::ZERO, Decimal::ZERO), |(q, c), sku| {
            Some((q.checked_add(sku[at].0)?, c.checked_add(sku[at].1)?))
        })
    };
    let of = [total(0)?, total(1)?];
    let price = |(quantity, cost): (Decimal, Decimal)| cost.checked_div(quantity);
    let price = match (price(of[0]), price(of[1])) {
        (Some(a), Some(b)) => mean(a, b)?,
        (Some(a), None) | (None, Some(a)) => a,
        (None, None) => return None,
    };
    let more = of[1].0.checked_sub(of[0].0)?.checked_mul(mean(days[0], days[1])?)?;
    let of_quantity = more.checked_mul(price)?;
    let cost = of[0].1.abs().checked_add(of[1].1.abs())?.checked_mul(mean(days[0], days[1])?)?;
    if of_quantity.abs() > cost.checked_mul(TIMES)? {
        return None;
    }
    Some(round(sum[BridgePart::Usage.index()].checked_sub(of_quantity)?))
}
