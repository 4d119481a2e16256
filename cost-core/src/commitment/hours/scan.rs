//! One scan of the line items, added up by the hour.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fnv::FnvHashMap;
use polars::prelude::*;
use rust_decimal::Decimal;

use super::{CoveredUsage, HourlyUsage, OwnedHours, UsageLine, Window};
use crate::cloud::{Metered, Provider, account_of_id, cloud};
use crate::focus::text::is_null_text;
use crate::focus::{CHARGE_START, FocusError, FocusFrame, kernel};
use crate::money::{MoneyError, decimal_from_scaled};
use crate::rollup::scaled;
use crate::shield::ENGINE;
use crate::shield::shield;

const HOUR_US: i64 = 3_600_000_000;
/// From units of 10⁻¹² to those of quantities, 10⁻¹⁰.
const PER_QUANTITY: i128 = 100;

const END: &str = "ChargePeriodEnd";
const RESOURCE: &str = "resource that is told apart";
/// Key columns besides the hours.
const KEYS: [&str; 10] = [
    "SubAccountId",
    "RegionId",
    "SkuMeter",
    "x_Operation",
    RESOURCE,
    "ProviderName",
    "CommitmentDiscountId",
    "CommitmentDiscountType",
    "CommitmentDiscountStatus",
    "PricingCategory",
];
/// Places in [`KEYS`].
const OF_LINE: std::ops::Range<usize> = 0..6;
const PROVIDER: usize = 5;
const ID: usize = 6;
const TYPE: usize = 7;
const STATUS: usize = 8;
const CATEGORY: usize = 9;

const AMOUNTS: [&str; 4] = ["PricingQuantity", "ListCost", "ContractedCost", "EffectiveCost"];

type Texts = [Option<String>; KEYS.len()];

/// A group over all hours.
#[derive(Default)]
struct Group {
    /// Quantities by the hour, in 10⁻¹².
    quantities: Vec<i128>,
    effective_by_hour: Vec<i128>,
    sums: [i128; AMOUNTS.len()],
    unknown: [bool; AMOUNTS.len()],
}

/// Usage by the hour. Usage of `apart` resources has lines of its own. Corrections and spot are left out.
///
/// Memory is bounded by lines × hours.
///
/// # Errors
/// [`FocusError`]: a cell that does not decode, or a sum that does not fit.
pub fn hourly(frame: &FocusFrame, window: Window, apart: &BTreeSet<String>) -> Result<HourlyUsage, FocusError> {
    let mut scan = Scan { window, groups: BTreeMap::new(), spread: 0 };
    shield(|| scan.all(frame, apart)).map_err(|e| frame.explain(&e))?;
    scan.finish().map_err(|source| FocusError::Money { origin: frame.label().to_owned(), source })
}

struct Scan {
    window: Window,
    groups: BTreeMap<Texts, Group>,
    spread: u64,
}

impl Scan {
    fn all(&mut self, frame: &FocusFrame, apart: &BTreeSet<String>) -> PolarsResult<()> {
        let us = |day: chrono::NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros();
        let (from, until) = (us(self.window.from), us(self.window.until));
        let empty = |name: &str| col(name).is_null().or(col(name).eq(lit("")));
        let of_window = col(CHARGE_START).cast(DataType::Int64).lt(lit(until)).and(
            col(END)
                .cast(DataType::Int64)
                .fill_null(col(CHARGE_START).cast(DataType::Int64) + lit(HOUR_US))
                .gt(lit(from)),
        );
        let wanted = col("ChargeCategory")
            .eq(lit("Usage"))
            .and(col("ChargeClass").is_null().or(col("ChargeClass").neq(lit("Correction"))))
            .and(
                empty("PricingCategory")
                    .or(col("PricingCategory").neq(lit("Dynamic")))
                    .or(empty("CommitmentDiscountId").not()),
            )
            .and(of_window);
        let apart: Arc<BTreeSet<String>> = Arc::new(apart.clone());
        let resource = kernel(col("ResourceId"), DataType::String, move |ids| told_apart(ids, &apart)).alias(RESOURCE);
        let keys: Vec<Expr> = [CHARGE_START, END].into_iter().chain(KEYS).map(col).collect();
        let sums = AMOUNTS.iter().map(|name| col(*name).sum());
        let nulls = AMOUNTS.iter().map(|name| col(*name).null_count().gt(lit(0)).alias(format!("{name} unknown")));
        let aggregates: Vec<Expr> = sums.chain(nulls).chain([len().alias("items")]).collect();
        for batch in frame.batches() {
            let rows = batch?.filter(wanted.clone()).with_columns([resource.clone()]);
            let grouped = rows.group_by(keys.clone()).agg(aggregates.clone());
            self.add(&grouped.collect_with_engine(ENGINE)?.unwrap_single())?;
        }
        Ok(())
    }

    fn add(&mut self, found: &DataFrame) -> PolarsResult<()> {
        let instants = |name: &str| found.column(name)?.cast(&DataType::Int64);
        let (starts, ends) = (instants(CHARGE_START)?, instants(END)?);
        let (starts, ends) = (starts.i64()?, ends.i64()?);
        let texts = KEYS.iter().map(|k| found.column(k)?.str()).collect::<PolarsResult<Vec<_>>>()?;
        let amounts = AMOUNTS.iter().map(|name| scaled(found.column(name)?)).collect::<PolarsResult<Vec<_>>>()?;
        let nulls = AMOUNTS.iter().map(|name| found.column(&format!("{name} unknown"))?.bool());
        let nulls = nulls.collect::<PolarsResult<Vec<_>>>()?;
        let items = found.column("items")?.cast(&DataType::UInt64)?;
        let items = items.u64()?;
        // The same key comes once an hour: rows are sorted out by what their cells say before anything is copied.
        let mut rows: FnvHashMap<[Option<&str>; KEYS.len()], Vec<usize>> = FnvHashMap::default();
        for row in 0..found.height() {
            let key = std::array::from_fn(|at| texts[at].get(row).filter(|t| !is_null_text(t)));
            rows.entry(key).or_default().push(row);
        }
        for (key, rows) in rows {
            if !is_wanted(&key) {
                continue;
            }
            let group = self.groups.entry(key.map(|t| t.map(str::to_owned))).or_default();
            group.quantities.resize(self.window.hours(), 0);
            group.effective_by_hour.resize(self.window.hours(), 0);
            for row in rows {
                let amount = std::array::from_fn(|at| amounts[at][row]);
                for (known, null) in group.unknown.iter_mut().zip(&nulls) {
                    *known |= null.get(row).unwrap_or_default();
                }
                let Some(start) = starts.get(row) else { continue };
                let end = ends.get(row).unwrap_or(start.saturating_add(HOUR_US));
                if group.spread(self.window, (start, end), amount)? > 1 {
                    self.spread = self.spread.saturating_add(items.get(row).unwrap_or_default());
                }
            }
        }
        Ok(())
    }

    fn finish(self) -> Result<HourlyUsage, MoneyError> {
        let mut owned: BTreeMap<String, OwnedHours> = BTreeMap::new();
        for (key, group) in &self.groups {
            let Some(id) = &key[ID] else { continue };
            let account = account_of_id(id)
                .map(str::to_owned)
                .or_else(|| key[0].clone().filter(|_| key[STATUS].as_deref() == Some("Unused")));
            let of = owned.entry(id.clone()).or_insert_with(|| OwnedHours {
                id: id.clone(),
                kind: String::new(),
                provider: Provider::of(key[PROVIDER].as_deref()),
                account: None,
                cost: vec![0; self.window.hours()],
            });
            if of.kind.is_empty() {
                of.kind = key[TYPE].clone().unwrap_or_default();
            }
            of.account = of.account.take().or(account);
            for (sum, cost) in of.cost.iter_mut().zip(&group.effective_by_hour) {
                *sum = sum.checked_add(*cost).ok_or(MoneyError::Overflow)?;
            }
        }
        let places: BTreeMap<&str, usize> = owned.keys().enumerate().map(|(at, id)| (id.as_str(), at)).collect();
        let (lines, left_out) = lines(&self.groups, &places)?;
        Ok(HourlyUsage {
            window: self.window,
            lines,
            owned: owned.into_values().collect(),
            spread: self.spread,
            left_out,
        })
    }
}

/// Of what no commitment paid for, only what one could have.
fn is_wanted(key: &[Option<&str>; KEYS.len()]) -> bool {
    let provider = Provider::of(key[PROVIDER]);
    key[ID].is_some() || key[2].is_some_and(|usage| cloud(provider).is_coverable(Metered::new(provider, usage)))
}

/// Identifiers of the resources that are told apart; null for all others.
fn told_apart(ids: &Column, apart: &BTreeSet<String>) -> PolarsResult<Column> {
    let told: StringChunked = ids.str()?.iter().map(|id| id.filter(|id| apart.contains(*id))).collect();
    Ok(told.with_name(ids.name().clone()).into_series().into_column())
}

impl Group {
    /// Adds what a row says, evenly over the hours of its charge; gives how many those are.
    fn spread(&mut self, window: Window, (start, end): (i64, i64), amount: [i128; 4]) -> PolarsResult<i64> {
        let first = (start - window.start().timestamp_micros()).div_euclid(HOUR_US);
        let hours = (end - start + HOUR_US - 1).div_euclid(HOUR_US).max(1);
        let too_large = |at: usize| polars_err!(ComputeError: "the sum of {} does not fit", AMOUNTS[at]);
        for hour in 0..hours {
            let Some(at) = usize::try_from(first + hour).ok().filter(|at| *at < window.hours()) else { continue };
            for (of, amount) in amount.iter().enumerate() {
                // Quantities divide no finer than they are kept.
                let unit = if of == 0 { PER_QUANTITY } else { 1 };
                let mut part = part(amount.div_euclid(unit), i128::from(hour), i128::from(hours)) * unit;
                if hour == 0 {
                    part += amount.rem_euclid(unit);
                }
                self.sums[of] = self.sums[of].checked_add(part).ok_or_else(|| too_large(of))?;
                let series = match of {
                    0 => &mut self.quantities,
                    3 => &mut self.effective_by_hour,
                    _ => continue,
                };
                series[at] = series[at].checked_add(part).ok_or_else(|| too_large(of))?;
            }
        }
        Ok(hours)
    }
}

/// An hour's part of an amount: what does not divide is in the first hours, so that nothing is lost.
fn part(amount: i128, hour: i128, hours: i128) -> i128 {
    amount.div_euclid(hours) + i128::from(hour < amount.rem_euclid(hours))
}

/// The lines, and what is in none of them.
fn lines(
    groups: &BTreeMap<Texts, Group>,
    places: &BTreeMap<&str, usize>,
) -> Result<(Vec<UsageLine>, Vec<String>), MoneyError> {
    let mut by_line: BTreeMap<&[Option<String>], Vec<(&Texts, &Group)>> = BTreeMap::new();
    let (mut left_out, mut nameless) = (BTreeSet::new(), false);
    for (key, group) in groups {
        let is_committed = key[ID].is_some() || key[CATEGORY].as_deref() == Some("Committed");
        if key[STATUS].as_deref() == Some("Unused") {
            continue;
        }
        if is_committed && key[ID].is_none() {
            nameless = true;
            continue;
        }
        by_line.entry(&key[OF_LINE]).or_default().push((key, group));
    }
    if nameless {
        left_out.insert("usage that a commitment paid for, without CommitmentDiscountId".to_owned());
    }
    let mut lines = Vec::new();
    for (key, groups) in by_line {
        let usage_type = key[2].clone().unwrap_or_default();
        match line(key, &groups, places)? {
            Ok(line) => lines.extend(line),
            Err(why) => {
                left_out.insert(format!("{usage_type}: {why}"));
            }
        }
    }
    Ok((lines, left_out.into_iter().collect()))
}

/// A line of its groups; nothing if nothing was used, or why there is none.
type MaybeLine = Result<Option<UsageLine>, &'static str>;

fn line(
    key: &[Option<String>],
    groups: &[(&Texts, &Group)],
    places: &BTreeMap<&str, usize>,
) -> Result<MaybeLine, MoneyError> {
    let sum = |at: usize| -> Result<Option<Decimal>, MoneyError> {
        if groups.iter().any(|(_, g)| g.unknown[at]) {
            return Ok(None);
        }
        let sum = groups.iter().try_fold(0_i128, |sum, (_, g)| sum.checked_add(g.sums[at]));
        decimal_from_scaled(sum.ok_or(MoneyError::Overflow)?).map(Some)
    };
    let Some(quantity) = sum(0)? else { return Ok(Err("PricingQuantity is null")) };
    if quantity <= Decimal::ZERO {
        return Ok(Ok(None));
    }
    let each = |cost: Option<Decimal>| cost.and_then(|c| c.checked_div(quantity)).map(|p| p.round_dp(12));
    let (list, contracted) = (each(sum(1)?), each(sum(2)?));
    // Where the bill has neither, what was paid for what no commitment covered is the price on demand.
    let open: Vec<&Group> = groups.iter().filter(|(key, _)| key[ID].is_none()).map(|(_, group)| *group).collect();
    let of_open = |at: usize| open.iter().try_fold(0_i128, |sum, g| sum.checked_add(g.sums[at]));
    let paid = match (of_open(3), of_open(0)) {
        (Some(cost), Some(quantity)) => decimal_from_scaled(cost)?.checked_div(decimal_from_scaled(quantity)?),
        _ => None,
    };
    let price = contracted.or(list).or_else(|| paid.map(|p| p.round_dp(12)));
    let Some(on_demand_unit_price) = price.filter(|p| *p >= Decimal::ZERO) else {
        return Ok(Err("neither ContractedCost nor ListCost tells what it costs on demand"));
    };
    let hours = groups.first().map_or(0, |(_, g)| g.quantities.len());
    let mut quantities = Vec::with_capacity(hours);
    for hour in 0..hours {
        let sum = groups.iter().try_fold(0_i128, |sum, (_, g)| sum.checked_add(g.quantities[hour]));
        let sum = sum.ok_or(MoneyError::Overflow)?;
        // What is taken back later is not usage of that hour.
        quantities.push(i64::try_from(sum.max(0) / PER_QUANTITY).map_err(|_| MoneyError::Overflow)?);
    }
    let mut covered: BTreeMap<usize, CoveredUsage> = BTreeMap::new();
    for (key, group) in groups {
        let Some(at) = key[ID].as_deref().and_then(|id| places.get(id)) else { continue };
        let sum = covered.entry(*at).or_default();
        sum.quantity += decimal_from_scaled(group.sums[0])?;
        sum.effective += decimal_from_scaled(group.sums[3])?;
    }
    Ok(Ok(Some(UsageLine {
        account: key[0].clone().unwrap_or_default(),
        region: key[1].clone().unwrap_or_default(),
        usage_type: key[2].clone().unwrap_or_default(),
        provider: Provider::of(key[PROVIDER].as_deref()),
        operation: key[3].clone(),
        resource_id: key[4].clone(),
        list_unit_price: list,
        on_demand_unit_price,
        quantities,
        covered,
    })))
}
