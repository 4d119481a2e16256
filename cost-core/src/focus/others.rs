//! [`OtherCurrencies`]: counts of line items that are excluded because another currency was
//! requested.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::*;

use super::rows::FILE;
use super::text::is_null_text;
use crate::money::Currency;

/// Line items in other currencies than the requested one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExcludedLineItems {
    /// Number of line items, by `BillingCurrency`.
    pub line_items: BTreeMap<String, u64>,
    /// Files that contain them.
    pub files: BTreeSet<String>,
}

/// The line items in one currency, and [`ExcludedLineItems`] of scans so far, which all clones
/// share.
#[derive(Clone, Debug)]
pub(super) struct OtherCurrencies {
    wanted: Currency,
    excluded: Arc<Mutex<ExcludedLineItems>>,
}

impl OtherCurrencies {
    /// Those of all currencies but one.
    pub(super) fn than(wanted: Currency) -> Self {
        Self { wanted, excluded: Arc::default() }
    }

    /// Returns the requested currency.
    pub(super) fn wanted(&self) -> Currency {
        self.wanted
    }

    /// Returns the line items excluded so far.
    pub(super) fn so_far(&self) -> ExcludedLineItems {
        self.excluded.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Clears the counts. Called before each scan.
    pub(super) fn reset(&self) {
        *self.excluded.lock().unwrap_or_else(PoisonError::into_inner) =
            ExcludedLineItems::default();
    }

    /// Returns a filter for line items in the currency, or without a currency, which a roll-up then
    /// refuses. Counts the others.
    pub(super) fn filter(&self) -> Expr {
        let own = self.clone();
        let output = |_: &Schema, _: &[Field]| Ok(Field::new("wanted".into(), DataType::Boolean));
        col("BillingCurrency").map_many(move |columns| own.mask(columns), &[col(FILE)], output)
    }

    fn mask(&self, columns: &[Column]) -> PolarsResult<Column> {
        let [currencies, files] = columns else {
            polars_bail!(ComputeError: "a currency and a file are looked at")
        };
        let wanted = self.wanted.to_string();
        let mut found = ExcludedLineItems::default();
        let mask: BooleanChunked = {
            let mut is_wanted = |(currency, file): (Option<&str>, Option<&str>)| {
                let Some(other) = currency.filter(|c| *c != wanted && !is_null_text(c)) else {
                    return true;
                };
                match found.line_items.get_mut(other) {
                    Some(count) => *count += 1,
                    None => _ = found.line_items.insert(other.to_owned(), 1),
                }
                if let Some(file) = file.filter(|f| !found.files.contains(*f)) {
                    found.files.insert(file.to_owned());
                }
                false
            };
            let files = files.str()?;
            // A file that is the same for all rows may come as one cell.
            let one = (files.len() == 1).then(|| files.get(0)).flatten();
            let rows = currencies.str()?.iter().enumerate();
            rows.map(|(row, currency)| Some(is_wanted((currency, one.or_else(|| files.get(row))))))
                .collect()
        };
        if !found.line_items.is_empty() {
            let mut all = self.excluded.lock().unwrap_or_else(PoisonError::into_inner);
            for (currency, count) in found.line_items {
                *all.line_items.entry(currency).or_default() += count;
            }
            all.files.extend(found.files);
        }
        Ok(mask.with_name("wanted".into()).into_column())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_other_currencies_is_counted_by_currency_and_file() {
        let others = OtherCurrencies::than("EUR".parse().expect("a currency"));
        let rows = df!(
            "BillingCurrency" => [Some("EUR"), Some("USD"), Some("GBP"), Some("USD"), None, Some("")],
            FILE => ["a.csv", "a.csv", "b.csv", "b.csv", "c.csv", "c.csv"],
        );
        let rows =
            rows.expect("a frame").lazy().filter(others.filter()).collect().expect("filtered");
        assert_eq!(rows.height(), 3);
        let excluded = others.so_far();
        let counts: Vec<(&str, u64)> =
            excluded.line_items.iter().map(|(c, n)| (c.as_str(), *n)).collect();
        assert_eq!(counts, [("GBP", 1), ("USD", 2)]);
        assert_eq!(excluded.files.into_iter().collect::<Vec<_>>(), ["a.csv", "b.csv"]);
        others.reset();
        assert_eq!(others.so_far(), ExcludedLineItems::default());
    }
}
