//! [`Layer`]: wrapper around a provider.

use std::collections::BTreeSet;

use cost_core::focus::Part;
use cost_core::table::Table;
use polars::prelude::DataFrame;

use crate::{Capability, Known, Provider, Pulling, RequestPlan, RequestsMade, Steps};

/// Wrapper around a provider: it sees each pull before it starts, and its result. By default it
/// changes nothing.
pub trait Layer: Send + Sync {
    /// Pulls the bill of a provider.
    fn bill<'a>(&'a self, of: &'a dyn Provider, steps: &'a Steps) -> Pulling<'a, Vec<Part>> {
        of.bill(steps)
    }

    /// Pulls a table of a provider.
    fn table<'a>(
        &'a self,
        of: &'a dyn Provider,
        table: &'static Table,
        known: &'a Known,
        steps: &'a Steps,
    ) -> Pulling<'a, DataFrame> {
        of.table(table, known, steps)
    }
}

/// Provider within a layer. It is a provider itself, so layers can be combined.
pub struct Layered<L> {
    inner: Box<dyn Provider>,
    layer: L,
}

impl<L: Layer> Layered<L> {
    /// Puts a provider into a layer.
    #[must_use]
    pub fn new(inner: Box<dyn Provider>, layer: L) -> Self {
        Self { inner, layer }
    }
}

impl<L: Layer> Provider for Layered<L> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn describe(&self) -> String {
        self.inner.describe()
    }

    fn capabilities(&self) -> BTreeSet<Capability> {
        self.inner.capabilities()
    }

    fn plan(&self) -> RequestPlan {
        self.inner.plan()
    }

    fn requests(&self) -> Vec<RequestsMade> {
        self.inner.requests()
    }

    fn bill<'a>(&'a self, steps: &'a Steps) -> Pulling<'a, Vec<Part>> {
        self.layer.bill(&*self.inner, steps)
    }

    fn table<'a>(
        &'a self,
        table: &'static Table,
        known: &'a Known,
        steps: &'a Steps,
    ) -> Pulling<'a, DataFrame> {
        self.layer.table(&*self.inner, table, known, steps)
    }
}

impl dyn Provider {
    /// Puts the provider into a layer.
    #[must_use]
    pub fn within(self: Box<Self>, layer: impl Layer + 'static) -> Box<dyn Provider> {
        Box::new(Layered::new(self, layer))
    }
}
