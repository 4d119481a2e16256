//! [`CostDetails`]: columns of one file, and expressions over them that are null if a column is
//! missing.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::dates::{self, DateOrder};
use super::names::{Column as Of, SPELLINGS, normal};
use super::pair_keys::Pairs;

/// Columns that identify Azure cost details, in any spelling.
const MARKS: [Of; 4] = [Of::Cost, Of::Date, Of::Quantity, Of::SubscriptionId];
/// One of these columns is also required.
const METERS: [Of; 3] = [Of::MeterId, Of::MeterCategory, Of::MeterName];
/// Headers (normal form) of FOCUS bills, which have some of the same names.
const FOCUS: [&str; 3] = ["billedcost", "effectivecost", "chargeperiodstart"];

/// Azure cost details (also "usage details"; data sets "actual" and "amortized"), by their headers:
/// of Enterprise Agreements, Microsoft Customer and Partner Agreements and pay-as-you-go, in all
/// versions; CSV or Parquet. Not the FOCUS export.
#[derive(Clone, Debug)]
pub struct CostDetails {
    /// Header and type of each column, in order of preference of spellings.
    headers: BTreeMap<Of, Vec<(String, DataType)>>,
    /// Order of day and month, if determined.
    order: Option<DateOrder>,
    /// Accounts, subscriptions, and days for which the other data set also exists.
    pairs: Pairs,
}

impl CostDetails {
    /// Returns the cost details of a table, if it is such a table.
    #[must_use]
    pub fn of(schema: &Schema) -> Option<Self> {
        let mut named: BTreeMap<String, (String, DataType)> = BTreeMap::new();
        for (header, dtype) in schema.iter() {
            named.entry(normal(header)).or_insert_with(|| (header.to_string(), dtype.clone()));
        }
        if FOCUS.iter().any(|name| named.contains_key(*name)) {
            return None;
        }
        let found = |(of, spellings): &(Of, &[&str])| {
            let headers: Vec<_> = spellings.iter().filter_map(|s| named.get(*s).cloned()).collect();
            (!headers.is_empty()).then_some((*of, headers))
        };
        let headers: BTreeMap<Of, Vec<(String, DataType)>> =
            SPELLINGS.iter().filter_map(found).collect();
        let has = |of: &Of| headers.contains_key(of);
        (MARKS.iter().all(has) && METERS.iter().any(has)).then_some(Self {
            headers,
            order: None,
            pairs: Pairs::default(),
        })
    }

    /// Returns the same with the order of day and month determined from all of `raw`, for files
    /// that are read in pieces. Otherwise [`CostDetails::charges`] determines it from the first of
    /// the given rows.
    ///
    /// # Errors
    /// Errors of polars; and if dates are ambiguous.
    pub fn with_dates_of(self, raw: LazyFrame) -> PolarsResult<Self> {
        let order = self.date_order(raw)?;
        Ok(Self { order, ..self })
    }

    /// Returns the order of day and month in these rows; `None` if no date needs it.
    ///
    /// # Errors
    /// See [`CostDetails::with_dates_of`].
    pub fn date_order(&self, raw: LazyFrame) -> PolarsResult<Option<DateOrder>> {
        let dates = [Of::Date, Of::PeriodStart, Of::PeriodEnd];
        let is_text = |of: &Of| {
            self.headers.get(of).into_iter().flatten().any(|(_, dtype)| *dtype == DataType::String)
        };
        if self.order.is_some() || !dates.iter().any(is_text) {
            return Ok(self.order);
        }
        dates::order_of(raw, dates.map(|of| self.text(of)))
    }

    /// Returns the same, together with the other data set, which exists for these keys.
    pub(crate) fn with_pairs(self, pairs: Pairs) -> Self {
        Self { pairs, ..self }
    }

    /// Returns the keys for which the other data set also exists.
    pub(super) fn pairs(&self) -> &Pairs {
        &self.pairs
    }

    /// Returns the order of day and month, if determined.
    #[must_use]
    pub fn order(&self) -> Option<DateOrder> {
        self.order
    }

    /// Returns the headers of its dates.
    #[must_use]
    pub fn date_columns(&self) -> Vec<String> {
        let dates = [Of::Date, Of::PeriodStart, Of::PeriodEnd];
        dates
            .iter()
            .filter_map(|of| self.headers.get(of))
            .flatten()
            .map(|(header, _)| header.clone())
            .collect()
    }

    /// Returns the headers of all columns that are used.
    #[must_use]
    pub fn columns(&self) -> Vec<String> {
        self.headers.values().flatten().map(|(header, _)| header.clone()).collect()
    }

    /// Returns whether the file has a column.
    pub(super) fn has(&self, of: Of) -> bool {
        self.headers.contains_key(&of)
    }

    /// Returns a text column, with its header; blank is null.
    pub(super) fn text(&self, of: Of) -> Expr {
        let headers = self.headers.get(&of).map(Vec::as_slice).unwrap_or_default();
        let texts = headers.iter().map(|(header, _)| {
            let text = col(header.as_str()).cast(DataType::String);
            when(text.clone().eq(lit(""))).then(lit(NULL)).otherwise(text)
        });
        let text =
            texts.reduce(Expr::fill_null).unwrap_or_else(|| lit(NULL).cast(DataType::String));
        headers.first().map_or(text.clone(), |(header, _)| text.alias(header.as_str()))
    }

    /// Returns a date column as in the file: text, or typed.
    pub(super) fn raw_date(&self, of: Of) -> Expr {
        match self.headers.get(&of).map(Vec::as_slice) {
            Some([(header, dtype)]) if *dtype != DataType::String => col(header.as_str()),
            _ => self.text(of),
        }
    }

    /// Returns the type for reading an amount or quantity: the original one, or text if several
    /// spellings differ.
    fn amount_type(&self, of: Of) -> DataType {
        let mut types = self.headers.get(&of).into_iter().flatten().map(|(_, dtype)| dtype.clone());
        let first = types.next().unwrap_or(DataType::String);
        if types.all(|t| t == first) { first } else { DataType::String }
    }

    /// Returns an amount or quantity as in the file. It is not decoded, so that the reader finds an
    /// invalid cell where its row is known.
    pub(super) fn amount(&self, of: Of) -> Expr {
        let dtype = self.amount_type(of);
        if dtype == DataType::String {
            return self.text(of);
        }
        let headers = self.headers.get(&of).into_iter().flatten();
        headers
            .map(|(header, _)| col(header.as_str()))
            .reduce(Expr::fill_null)
            .unwrap_or_else(|| lit(NULL).cast(dtype))
    }

    /// Returns zero, in the type of costs.
    pub(super) fn zero(&self) -> Expr {
        lit(0).cast(self.amount_type(Of::Cost))
    }
}
