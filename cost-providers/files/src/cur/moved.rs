//! Distribution of the effective cost of a discount: the usage that receives it, and the amounts.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::report::CLASS;
use super::types::Class;

/// Columns that a discount and its usage always share.
pub(super) const KEY: [&str; 4] =
    ["BillingPeriodStart", "BillingAccountId", "SubAccountId", "x_ServiceCode"];
/// Columns that they share if the discount has a value.
pub(super) const KIND: &str = "SkuMeter";
/// Columns that they share if the discount has a value and such usage exists.
pub(super) const NARROWER: [&str; 2] = ["SkuId", "x_Operation"];
/// Columns that a moved discount takes from the usage; all others are the discount's.
pub(super) const OF_USAGE: [&str; 20] = [
    "AvailabilityZone",
    "CapacityReservationId",
    "CapacityReservationStatus",
    "ConsumedUnit",
    "PricingCategory",
    "PricingUnit",
    "RegionId",
    "RegionName",
    "ResourceId",
    "ResourceName",
    "ResourceType",
    "ServiceCategory",
    "ServiceName",
    "ServiceSubcategory",
    "SkuId",
    "SkuMeter",
    "SubAccountName",
    "Tags",
    "x_CostCategories",
    "x_Operation",
];

/// Cost of the line items of a group.
pub(super) const COST: &str = "cost of the group";
/// Day of the line items.
pub(super) const DAY: &str = "day of the group";

/// Microseconds of a day.
const DAY_US: i64 = 86_400_000_000;

/// Values of [`KEY`] of a group.
type Key<'a> = [Option<&'a str>; KEY.len()];

/// Groups of usage by their values of [`KEY`].
type Places<'a> = BTreeMap<Key<'a>, Vec<usize>>;

/// Returns the moves for groups of discounts and of usage: amounts removed, and amounts added
/// instead.
pub(super) fn moved(groups: DataFrame) -> PolarsResult<DataFrame> {
    let columns = Columns::of(&groups)?;
    let (places, discounts) = columns.places();
    let (mut of_discount, mut of_usage, mut amounts) = (Vec::new(), Vec::new(), Vec::new());
    for row in discounts {
        let Some(usage) = columns.usage_for(row, &places) else { continue };
        let cost = columns.cost[row];
        let weights: Vec<i128> = usage.iter().map(|at| columns.cost[*at]).collect();
        let Some(parts) = apportioned(cost, &weights) else { continue };
        let put = usage.into_iter().zip(parts).filter(|(_, part)| *part != 0);
        for (at, amount) in std::iter::once((row, -cost)).chain(put) {
            of_discount.push(index(row)?);
            of_usage.push(index(at)?);
            amounts.push(amount);
        }
    }
    put(&groups, [of_discount, of_usage], amounts)
}

/// Columns of groups that determine where a discount goes.
struct Columns {
    class: Int32Chunked,
    keys: Vec<StringChunked>,
    kind: StringChunked,
    narrower: Vec<StringChunked>,
    of_usage: Vec<StringChunked>,
    /// Days since 1970.
    day: Int32Chunked,
    /// Microseconds since 1970.
    start: Int64Chunked,
    end: Int64Chunked,
    /// In 10⁻¹² units.
    cost: Vec<i128>,
}

impl Columns {
    fn of(groups: &DataFrame) -> PolarsResult<Self> {
        let text = |name: &str| groups.column(name)?.cast(&DataType::String)?.str().cloned();
        let texts = |names: &[&str]| {
            names.iter().map(|name| text(name)).collect::<PolarsResult<Vec<StringChunked>>>()
        };
        let instants = |name: &str| groups.column(name)?.cast(&DataType::Int64)?.i64().cloned();
        let cost = groups.column(COST)?.as_materialized_series().to_physical_repr().into_owned();
        Ok(Self {
            class: groups.column(CLASS)?.i32()?.clone(),
            keys: texts(&KEY)?,
            kind: text(KIND)?,
            narrower: texts(&NARROWER)?,
            of_usage: texts(&OF_USAGE)?,
            day: groups.column(DAY)?.cast(&DataType::Int32)?.i32()?.clone(),
            start: instants("ChargePeriodStart")?,
            end: instants("ChargePeriodEnd")?,
            cost: cost.i128()?.iter().map(Option::unwrap_or_default).collect(),
        })
    }

    fn key(&self, row: usize) -> Key<'_> {
        std::array::from_fn(|at| self.keys[at].get(row))
    }

    /// Returns groups of usage by their keys, and the groups of discounts.
    fn places(&self) -> (Places<'_>, Vec<usize>) {
        let mut places = Places::new();
        let mut discounts = Vec::new();
        for row in 0..self.cost.len() {
            if self.class.get(row) == Some(Class::Usage.code()) {
                places.entry(self.key(row)).or_default().push(row);
            } else {
                discounts.push(row);
            }
        }
        // With equal remainders, the first gets more. The order must not depend on the input order.
        let order = |row: &usize| {
            (self.of_usage.iter().map(|c| c.get(*row)).collect::<Vec<_>>(), self.day.get(*row))
        };
        for rows in places.values_mut() {
            rows.sort_by(|a, b| order(a).cmp(&order(b)));
        }
        (places, discounts)
    }

    /// Returns the usage of a discount: of its kind, as narrow as its columns allow.
    fn usage_for(&self, discount: usize, places: &Places<'_>) -> Option<Vec<usize>> {
        let mut usage = places.get(&self.key(discount)).cloned()?;
        if let Some(kind) = self.kind.get(discount) {
            usage.retain(|at| self.kind.get(*at) == Some(kind));
        }
        for column in &self.narrower {
            if let Some(wanted) = column.get(discount) {
                usage = narrowed(usage, |at| column.get(at) == Some(wanted));
            }
        }
        if self.is_of_a_day(discount) {
            usage = narrowed(usage, |at| self.day.get(at) == self.day.get(discount));
        }
        Some(usage)
    }

    fn is_of_a_day(&self, row: usize) -> bool {
        let span = self.start.get(row).zip(self.end.get(row));
        span.is_some_and(|(from, until)| until - from <= DAY_US)
    }
}

/// Returns groups with moved amounts: the columns of the discount, except those of the receiving
/// usage, and the amount.
fn put(
    groups: &DataFrame,
    [of_discount, of_usage]: [Vec<IdxSize>; 2],
    amounts: Vec<i128>,
) -> PolarsResult<DataFrame> {
    let of_discount = groups.take(&IdxCa::from_vec(PlSmallStr::EMPTY, of_discount))?;
    let of_usage = groups.take(&IdxCa::from_vec(PlSmallStr::EMPTY, of_usage))?;
    let amounts =
        Int128Chunked::from_vec(COST.into(), amounts).into_decimal_unchecked(38, 12).into_series();
    let column = |name: &PlSmallStr| match name.as_str() {
        COST => Ok(amounts.clone().into_column()),
        name if OF_USAGE.contains(&name) => of_usage.column(name).cloned(),
        name => of_discount.column(name).cloned(),
    };
    let columns =
        groups.get_column_names().into_iter().map(column).collect::<PolarsResult<Vec<_>>>()?;
    DataFrame::new(amounts.len(), columns)
}

fn index(row: usize) -> PolarsResult<IdxSize> {
    IdxSize::try_from(row).map_err(|_| {
        polars_err!(ComputeError: "too many discounts to move to \
        their usage")
    })
}

/// Returns the selected rows; all if none is selected.
fn narrowed(rows: Vec<usize>, is_meant: impl Fn(usize) -> bool) -> Vec<usize> {
    let meant: Vec<usize> = rows.iter().copied().filter(|row| is_meant(*row)).collect();
    if meant.is_empty() { rows } else { meant }
}

/// Splits an amount in proportion to the weights. The parts add up to the amount: each is rounded
/// down, and the rest goes to the largest remainders, one unit each, with equal ones in order.
/// `None` if the weights are zero.
fn apportioned(amount: i128, weights: &[i128]) -> Option<Vec<i128>> {
    let total_amount = amount.unsigned_abs();
    let total = weights.iter().try_fold(0_u128, |sum, w| sum.checked_add(w.unsigned_abs()))?;
    // Reduces the precision of weights so that their products with the amount fit.
    let coarse = total / (u128::MAX / total_amount.max(1)).max(1) + 1;
    let weights: Vec<u128> = weights.iter().map(|w| w.unsigned_abs() / coarse).collect();
    let total: u128 = weights.iter().sum();
    if total == 0 {
        return None;
    }
    let mut parts: Vec<u128> = weights.iter().map(|w| total_amount * w / total).collect();
    let left = total_amount - parts.iter().sum::<u128>();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|at| std::cmp::Reverse(total_amount * weights[*at] % total));
    for at in by_remainder.into_iter().take(usize::try_from(left).ok()?) {
        parts[at] += 1;
    }
    let signed = |part: u128| i128::try_from(part).ok().map(|p| p * amount.signum());
    parts.into_iter().map(signed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_and_the_largest_remainders_get_more() {
        assert_eq!(apportioned(-10, &[1, 1, 1]), Some(vec![-4, -3, -3]));
        // 100 × 1/6, 2/6, 3/6 = 16.67, 33.33, 50: the first remainder is the largest.
        assert_eq!(apportioned(100, &[1, 2, 3]), Some(vec![17, 33, 50]));
        assert_eq!(apportioned(7, &[0, 5]), Some(vec![0, 7]));
        assert_eq!(apportioned(0, &[3, 5]), Some(vec![0, 0]));
        assert_eq!((apportioned(5, &[]), apportioned(5, &[0, 0])), (None, None));
    }

    #[test]
    fn large_amounts_are_apportioned_as_well() {
        // 10²² units of 10⁻¹² are ten billion; a quarter of it, to a millionth.
        let amount = 10_i128.pow(22);
        let parts =
            apportioned(-amount, &[10_i128.pow(23), 3 * 10_i128.pow(23), 1]).expect("weights");
        assert_eq!(parts.iter().sum::<i128>(), -amount);
        let off = |part: i128, quarters: i128| (part + amount / 4 * quarters).abs();
        assert!(off(parts[0], 1) < 1_000_000 && off(parts[1], 3) < 1_000_000, "{parts:?}");
    }
}
