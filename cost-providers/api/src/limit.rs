//! [`SpendLimit`]: the layer that stops a pull before it costs too much.

use std::sync::OnceLock;

use cost_core::focus::Part;
use cost_core::table::Table;
use polars::prelude::DataFrame;

use crate::{Known, Layer, OverLimit, Provider, ProviderError, Pulling, Steps};

/// The layer that stops a pull before its first request, if its paid requests would cost more than
/// a limit.
pub struct SpendLimit {
    cents: u32,
    /// What the plan costs is asked once: after that the pull is under way.
    judged: OnceLock<Result<(), OverLimit>>,
}

impl SpendLimit {
    /// At most this much, hundredths of a USD.
    #[must_use]
    pub fn of_cents(cents: u32) -> Self {
        Self { cents, judged: OnceLock::new() }
    }

    /// Whether the plan of a provider is within the limit.
    fn judge(&self, of: &dyn Provider) -> Result<(), ProviderError> {
        let judged = self.judged.get_or_init(|| {
            let plan = of.plan();
            let (requests, cents) = (plan.0.len(), plan.cents());
            if cents > self.cents { Err(OverLimit { requests, cents }) } else { Ok(()) }
        });
        judged.clone().map_err(ProviderError::from)
    }
}

impl Layer for SpendLimit {
    fn bill<'a>(&'a self, of: &'a dyn Provider, steps: &'a Steps) -> Pulling<'a, Vec<Part>> {
        Box::pin(async move {
            self.judge(of)?;
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
            self.judge(of)?;
            of.table(table, known, steps).await
        })
    }
}
