//! Data set of the rows, and data that a file does not contain.

use polars::prelude::*;

use super::amounts::{
    COST, PURCHASE, QUANTITY, REFUND, UNUSED, USAGE, committed, is, number, prepared,
};
use super::details::CostDetails;
use super::names::Column as Of;
use super::types::{Dataset, Role, message};
use super::{documents, rules, tables};
use crate::rows;

/// Data that a file does not contain, or that could not be read.
pub struct Incomplete {
    /// Sentence: which figure is affected, how, and what to do.
    pub what: &'static str,
    /// Frame with one row: the number of affected line items.
    count: LazyFrame,
}

impl Incomplete {
    /// Returns the number of affected line items; 0 if the file is not affected. Scans the file.
    ///
    /// # Errors
    /// Errors of polars.
    pub fn line_items(&self) -> PolarsResult<u64> {
        numbers(self.count.clone()).map(|n| n.first().copied().unwrap_or_default())
    }
}

/// Returns the counts of a frame with one row.
fn numbers(counts: LazyFrame) -> PolarsResult<Vec<u64>> {
    let frame = rows::collect(counts)?;
    // A sum over no rows is null, or 0.
    frame
        .columns()
        .iter()
        .map(|c| Ok(c.cast(&DataType::UInt64)?.u64()?.get(0).unwrap_or_default()))
        .collect()
}

fn count(condition: Expr) -> Expr {
    condition.fill_null(lit(false)).cast(DataType::UInt64).sum()
}

const ACTUAL_ALONE: &str = "EffectiveCost lacks the cost of commitments: the actual export has \
    usage covered by reservations and savings plans at 0 and their purchases only in BilledCost; \
    read the amortized export together with this one";
const AMORTIZED_ALONE: &str = "BilledCost lacks the purchases of commitments: the amortized \
    export has no purchases of reservations and savings plans; read the actual export together \
    with this one";
/// Maximum share of commitment-covered usage with a cost in the actual data set, in percent of the
/// usage without a cost. Chosen: in the amortized data set, all such usage has a cost.
const DUST_PCT: u64 = 10;
const UNITS: &str = "unknown units of measure are used unchanged, as single units";
const TAGS: &str = "tags that are not a JSON object are skipped";

impl CostDetails {
    /// Determines the data set of the rows. In the amortized one, usage covered by commitments has
    /// a cost, and unused parts are separate rows. In the actual one, such usage costs 0, and there
    /// are purchases.
    ///
    /// # Errors
    /// Errors of polars; and if the rows are from both: usage would count twice.
    pub fn dataset(&self, raw: LazyFrame) -> PolarsResult<Dataset> {
        let used = || committed().and(is(&[USAGE]));
        let costs = || col(COST).neq(number("0"));
        let counts = [
            count(committed().and(is(&[UNUSED]))).alias("unused"),
            count(used().and(costs())).alias("paid"),
            count(used().and(costs().not()).and(col(QUANTITY).neq(number("0")))).alias("free"),
            count(committed().and(is(&[PURCHASE, REFUND]))).alias("bought"),
        ];
        let counts = numbers(prepared(self, raw).select(counts))?;
        let [unused, paid, free, bought] = counts.as_slice() else {
            return Ok(Dataset::WithoutCommitments);
        };
        // Usage covered by a commitment sometimes costs a billionth, where Azure rounds.
        let is_dust = *unused == 0 && paid * 100 < free * DUST_PCT;
        if !is_dust && *paid > 0 && free >= paid && *bought > 0 {
            polars_bail!(
                ComputeError: "one file has rows of both the actual and the amortized data set \
                    ({paid} of usage paid by commitments with a cost, {free} without, {bought} \
                    purchases), so usage would count twice: put each data set into its own file"
            );
        }
        Ok(match (unused + paid, free + bought) {
            (0, 0) => Dataset::WithoutCommitments,
            (0, _) => Dataset::Actual,
            _ if is_dust => Dataset::Actual,
            _ => Dataset::Amortized,
        })
    }

    /// Returns the data that the rows lack in this role, and the data that could not be read, as
    /// sentences. [`Incomplete::line_items`] shows which of them apply.
    #[must_use]
    pub fn incomplete(&self, raw: LazyFrame, role: Role) -> Vec<Incomplete> {
        let order = self.date_order(raw.clone()).map_err(|e| message(&e));
        let of_role = rules::Rows { details: self, role, order };
        let unpaired = rules::is_paired(&of_role).not();
        let alone = match role {
            Role::Alone(Dataset::Actual) => Some((ACTUAL_ALONE, count(committed()))),
            Role::Alone(Dataset::Amortized) => {
                Some((AMORTIZED_ALONE, count(committed().and(is(&[USAGE, UNUSED])))))
            }
            Role::Alone(Dataset::WithoutCommitments) => None,
            // Rows without an account of their own, such as unused parts, can be in the other data
            // set under another key.
            Role::PurchasesOfActual => {
                Some((ACTUAL_ALONE, count(committed().and(is(&[USAGE])).and(unpaired))))
            }
            Role::AmortizedOfPair => {
                Some((AMORTIZED_ALONE, count(committed().and(is(&[USAGE])).and(unpaired))))
            }
        };
        let unknown =
            |[unit]: [Option<&str>; 1]| unit.filter(|u| tables::unit(u).is_none()).map(|_| 1);
        let unknown_units = count(rows::codes([self.text(Of::Unit)], unknown).is_not_null());
        let unreadable =
            |[tags]: [Option<&str>; 1]| tags.filter(|t| documents::is_unreadable(t)).map(|_| 1);
        let unreadable_tags = count(rows::codes([self.text(Of::Tags)], unreadable).is_not_null());
        let rows = self.rows_of(raw, &of_role);
        let incomplete = |(what, count): (&'static str, Expr)| Incomplete {
            what,
            count: rows.clone().select([count]),
        };
        alone
            .into_iter()
            .chain([(UNITS, unknown_units), (TAGS, unreadable_tags)])
            .map(incomplete)
            .collect()
    }
}
