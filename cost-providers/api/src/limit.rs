//! [`SpendLimit`]: layer that limits the price of a pull.

use std::sync::OnceLock;

use cost_core::focus::Part;
use cost_core::table::Table;
use polars::prelude::DataFrame;

use crate::{Known, Layer, OverLimit, Provider, ProviderError, Pulling, Steps};

/// Layer that stops a pull before its first request, if its paid requests would cost more than a
/// limit.
pub struct SpendLimit {
    cents: u32,
    /// Result of the check. The plan is checked once, before the pull starts.
    checked: OnceLock<Result<(), OverLimit>>,
}

impl SpendLimit {
    /// Creates a limit, in hundredths of a USD.
    #[must_use]
    pub fn of_cents(cents: u32) -> Self {
        Self { cents, checked: OnceLock::new() }
    }

    /// Checks the plan of a provider.
    fn check(&self, of: &dyn Provider) -> Result<(), ProviderError> {
        let checked = self.checked.get_or_init(|| {
            let plan = of.plan();
            let (requests, cents) = (plan.0.len(), plan.cents());
            if cents > self.cents { Err(OverLimit { requests, cents }) } else { Ok(()) }
        });
        checked.clone().map_err(ProviderError::from)
    }
}

impl Layer for SpendLimit {
    fn bill<'a>(&'a self, of: &'a dyn Provider, steps: &'a Steps) -> Pulling<'a, Vec<Part>> {
        Box::pin(async move {
            self.check(of)?;
            of.bill(steps).await
        })
    }

    fn table<'a>(
        &'a self,
        of: &'a dyn Provider,
        table: &'static Table,
        known: &'a Known,
        steps: &'a Steps,
    ) -> Pulling<'a, DataFrame> {
        Box::pin(async move {
            self.check(of)?;
            of.table(table, known, steps).await
        })
    }
}
