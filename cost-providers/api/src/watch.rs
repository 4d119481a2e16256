//! [`Watch`]: layer that receives the progress of a pull.

use cost_core::focus::Part;
use cost_core::table::Table;
use polars::prelude::DataFrame;

use crate::{Known, Layer, Provider, Pulling, Steps};

/// Layer that receives the progress of a pull, such as for a progress bar.
pub struct Watch(Steps);

impl Watch {
    /// Creates a layer that reports each step to `listener`: the current part of the pull, the
    /// number of its steps that are done, and the total.
    #[must_use]
    pub fn new(listener: impl Fn(&str, usize, usize) + Send + Sync + 'static) -> Self {
        Self(Steps::default().and(listener))
    }
}

impl Layer for Watch {
    fn bill<'a>(&'a self, of: &'a dyn Provider, steps: &'a Steps) -> Pulling<'a, Vec<Part>> {
        Box::pin(async move { of.bill(&self.0.with(steps)).await })
    }

    fn table<'a>(
        &'a self,
        of: &'a dyn Provider,
        table: &'static Table,
        known: &'a Known,
        steps: &'a Steps,
    ) -> Pulling<'a, DataFrame> {
        Box::pin(async move { of.table(table, known, &self.0.with(steps)).await })
    }
}
