//! Line items and cost changed by the rules of [`crate::focus::repair`].

use std::borrow::Cow;

use polars::prelude::*;

use super::sums::MEASURED;
use crate::focus::repair::{RULES, Repair, place};
use crate::money::{Currency, Money, MoneyError};

/// Line items and cost in 10⁻¹² units, by rule.
#[derive(Default)]
pub(super) struct Repairs([(u64, i128); 32]);

impl Repairs {
    /// Adds a batch: the rules of each line item, one bit each, and its amounts after repair.
    #[inline]
    pub(super) fn add(&mut self, masks: &UInt32Chunked, amounts: &[Cow<'_, [i128]>; MEASURED]) {
        if masks.max().unwrap_or(0) == 0 {
            return;
        }
        for (row, mask) in masks.iter().enumerate() {
            let mut rules = mask.unwrap_or(0);
            while rules != 0 {
                let at = rules.trailing_zeros();
                rules &= rules - 1;
                let cost = amounts[0][row].saturating_abs().max(amounts[1][row].saturating_abs());
                if let Some(of) = usize::try_from(at).ok().and_then(|at| self.0.get_mut(at)) {
                    *of = (of.0 + 1, of.1.saturating_add(cost));
                }
            }
        }
    }

    /// Returns the number of line items that a rule applied to.
    pub(super) fn count(&self, rule: &str) -> u64 {
        place(rule).and_then(|at| self.0.get(at)).map_or(0, |(rows, _)| *rows)
    }

    /// Adds the counts of another part.
    pub(super) fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine = (mine.0 + theirs.0, mine.1.saturating_add(theirs.1));
        }
    }

    /// Returns the repairs that changed anything.
    ///
    /// # Errors
    /// [`MoneyError`] if a cost does not fit into 28 digits.
    pub(super) fn report(&self, currency: Currency) -> Result<Vec<Repair>, MoneyError> {
        let some = RULES.iter().zip(&self.0).filter(|(_, (rows, _))| *rows > 0);
        let report = some.map(|(rule, (rows, cost))| {
            Ok(Repair {
                rule: rule.id.to_owned(),
                what: rule.what.to_owned(),
                source: rule.source.to_owned(),
                in_doubt: rule.only_reports(),
                line_items: *rows,
                cost: Money::from_scaled(*cost, currency)?,
            })
        });
        report.collect()
    }
}
