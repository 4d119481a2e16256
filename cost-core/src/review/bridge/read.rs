//! Reads the bridge's families from the roll-up.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};

use polars::prelude::Expr;
use rust_decimal::Decimal;

use super::super::span::{Period, Span};
use super::super::types::{Bridge, BridgePart};
use super::family::{Family, Line, Sku};
use super::sku::{PARTS, Parts, Used};
use crate::cells::days_since_1970;
use crate::cloud::{Metered, Provider, cloud};
use crate::money::{Currency, Money, MoneyError, decimal_from_scaled};
use crate::rollup::{Amounts, QueryError, Rollup, days_in, is_used};

/// Columns of a line. [`TAG`] is the place of the tag column, if there is one.
const KEYS: [&str; 7] = [
    "SubAccountId",
    "ServiceName",
    "RegionId",
    "ProviderName",
    "SkuMeter",
    "PricingUnit",
    "PricingCategory",
];
/// Positions in [`KEYS`].
const ACCOUNT: usize = 0;
const PROVIDER: usize = 3;
const METER: usize = 4;
const UNIT: usize = 5;
const PRICING: usize = 6;
/// Position of the tag value after [`KEYS`].
const TAG: usize = 7;
/// Most days with cost in a month for a charge that does not depend on the number of days. Two, as
/// for charges that occur once a month (ADR 0039).
const ONCE_DAYS: u32 = 2;

/// Scope of a family: the values of the dimensions that bridges are shown by.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in super::super) struct Place {
    /// `SubAccountId`.
    pub(in super::super) account: Option<String>,
    /// `ServiceName`.
    pub(in super::super) service: Option<String>,
    /// `RegionId`.
    pub(in super::super) region: Option<String>,
    /// `ProviderName`.
    pub(in super::super) provider: Option<String>,
    /// Value of the tag, if the families are by tag.
    pub(in super::super) tag: Option<String>,
}

/// Change of charges of one scope: of a family of usage, or of another kind of charge.
#[derive(Clone, Debug)]
pub(in super::super) struct FamilyParts {
    /// Scope.
    pub(in super::super) place: Place,
    /// Amounts of the previous month and of this one.
    pub(in super::super) amounts: [Decimal; 2],
    /// Parts of the change; they add up to it.
    pub(in super::super) parts: Parts,
    /// Whether it is usage: a family, or unused commitments.
    pub(in super::super) is_usage: bool,
    /// Usage types with their amounts; empty for other charges.
    pub(in super::super) skus: Vec<(String, [Decimal; 2])>,
}

/// All changes between two months.
#[derive(Clone, Debug)]
pub(in super::super) struct Families {
    /// Families and other charges, by key.
    pub(in super::super) all: Vec<FamilyParts>,
    /// Whether new and removed resources are known.
    pub(in super::super) by_resource: bool,
    /// SKUs with cost on one or two days of each month that has them.
    once: BTreeSet<Key>,
}

type Key = Vec<Option<String>>;
/// Sums of both months, and the effect of exchange rates on the first.
type Sums = BTreeMap<Key, ([Option<Amounts>; 2], Decimal)>;

/// Input of a bridge.
struct Months<'a> {
    rollup: &'a Rollup,
    /// Previous month and this one.
    periods: [Period; 2],
    keys: Vec<&'a str>,
}

impl Families {
    /// Reads the changes from the previous month.
    pub(in super::super) fn read(
        rollup: &Rollup,
        (span, last_month): (&Span, Period),
    ) -> Result<Self, QueryError> {
        let months = Months { rollup, periods: [last_month, span.this], keys: KEYS.to_vec() };
        let once = months.once()?;
        let (all, by_resource) = months.changes(&once)?;
        Ok(Self { all, by_resource, once })
    }

    /// Reads the same changes, separated by the values of a tag, too; `column` is that of the tag.
    pub(in super::super) fn by_tag(
        &self,
        rollup: &Rollup,
        (span, last_month): (&Span, Period),
        column: &str,
    ) -> Result<Vec<FamilyParts>, QueryError> {
        let keys = KEYS.into_iter().chain([column]).collect();
        let months = Months { rollup, periods: [last_month, span.this], keys };
        Ok(months.changes(&self.once)?.0)
    }
}

impl Months<'_> {
    /// Returns all changes, and whether new and removed resources are known.
    fn changes(&self, once: &BTreeSet<Key>) -> Result<(Vec<FamilyParts>, bool), QueryError> {
        let by_resource = self.periods.iter().all(|p| p.until == p.month.end());
        let mut lines = self.lines()?;
        if by_resource {
            self.add_resources(&mut lines)?;
        } else {
            alone(&mut lines);
        }
        let mut all = self.families(lines, once)?;
        self.others(&mut all)?;
        Ok((all, by_resource))
    }

    /// Returns the sums of both months that match a filter. The previous month is at this month's
    /// exchange rates; the effect of the rates is the third value.
    fn sums(&self, keys: &[&str], filter: &Expr) -> Result<Sums, QueryError> {
        let mut all = Sums::new();
        for (at, period) in self.periods.iter().enumerate() {
            let of = filter.clone().and(period.is_charge_day());
            for (key, amounts) in self.rollup.cube.sum_map(keys, of)? {
                all.entry(key).or_default().0[at] = Some(amounts);
            }
        }
        if let Some(exchange) = &self.rollup.exchange {
            let months = (self.periods[0].month, self.periods[1].month);
            let of = filter.clone().and(self.periods[0].is_charge_day());
            for (key, (_, effective)) in exchange.part_of_rates(months, keys, &of)? {
                if let Some((sums, rates)) = all.get_mut(&key)
                    && let Some(last) = &mut sums[0]
                {
                    last.effective = last.effective.try_add(effective)?;
                    *rates = effective.amount();
                }
            }
        }
        Ok(all)
    }

    /// Returns the lines of usage.
    fn lines(&self) -> Result<BTreeMap<Key, (Line, Decimal)>, QueryError> {
        let used = |amounts: Option<Amounts>| {
            amounts.map_or(Used::NOTHING, |a| Used {
                cost: a.effective.amount(),
                quantity: a.quantity,
            })
        };
        let line = |(key, (sums, rates)): (Key, ([Option<Amounts>; 2], Decimal))| {
            (key, (Line { all: sums.map(used), only: [Used::NOTHING; 2] }, rates))
        };
        Ok(self.sums(&self.keys, &is_used())?.into_iter().map(line).collect())
    }

    /// Adds to the lines the usage of resources that only one of the months has. Charges without
    /// `ResourceId` count as one resource per SKU.
    fn add_resources(&self, lines: &mut BTreeMap<Key, (Line, Decimal)>) -> Result<(), QueryError> {
        let days = self.periods.map(|p| days_since_1970(p.month.first_day()));
        let month = |day: i32| days.iter().position(|d| *d == day);
        // Without a tag, a column that is ignored.
        let tag = self.keys.get(TAG).copied().unwrap_or(KEYS[ACCOUNT]);
        let columns: [&str; TAG + 2] = std::array::from_fn(|at| match at {
            TAG => tag,
            at => KEYS.get(at).copied().unwrap_or("ResourceId"),
        });
        let id = |keys: &[Option<&str>; 9]| match keys[TAG + 1] {
            // Without a tag, its place has the account.
            Some(resource) => hash(&[keys[ACCOUNT], keys[TAG], Some(resource)]),
            None => hash(&[&keys[..PRICING], &keys[TAG..=TAG]].concat()),
        };
        let [last, this] = self.periods.map(|p| p.month);
        let of = is_used().and(days_in("ChargeMonth", last.first_day(), this.end()));
        let mut seen: HashMap<u128, u8> = HashMap::new();
        self.rollup.resources.each(columns, of.clone(), |row| {
            if let Some(at) = month(row.month) {
                *seen.entry(id(&row.keys)).or_default() |= 1 << at;
            }
            Ok::<_, QueryError>(())
        })?;
        self.rollup.resources.each(columns, of, |row| {
            let Some(at) = month(row.month) else { return Ok(()) };
            if seen.get(&id(&row.keys)) != Some(&(1 << at)) {
                return Ok(());
            }
            let key: Key =
                row.keys[..self.keys.len()].iter().map(|k| k.map(str::to_owned)).collect();
            let Some((line, _)) = lines.get_mut(&key) else { return Ok(()) };
            let quantity = row.quantity.map(decimal_from_scaled).transpose()?;
            let of = Used { cost: decimal_from_scaled(row.effective)?, quantity };
            line.only[at] = line.only[at].plus(of).ok_or(MoneyError::Overflow)?;
            Ok::<_, QueryError>(())
        })?;
        // At this month's exchange rates, as the rest of the line.
        for (line, rates) in lines.values_mut().filter(|(_, rates)| !rates.is_zero()) {
            let at_rates = line.all[0].cost;
            if at_rates.checked_sub(*rates) == Some(line.only[0].cost) {
                line.only[0].cost = at_rates;
                continue;
            }
            let share = at_rates
                .checked_sub(*rates)
                .and_then(|as_converted| at_rates.checked_div(as_converted));
            let cost = share.and_then(|share| line.only[0].cost.checked_mul(share));
            line.only[0].cost = cost.unwrap_or(line.only[0].cost);
        }
        Ok(())
    }

    /// Returns the changes of the families.
    fn families(
        &self,
        lines: BTreeMap<Key, (Line, Decimal)>,
        once: &BTreeSet<Key>,
    ) -> Result<Vec<FamilyParts>, QueryError> {
        let mut families: BTreeMap<Key, BTreeMap<String, Found>> = BTreeMap::new();
        for (key, (line, rates)) in lines {
            let provider = Provider::of(key[PROVIDER].as_deref());
            let meter = key[METER].clone().unwrap_or_default();
            let kind = cloud(provider).kind(Metered::new(provider, &meter)).to_owned();
            let mut family = key.clone();
            (family[METER], family[PRICING]) = (Some(kind), None);
            let sku = families.entry(family).or_default().entry(meter).or_default();
            sku.is_once |= once.contains(&key[..PRICING]);
            sku.rates = sku.rates.saturating_add(rates);
            sku.sku.lines.push(line);
        }
        families.into_iter().map(|(key, skus)| self.family(&key, skus)).collect()
    }

    fn family(&self, key: &Key, found: BTreeMap<String, Found>) -> Result<FamilyParts, QueryError> {
        let is_fixed =
            key[UNIT].as_deref().is_some_and(is_per_month) || found.values().all(|f| f.is_once);
        let days = if is_fixed {
            [Decimal::ONE; 2]
        } else {
            self.periods.map(|p| Decimal::from(p.days().max(1)))
        };
        let rates = found.values().fold(Decimal::ZERO, |sum, f| sum.saturating_add(f.rates));
        let (meters, skus): (Vec<String>, Vec<Found>) = found.into_iter().unzip();
        let family = Family { skus: skus.iter().map(|f| f.sku.clone()).collect() };
        let (_, mut parts) = family.change(days);
        parts[BridgePart::ExchangeRate.index()] = rates;
        let mut amounts = [Decimal::ZERO; 2];
        let mut of_skus = Vec::new();
        for (meter, of) in meters.into_iter().zip(&skus) {
            let mut own = [Decimal::ZERO; 2];
            for line in &of.sku.lines {
                for (sum, used) in own.iter_mut().zip(line.all) {
                    *sum = sum.checked_add(used.cost).ok_or(MoneyError::Overflow)?;
                }
            }
            own[0] = own[0].checked_sub(of.rates).ok_or(MoneyError::Overflow)?;
            for (sum, own) in amounts.iter_mut().zip(own) {
                *sum = sum.checked_add(own).ok_or(MoneyError::Overflow)?;
            }
            of_skus.push((meter, own));
        }
        Ok(FamilyParts { place: place(key), amounts, parts, is_usage: true, skus: of_skus })
    }

    /// Returns the SKUs with cost on one or two days of each month that has them.
    fn once(&self) -> Result<BTreeSet<Key>, QueryError> {
        let mut keys = self.keys[..PRICING].to_vec();
        keys.push("ChargeDay");
        let mut most: BTreeMap<Key, u32> = BTreeMap::new();
        for period in self.periods {
            let mut days: BTreeMap<Key, u32> = BTreeMap::new();
            let of = is_used().and(period.is_charge_day());
            for mut group in self.rollup.cube.sum_by(&keys, of)? {
                if !group.amounts.effective.amount().is_zero() {
                    group.keys.truncate(PRICING);
                    *days.entry(group.keys).or_default() += 1;
                }
            }
            for (key, count) in days {
                let of = most.entry(key).or_default();
                *of = (*of).max(count);
            }
        }
        Ok(most.into_iter().filter(|(_, days)| *days <= ONCE_DAYS).map(|(key, _)| key).collect())
    }

    /// Adds the changes of unused commitments and of charges that are no usage.
    fn others(&self, all: &mut Vec<FamilyParts>) -> Result<(), QueryError> {
        let mut keys = self.keys.clone();
        (keys[METER], keys[UNIT]) = ("ChargeCategory", "ChargeClass");
        keys[PRICING] = "CommitmentDiscountStatus";
        let filter = is_used().not();
        for (key, (sums, rates)) in self.sums(&keys, &filter)? {
            let cost =
                |at: usize| sums[at].as_ref().map_or(Decimal::ZERO, |a| a.effective.amount());
            let [last, this] = [cost(0), cost(1)];
            let mut parts = [Decimal::ZERO; PARTS];
            let part = part_of(key[METER].as_deref(), key[UNIT].as_deref());
            parts[part.index()] = this.checked_sub(last).ok_or(MoneyError::Overflow)?;
            parts[BridgePart::ExchangeRate.index()] = rates;
            let last = last.checked_sub(rates).ok_or(MoneyError::Overflow)?;
            all.push(FamilyParts {
                place: place(&key),
                amounts: [last, this],
                parts,
                is_usage: part == BridgePart::UnusedCommitments,
                skus: Vec::new(),
            });
        }
        Ok(())
    }
}

/// SKU of a family.
#[derive(Debug, Default)]
struct Found {
    sku: Sku,
    /// Effect of exchange rates on the previous month.
    rates: Decimal,
    /// Whether it has cost on one or two days of a month only.
    is_once: bool,
}

/// Without resources, usage of a SKU that only one of the months has is new or gone.
fn alone(lines: &mut BTreeMap<Key, (Line, Decimal)>) {
    let mut seen: BTreeMap<Key, [bool; 2]> = BTreeMap::new();
    let sku = |key: &Key| {
        let mut sku = key.clone();
        sku[PRICING] = None;
        sku
    };
    for (key, (line, _)) in lines.iter() {
        let of = seen.entry(sku(key)).or_default();
        for (has, used) in of.iter_mut().zip(line.all) {
            *has |= used != Used::NOTHING;
        }
    }
    for (key, (line, _)) in lines.iter_mut() {
        match seen.get(&sku(key)) {
            Some([true, false]) => line.only[0] = line.all[0],
            Some([false, true]) => line.only[1] = line.all[1],
            _ => {}
        }
    }
}

/// Returns whether a `PricingUnit` is per month, so that its quantity does not depend on the number
/// of days: `GB-Mo`, `GB-Month`, `IOPS-Months`.
fn is_per_month(unit: &str) -> bool {
    let last = unit.rsplit(['-', ' ', '/']).next().unwrap_or(unit);
    ["mo", "month", "months"].iter().any(|name| last.eq_ignore_ascii_case(name))
}

/// Returns the part of charges that are no usage, or are unused commitments.
fn part_of(category: Option<&str>, class: Option<&str>) -> BridgePart {
    match (category, class) {
        (_, Some(_)) => BridgePart::Refunds,
        (Some("Usage"), None) => BridgePart::UnusedCommitments,
        (Some("Purchase"), None) => BridgePart::Purchases,
        (Some("Credit"), None) => BridgePart::Credits,
        (Some("Tax"), None) => BridgePart::Taxes,
        (Some("Adjustment"), None) => BridgePart::Adjustments,
        _ => BridgePart::NotSeparable,
    }
}

fn place(key: &Key) -> Place {
    let [account, service, region, provider] = [0, 1, 2, PROVIDER].map(|at| key[at].clone());
    Place { account, service, region, provider, tag: key.get(TAG).cloned().flatten() }
}

/// Returns a hash that tells resources apart: two of 64 bits, so that a collision among a billion
/// is unlikely (1 in 10²⁰).
fn hash(texts: &[Option<&str>]) -> u128 {
    let half = |seed: u8| {
        let mut hasher = DefaultHasher::new();
        seed.hash(&mut hasher);
        texts.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

/// Returns the bridge of families.
pub(in super::super) fn bridge<'a>(
    all: impl IntoIterator<Item = &'a FamilyParts>,
    currency: Currency,
) -> Result<Bridge, MoneyError> {
    let mut amounts = [Decimal::ZERO; 2];
    let mut parts = [Decimal::ZERO; PARTS];
    for of in all {
        let sums = amounts.iter_mut().chain(&mut parts);
        for (sum, amount) in sums.zip(of.amounts.iter().chain(&of.parts)) {
            *sum = sum.checked_add(*amount).ok_or(MoneyError::Overflow)?;
        }
    }
    let [last, this] = amounts.map(|amount| Money::new(amount, currency));
    Bridge::new(last, this, parts.map(|amount| Money::new(amount, currency)))
}
