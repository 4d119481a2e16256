//! Credits: which ones reduce the cost of usage, which ones are payments, and their totals.
//!
//! `cost` is before credits; the invoice is Σ `cost` + Σ `credits.amount`. Discounts are netted
//! into the charge they are for. Promotions are a form of payment, and become separate rows; so do
//! credits of unknown types, as Google's own reports show them next to promotions.
//!
//! Source: Cloud Billing documentation, "Structure of Detailed data export", `credits.type`, and
//! the query of the console's report "Cost breakdown" (types by group). Read 2026-11.

use std::collections::BTreeMap;

use cost_core::focus::quote_cell;
use cost_core::focus::text::{self, is_null_text};
use polars::prelude::*;

use super::nested::{Records, exact_texts};
use crate::rows::as_type;

/// Credit types that reduce the price of usage.
const DISCOUNTS: &[&str] = &[
    "COMMITTED_USAGE_DISCOUNT",
    "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE",
    "DISCOUNT",
    "FEE_UTILIZATION_OFFSET",
    "FREE_TIER",
    "RESELLER_MARGIN",
    "SPENDING_BASED_DISCOUNT",
    "SUBSCRIPTION_BENEFIT",
    "SUSTAINED_USAGE_DISCOUNT",
];
/// Credit types that are payments.
const PAYMENTS: &[&str] = &["CREDIT_TYPE_UNSPECIFIED", "PROMOTION"];
/// Resource-based and legacy spend-based commitments: usage at its on-demand price, and a credit
/// for the covered usage.
const COVERING: &[&str] = &["COMMITTED_USAGE_DISCOUNT", "COMMITTED_USAGE_DISCOUNT_DOLLAR_BASE"];
/// Used part of a spend-based commitment, on the row of its fee.
const OFFSET: &str = "FEE_UTILIZATION_OFFSET";

/// Fields of a row after credits.
pub(super) mod field {
    /// `cost` + Σ discounts, decimal; null if `cost` is null.
    pub(in super::super) const BILLED: &str = "billed";
    /// Σ credits that are payments, decimal.
    pub(in super::super) const PAID: &str = "paid";
    /// Whether a credit of a commitment covers some of the usage.
    pub(in super::super) const COVERED: &str = "covered";
    /// Whether a credit offsets the fee of a commitment.
    pub(in super::super) const OFFSET: &str = "offset";
    /// Whether a credit has an unknown type, or none.
    pub(in super::super) const UNKNOWN: &str = "unknown";
    /// Whether an amount has digits beyond 12 decimal places, which are rounded half-even.
    pub(in super::super) const ROUNDED: &str = "rounded";
    /// Discounts by type, a JSON object of amounts.
    pub(in super::super) const DISCOUNTS: &str = "discounts";
    /// Credits that are payments by type, a JSON object of amounts.
    pub(in super::super) const PAYMENTS: &str = "payments";
    /// Names of the credits that are payments.
    pub(in super::super) const NAMES: &str = "names";
}

fn money() -> DataType {
    DataType::Decimal(38, 12)
}

fn settled_type() -> DataType {
    let field = |name: &str, dtype: DataType| Field::new(name.into(), dtype);
    let flag = |name: &str| field(name, DataType::Boolean);
    let words = |name: &str| field(name, DataType::String);
    DataType::Struct(vec![
        field(field::BILLED, money()),
        field(field::PAID, money()),
        flag(field::COVERED),
        flag(field::OFFSET),
        flag(field::UNKNOWN),
        flag(field::ROUNDED),
        words(field::DISCOUNTS),
        words(field::PAYMENTS),
        words(field::NAMES),
    ])
}

/// Returns the totals of `cost` and `credits` of each row: a struct of [`field`]s. An amount that
/// is not a number fails the scan. A credit without an amount counts as 0, as in SQL.
pub(super) fn settled(cost: Expr, credits: Expr) -> Expr {
    let kernel = |columns: &mut [Column]| {
        let costs = exact_texts(columns[0].as_materialized_series())?;
        let credits = Records::of(&columns[1], &["type", "amount", "name", "full_name"])?;
        let height = credits.height();
        let mut out = Settled::default();
        for at in 0..height {
            let cost = costs.get(if costs.len() == 1 { 0 } else { at });
            let Some(records) = credits.row(at) else {
                let cell = columns[1].cast(&DataType::String)?;
                let shown = quote_cell(cell.str()?.get(at).unwrap_or_default());
                polars_bail!(ComputeError: "column credits: {shown} is not a list of credits");
            };
            let mut row = Row::default();
            row.cost = amount("cost", cost, &mut row.rounded)?;
            for record in records {
                let get = |field: usize| {
                    credits.get(record, field).map(str::trim).filter(|t| !t.is_empty())
                };
                let Some(amount) = amount("credits", get(1), &mut row.rounded)? else { continue };
                let kind = get(0).unwrap_or_default().to_ascii_uppercase();
                row.add(&kind, amount, get(3).or(get(2)))?;
            }
            out.push(row)?;
        }
        out.finish(columns[0].name().clone(), height)
    };
    cost.map_many(kernel, &[credits], as_type(settled_type()))
}

/// Returns an amount in 10⁻¹² units.
fn amount(column: &str, cell: Option<&str>, rounded: &mut bool) -> PolarsResult<Option<i128>> {
    let Some(cell) = cell.filter(|cell| !is_null_text(cell)) else { return Ok(None) };
    let scaled = text::decimal(cell).ok_or_else(
        || polars_err!(ComputeError: "column {column}: {} is not an amount such as 1234.5 or 4E-7", quote_cell(cell)),
    )?;
    *rounded |= scaled.rounded;
    Ok(Some(scaled.value))
}

#[derive(Default)]
struct Row {
    cost: Option<i128>,
    rounded: bool,
    unknown: bool,
    discounts: BTreeMap<String, i128>,
    payments: BTreeMap<String, i128>,
    names: Vec<String>,
}

impl Row {
    fn add(&mut self, kind: &str, amount: i128, name: Option<&str>) -> PolarsResult<()> {
        let discount = DISCOUNTS.contains(&kind);
        self.unknown |= !discount && !PAYMENTS.contains(&kind);
        if !discount && let Some(name) = name.filter(|name| !self.names.iter().any(|n| n == name)) {
            self.names.push(name.to_owned());
        }
        let sums = if discount { &mut self.discounts } else { &mut self.payments };
        let kind = if kind.is_empty() { "CREDIT_TYPE_UNSPECIFIED" } else { kind };
        let sum = sums.entry(kind.to_owned()).or_default();
        *sum = add(*sum, amount)?;
        Ok(())
    }
}

fn add(a: i128, b: i128) -> PolarsResult<i128> {
    a.checked_add(b).ok_or_else(|| polars_err!(ComputeError: "the sum of credits is too large"))
}

fn sum(amounts: &BTreeMap<String, i128>) -> PolarsResult<i128> {
    amounts.values().try_fold(0, |sum, amount| add(sum, *amount))
}

/// Returns a JSON object of amounts as decimal text; `None` if there are none.
fn by_type(amounts: &BTreeMap<String, i128>) -> Option<String> {
    let texts: BTreeMap<&str, String> =
        amounts.iter().map(|(k, v)| (k.as_str(), plain(*v))).collect();
    if texts.is_empty() { None } else { serde_json::to_string(&texts).ok() }
}

/// Returns an amount in 10⁻¹² units as plain decimal text.
fn plain(amount: i128) -> String {
    let (whole, fraction) =
        (amount.unsigned_abs() / 10_u128.pow(12), amount.unsigned_abs() % 10_u128.pow(12));
    let digits = format!("{whole}.{fraction:012}");
    let digits = digits.trim_end_matches('0').trim_end_matches('.');
    format!("{}{digits}", if amount < 0 { "-" } else { "" })
}

/// Columns of [`field`]s, filled row by row.
#[derive(Default)]
struct Settled {
    billed: Vec<Option<i128>>,
    paid: Vec<Option<i128>>,
    flags: [Vec<bool>; 4],
    texts: [Vec<Option<String>>; 3],
}

impl Settled {
    fn push(&mut self, row: Row) -> PolarsResult<()> {
        let discounts = sum(&row.discounts)?;
        let covered = COVERING.iter().any(|kind| row.discounts.contains_key(*kind));
        let offset = row.discounts.contains_key(OFFSET);
        self.billed.push(row.cost.map(|cost| add(cost, discounts)).transpose()?);
        self.paid.push(Some(sum(&row.payments)?));
        for (flags, flag) in self.flags.iter_mut().zip([covered, offset, row.unknown, row.rounded])
        {
            flags.push(flag);
        }
        let names = (!row.names.is_empty()).then(|| row.names.join(", "));
        for (texts, text) in
            self.texts.iter_mut().zip([by_type(&row.discounts), by_type(&row.payments), names])
        {
            texts.push(text);
        }
        Ok(())
    }

    fn finish(self, name: PlSmallStr, height: usize) -> PolarsResult<Column> {
        let decimals = |values: Vec<Option<i128>>| {
            let values: Int128Chunked = values.into_iter().collect();
            values.into_decimal_unchecked(38, 12).into_series()
        };
        let mut fields = vec![decimals(self.billed), decimals(self.paid)];
        fields.extend(
            self.flags.into_iter().map(|f| f.into_iter().collect::<BooleanChunked>().into_series()),
        );
        fields.extend(
            self.texts.into_iter().map(|t| t.into_iter().collect::<StringChunked>().into_series()),
        );
        let names = [
            field::BILLED,
            field::PAID,
            field::COVERED,
            field::OFFSET,
            field::UNKNOWN,
            field::ROUNDED,
            field::DISCOUNTS,
            field::PAYMENTS,
            field::NAMES,
        ];
        for (field, name) in fields.iter_mut().zip(names) {
            field.rename(name.into());
        }
        Ok(StructChunked::from_series(name, height, fields.iter())?.into_series().into_column())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_plainly() {
        let units = [1, -1_500_000_000_000, 0, 12_000_000_000_000, -40_000_000_000_000_000];
        assert_eq!(units.map(plain), ["0.000000000001", "-1.5", "0", "12", "-40000"]);
    }

    #[test]
    fn each_type_is_in_one_list() {
        assert!(DISCOUNTS.windows(2).all(|w| w[0] < w[1]));
        assert!(PAYMENTS.iter().all(|p| !DISCOUNTS.contains(p)));
        assert!(COVERING.iter().chain([&OFFSET]).all(|c| DISCOUNTS.contains(c)));
    }
}
