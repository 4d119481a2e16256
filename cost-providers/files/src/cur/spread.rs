//! Discounts that name no resource, moved to the usage they are for.
//!
//! AWS computes discounts of an account and SKU ("aggregated by member account and SKU"), and their
//! line items have no resource. What is paid for a resource is known only if they are spread over
//! the usage they are for: usage of the same billing period, account and service, and of the usage
//! type that the discount names; of its SKU, operation and day, if there is any. By what the usage
//! costs, exactly: what does not divide goes to the largest remainders.
//!
//! The line items stay as they are, and so does every total: what is moved are charges of their own
//! without a billed cost, which take the effective (and contracted) cost away where the discount is
//! and put it where the usage is.
//!
//! Source: AWS Data Exports user guide, "Line item columns", `line_item_blended_cost` and
//! `line_item_resource_id`. Decisions: ADR 0013.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::MAPPING;
use super::mapping::ONE;
use super::report::{CLASS, COSTS, Report, is};
use super::types::Class;

/// What a discount and the usage it is for share, in any case.
const KEY: [&str; 4] = ["BillingPeriodStart", "BillingAccountId", "SubAccountId", "x_ServiceCode"];
/// What they share if the discount has it.
const KIND: &str = "SkuMeter";
/// What they share if the discount has it and there is such usage.
const NARROWER: [&str; 2] = ["SkuId", "x_Operation"];
/// What a moved discount has of the usage; all else is the discount's.
const OF_USAGE: [&str; 20] = [
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
/// Amounts of a moved discount that are 0.
const ZERO: [&str; 4] = ["BilledCost", "ConsumedQuantity", "ListCost", "PricingQuantity"];
/// Amounts that it has none of.
const NONE: [&str; 5] = [
    "CommitmentDiscountQuantity",
    "ContractedUnitPrice",
    "ListUnitPrice",
    "x_SplitCost",
    "x_SplitUnusedCost",
];
/// Amounts that are what is moved.
const MOVED: [&str; 2] = ["ContractedCost", "EffectiveCost"];

/// What the line items of a group cost.
const COST: &str = "cost of the group";
/// The day they are of.
const DAY: &str = "day of the group";

const DAY_US: i64 = 86_400_000_000;

impl Report {
    /// Whether discounts without a resource have an effective cost to move. In a report with net
    /// columns usage has its discounts already.
    #[must_use]
    pub fn moves_discounts(&self) -> bool {
        !self.has(COSTS[1])
    }

    /// Discounts that name no resource. Raw rows; whether there are any is told by the first.
    pub fn loose_discounts(&self, raw: LazyFrame) -> LazyFrame {
        let loose = self.text("line_item_resource_id").is_null();
        self.classed(raw).filter(is(&[Class::Discount]).and(loose))
    }

    /// Discounts that name no resource, of some line items, in groups: what [`moved_discounts`]
    /// needs of each batch, first.
    ///
    /// # Errors
    /// The engine's, if the columns cannot be told.
    pub fn discount_groups(&self, raw: LazyFrame) -> PolarsResult<LazyFrame> {
        let some = col("EffectiveCost").neq(cost_core::focus::decimal(lit("0")));
        Ok(grouped(self.grouping(self.loose_discounts(raw))?.filter(some)))
    }

    /// Usage, of some line items, of the accounts and services that groups of discounts of all of
    /// them are of, in groups: what [`moved_discounts`] needs of each batch besides.
    ///
    /// # Errors
    /// The engine's, if the columns cannot be told.
    pub fn usage_groups(&self, raw: LazyFrame, discounts: LazyFrame) -> PolarsResult<LazyFrame> {
        let usage = self.grouping(self.classed(raw).filter(is(&[Class::Usage])))?;
        let keys = KEY.map(col);
        let wanted = discounts.select(keys.clone()).unique(None, UniqueKeepStrategy::Any);
        let some = col("EffectiveCost").gt(cost_core::focus::decimal(lit("0")));
        let usage =
            usage.filter(some).join(wanted, keys.clone(), keys, JoinArgs::new(JoinType::Inner));
        // What is not told apart is null: an instant, or text.
        let not_told = group_columns().filter(|name| !is_of_usage(name)).map(|name| {
            let instant = name.starts_with("ChargePeriod") || name.starts_with("BillingPeriod");
            if instant {
                cost_core::focus::instant(lit(NULL))
            } else {
                lit(NULL).cast(DataType::String)
            }
            .alias(name)
        });
        Ok(grouped(usage.with_columns(not_told.collect::<Vec<_>>())))
    }

    /// Typed charges of classed line items, with what groups are made by.
    fn grouping(&self, classed: LazyFrame) -> PolarsResult<LazyFrame> {
        let columns =
            MAPPING.iter().map(|m| m.of_charge(self)).chain([col(CLASS)]).collect::<Vec<_>>();
        let day = col("ChargePeriodStart").cast(DataType::Date).alias(DAY);
        Ok(cost_core::focus::typed(classed.select(columns))?
            .with_columns([day, col("EffectiveCost").alias(COST)]))
    }
}

/// What groups are told apart by.
fn group_columns() -> impl Iterator<Item = &'static str> {
    let amounts = |name: &&str| ZERO.contains(name) || NONE.contains(name) || MOVED.contains(name);
    MAPPING.iter().map(|m| m.column).filter(move |name| !amounts(name)).chain([CLASS, DAY])
}

/// What groups of usage are told apart by.
fn is_of_usage(name: &str) -> bool {
    OF_USAGE.contains(&name) || KEY.contains(&name) || [CLASS, DAY].contains(&name)
}

fn grouped(rows: LazyFrame) -> LazyFrame {
    let groups = group_columns().map(col).collect::<Vec<_>>();
    rows.group_by(groups).agg([col(COST).sum()])
}

/// Charges that move the effective cost of discounts without a resource to the usage they are for,
/// from [`Report::discount_groups`] and [`Report::usage_groups`] of all batches of line items of a
/// billing period; typed. For each group of such discounts one that takes it away, and one for each
/// resource, day and set of tags that it goes to. Their effective costs add up to nothing, and so
/// do their contracted costs; they have no other amounts. A discount for which there is no usage
/// stays where it is. For reports of which [`Report::moves_discounts`] holds. Memory is bounded by
/// resources × days of the accounts and services that have such discounts.
///
/// # Errors
/// The engine's, if the groups are not those.
pub fn moved_discounts(groups: Vec<LazyFrame>) -> PolarsResult<LazyFrame> {
    let groups = grouped(concat(groups, UnionArgs::default())?);
    let moved = groups.map(moved, AllowedOptimizations::empty(), None, Some("move discounts"));
    let column = |name: &'static str| {
        let value = match name {
            _ if ZERO.contains(&name) => cost_core::focus::decimal(lit("0")),
            _ if NONE.contains(&name) => cost_core::focus::decimal(lit(NULL)),
            _ if MOVED.contains(&name) => col(COST),
            "ChargeDescription" => lit("Discount, moved to the usage it is for"),
            "ConsumedUnit" | "PricingUnit" => col(name).fill_null(lit(ONE)),
            _ => col(name),
        };
        value.alias(name)
    };
    Ok(moved.select(MAPPING.iter().map(|m| column(m.column)).collect::<Vec<_>>()))
}

/// Groups of usage by what [`KEY`] says of them.
type Places<'a> = BTreeMap<[Option<&'a str>; KEY.len()], Vec<usize>>;

/// Groups of discounts and of usage, to what is taken away and what is put in its place.
fn moved(groups: DataFrame) -> PolarsResult<DataFrame> {
    let texts = |names: &[&str]| {
        let text = |name: &&str| groups.column(name)?.cast(&DataType::String)?.str().cloned();
        names.iter().map(text).collect::<PolarsResult<Vec<StringChunked>>>()
    };
    let (keys, kinds, narrower, all) =
        (texts(&KEY)?, texts(&[KIND])?, texts(&NARROWER)?, texts(&OF_USAGE)?);
    let class = groups.column(CLASS)?.i32()?;
    let day = groups.column(DAY)?.cast(&DataType::Int32)?;
    let day = day.i32()?;
    let instants = |name: &str| groups.column(name)?.cast(&DataType::Int64)?.i64().cloned();
    let (start, end) = (instants("ChargePeriodStart")?, instants("ChargePeriodEnd")?);
    let cost = groups.column(COST)?.as_materialized_series().to_physical_repr().into_owned();
    let cost: Vec<i128> = cost.i128()?.iter().map(Option::unwrap_or_default).collect();

    let key = |row: usize| std::array::from_fn(|at| keys[at].get(row));
    let mut places = Places::new();
    let mut discounts = Vec::new();
    for row in 0..groups.height() {
        if class.get(row) == Some(Class::Usage.code()) {
            places.entry(key(row)).or_default().push(row);
        } else {
            discounts.push(row);
        }
    }
    // Of equal remainders the first gets more: their order must not be that in which they came.
    let order = |row: &usize| (all.iter().map(|c| c.get(*row)).collect::<Vec<_>>(), day.get(*row));
    for rows in places.values_mut() {
        rows.sort_by(|a, b| order(a).cmp(&order(b)));
    }

    let is_of_a_day =
        |row| start.get(row).zip(end.get(row)).is_some_and(|(from, until)| until - from <= DAY_US);
    // The usage that a discount is for: of its kind, and as narrow as its columns say.
    let usage_of = |row| {
        let mut usage = places.get(&key(row)).cloned()?;
        for kind in &kinds {
            usage.retain(|at| kind.get(row).is_none_or(|wanted| kind.get(*at) == Some(wanted)));
        }
        for column in &narrower {
            if let Some(wanted) = column.get(row) {
                usage = narrowed(usage, |at| column.get(at) == Some(wanted));
            }
        }
        Some(if is_of_a_day(row) {
            narrowed(usage, |at| day.get(at) == day.get(row))
        } else {
            usage
        })
    };
    let (mut of_discount, mut of_usage, mut amounts) = (Vec::new(), Vec::new(), Vec::new());
    for row in discounts {
        let Some(usage) = usage_of(row) else { continue };
        let weights: Vec<i128> = usage.iter().map(|at| cost[*at]).collect();
        let Some(parts) = apportioned(cost[row], &weights) else { continue };
        let taken = (row, row, -cost[row]);
        let put = usage
            .into_iter()
            .zip(parts)
            .filter(|(_, part)| *part != 0)
            .map(|(at, part)| (row, at, part));
        for (discount, at, amount) in std::iter::once(taken).chain(put) {
            of_discount.push(index(discount)?);
            of_usage.push(index(at)?);
            amounts.push(amount);
        }
    }
    put(&groups, [of_discount, of_usage], amounts)
}

/// Groups with what is moved: the columns of the discount but those of the usage that it is moved
/// to, and the amount.
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
    IdxSize::try_from(row).map_err(|_| polars_err!(ComputeError: "too many discounts"))
}

/// The rows that are meant; all if none is.
fn narrowed(rows: Vec<usize>, is_meant: impl Fn(usize) -> bool) -> Vec<usize> {
    let meant: Vec<usize> = rows.iter().copied().filter(|row| is_meant(*row)).collect();
    if meant.is_empty() { rows } else { meant }
}

/// An amount in parts as the weights are to each other, which add up to it: each is rounded down,
/// and what is left goes to the largest remainders, one unit each, of equal ones to the first.
/// `None` if the weights are nothing.
fn apportioned(amount: i128, weights: &[i128]) -> Option<Vec<i128>> {
    let whole = amount.unsigned_abs();
    let total = weights.iter().try_fold(0_u128, |sum, w| sum.checked_add(w.unsigned_abs()))?;
    // Weights as fine as their products with the amount fit.
    let coarse = total / (u128::MAX / whole.max(1)).max(1) + 1;
    let weights: Vec<u128> = weights.iter().map(|w| w.unsigned_abs() / coarse).collect();
    let total: u128 = weights.iter().sum();
    if total == 0 {
        return None;
    }
    let mut parts: Vec<u128> = weights.iter().map(|w| whole * w / total).collect();
    let left = whole - parts.iter().sum::<u128>();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    by_remainder.sort_by_key(|at| std::cmp::Reverse(whole * weights[*at] % total));
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

    #[test]
    fn every_column_has_one_source() {
        for mapped in MAPPING {
            let lists = [&ZERO[..], &NONE, &MOVED, &OF_USAGE];
            assert!(
                lists.iter().filter(|l| l.contains(&mapped.column)).count() <= 1,
                "{}",
                mapped.column
            );
        }
        for name in ZERO
            .iter()
            .chain(&NONE)
            .chain(&MOVED)
            .chain(&OF_USAGE)
            .chain(&KEY)
            .chain(&NARROWER)
            .chain([&KIND])
        {
            assert!(MAPPING.iter().any(|m| m.column == *name), "{name}");
        }
    }
}
