//! [`Amortized`]: commitments whose usage carries their cost, determined from the bill.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::*;

use crate::focus::expr::kernel;
use crate::focus::kernels::decimal_type;
use crate::focus::memo;
use crate::focus::text::is_null_text;

/// `CommitmentDiscountId`s of usage that carries the cost of its commitment. Empty before the
/// search; shared by all clones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Amortized(Arc<Mutex<Arc<BTreeSet<String>>>>);

/// Returns the order of an Azure reservation, which purchases name:
/// `/providers/microsoft.capacity/reservationorders/ORDER` of `…/reservations/ID`. Source:
/// microsoft/finops-toolkit, conformance-full-report.md.
fn order_of(id: &str) -> Option<&str> {
    let (order, _) = id.split_once("/reservations/")?;
    order.contains("/reservationorders/").then_some(order)
}

impl Amortized {
    fn ids(&self) -> Arc<BTreeSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns whether a commitment is in the set. Usage may name a reservation of the order that
    /// the purchase names.
    pub(super) fn has(&self, id: Expr) -> Expr {
        let this = self.clone();
        kernel(id, DataType::Boolean, move |cells| {
            let ids = this.ids();
            let (texts, name) = (cells.str()?, cells.name().clone());
            // The set is empty in the first pass.
            let found = if ids.is_empty() {
                BooleanChunked::full(name, false, texts.len())
            } else {
                BooleanChunked::from_slice(name, &memo::each(texts, |id| ids.contains(id)))
            };
            Ok(found.into_series().into_column())
        })
    }

    /// Returns the line items that prove it, from batches of canonical columns: usage with an
    /// effective cost and no billed cost, because the purchase paid for it.
    fn proof() -> Expr {
        let zero = || lit(0).cast(decimal_type());
        let is_paid_before = col("BilledCost").eq(zero()).and(col("EffectiveCost").gt(zero()));
        col("ChargeCategory")
            .eq(lit("Usage"))
            .and(is_paid_before)
            .and(col("CommitmentDiscountId").is_not_null())
    }

    /// Searches the bill for these commitments. Returns whether there are any.
    ///
    /// # Errors
    /// The engine's error.
    pub(crate) fn look(
        &self,
        batches: impl Iterator<Item = PolarsResult<LazyFrame>>,
    ) -> PolarsResult<bool> {
        let mut ids = BTreeSet::new();
        for batch in batches {
            let found = batch?
                .filter(Self::proof())
                .group_by([col("CommitmentDiscountId")])
                .agg([len()])
                .collect()?;
            for id in found
                .column("CommitmentDiscountId")?
                .str()?
                .iter()
                .flatten()
                .filter(|id| !is_null_text(id))
            {
                ids.extend(order_of(id).map(ToOwned::to_owned));
                ids.insert(id.to_owned());
            }
        }
        let any = !ids.is_empty();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(ids);
        Ok(any)
    }

    /// Clears the set.
    pub(crate) fn reset(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Arc::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reservation_has_an_order() {
        let order = "/providers/microsoft.capacity/reservationorders/aa";
        assert_eq!(order_of(&format!("{order}/reservations/bb")), Some(order));
        assert_eq!(order_of("arn:aws:ec2:us-east-1:1:reserved-instances/x"), None);
    }
}
