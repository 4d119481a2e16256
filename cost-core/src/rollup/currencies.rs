//! Bills in several currencies: each currency has its own roll-up, and amounts in different
//! currencies are never added.

use std::collections::BTreeSet;

use super::coverage::Coverage;
use super::options::RollUpOptions;
use super::outlying::outlying;
use super::scan::{query_error, roll_up_with};
use super::types::Rollup;
use crate::focus::{FocusError, FocusFrame};
use crate::money::Currency;

/// Rolls up a bill as [`roll_up_with`] does, each `BillingCurrency` separately, ordered by currency
/// code, with the line items of each.
///
/// Duplicates and missing rows are searched in the entire bill. A bill in one currency is scanned
/// once; any other once, and once more per currency. All roll-ups have the days of the entire bill:
/// on days without charges in a currency, its cost is zero.
///
/// # Errors
/// As [`roll_up_with`], except for [`FocusError::MixedCurrency`].
pub fn roll_up_by_currency(
    frame: &FocusFrame,
    options: RollUpOptions,
) -> Result<Vec<(FocusFrame, Rollup)>, FocusError> {
    let currencies = match roll_up_with(frame, options) {
        Ok(rollup) => return Ok(vec![(frame.clone(), rollup)]),
        Err(FocusError::MixedCurrency { currencies, .. }) => currencies,
        Err(error) => return Err(error),
    };
    let of_currency = |currency: &Currency| {
        let charges = frame.of_currency(*currency)?;
        let rollup = roll_up_with(&charges, options)?;
        Ok::<_, FocusError>((charges, rollup))
    };
    let mut all = currencies.iter().map(of_currency).collect::<Result<Vec<_>, _>>()?;
    let have = |rollup: &Rollup| -> BTreeSet<String> {
        let some = rollup.files.iter().filter(|f| f.line_items.is_some_and(|n| n > 0));
        some.map(|f| f.path.clone()).collect()
    };
    let files: Vec<BTreeSet<String>> = all.iter().map(|(_, rollup)| have(rollup)).collect();
    for (at, (_, rollup)) in all.iter_mut().enumerate() {
        let others = files.iter().enumerate().filter(|(other, _)| *other != at);
        rollup.excluded.files = others.flat_map(|(_, files)| files.iter().cloned()).collect();
    }
    let coverage = Coverage::of_all(all.iter().map(|(_, rollup)| rollup.cube.coverage()));
    for (_, rollup) in &mut all {
        rollup.cube.set_coverage(coverage.clone());
        rollup.outlying =
            outlying(&rollup.cube, &rollup.days_of_files).map_err(|e| query_error(frame, e))?;
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;
    use crate::focus::{Origin, Part};
    use crate::rollup::roll_up;

    fn charges(currency: &str, category: &str) -> LazyFrame {
        df!(
            "BilledCost" => ["1", "1"], "EffectiveCost" => ["1", "1"], "BillingCurrency" => ["USD", currency],
            "BillingPeriodStart" => ["2026-05-01", "2026-05-01"], "ChargePeriodStart" => ["2026-05-01", "2026-05-02"],
            "ChargeCategory" => ["Usage", category], "BillingAccountId" => ["b", "b"], "ProviderName" => ["AWS", "AWS"],
            "ServiceName" => ["EC2", "EC2"]
        )
        .expect("columns of one length")
        .lazy()
    }

    /// Returns the message for a bill whose second part is derived from the first and has no file.
    fn said(currency: &str, category: &str) -> String {
        let file = Origin::of_frame("may.csv", charges("USD", "Usage")).expect("columns");
        let made = Origin::of_frame("", charges(currency, category)).expect("columns");
        let parts = vec![Part::from(file), Part { rows: made.rows, origins: Vec::new() }];
        let bill = FocusFrame::from_parts(parts, &[]).expect("a bill");
        roll_up(&bill).err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_is_wrong_with_charges_of_no_file_is_said_as_well() {
        let row = "charges made from may.csv, row 2, column ";
        for (currency, category, problem) in [
            ("USD", "Bogus", "ChargeCategory: `Bogus` is not one of"),
            ("EUR", "Usage", "BillingCurrency: `EUR` after `USD`"),
            (
                "euros",
                "Usage",
                "BillingCurrency: `euros` is not a three-letter ISO 4217 currency code",
            ),
        ] {
            let said = said(currency, category);
            assert!(said.starts_with(&format!("{row}{problem}")), "{said}");
        }
        assert_eq!(said("USD", "Usage"), "");
    }
}
