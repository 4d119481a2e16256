//! [`Joined`]: several providers as one.

use std::collections::BTreeSet;

use cost_core::focus::Part;
use cost_core::table::Table;
use polars::prelude::DataFrame;

use crate::{Capability, Known, Provider, Pulling, RequestPlan, RequestsMade, Steps, refused};

/// Several providers as one: the first provider that supports a capability is used. For example, a
/// bill from files can be combined with the inventory of a cloud.
pub struct Joined {
    name: String,
    all: Vec<Box<dyn Provider>>,
}

impl Joined {
    /// Combines providers, in order of precedence.
    #[must_use]
    pub fn new(all: Vec<Box<dyn Provider>>) -> Self {
        let names: Vec<&str> = all.iter().map(|one| one.name()).collect();
        Self { name: names.join("+"), all }
    }

    /// Returns the provider that is used for a capability.
    fn that(&self, can: Capability) -> Option<&dyn Provider> {
        self.all.iter().find(|one| one.capabilities().contains(&can)).map(|one| &**one)
    }
}

impl Provider for Joined {
    fn name(&self) -> &str {
        &self.name
    }

    fn describe(&self) -> String {
        self.that(Capability::Billing).map_or_else(|| self.name.clone(), Provider::describe)
    }

    fn capabilities(&self) -> BTreeSet<Capability> {
        self.all.iter().flat_map(|one| one.capabilities()).collect()
    }

    fn plan(&self) -> RequestPlan {
        // Of a capability that several providers support, only the first one is asked.
        let is_sent = |one: &dyn Provider, of: Capability| {
            self.that(of).is_some_and(|used| std::ptr::addr_eq(used, one))
        };
        let planned = self.all.iter().flat_map(|one| {
            one.plan().0.into_iter().filter(move |p| is_sent(&**one, p.capability))
        });
        RequestPlan(planned.collect())
    }

    fn requests(&self) -> Vec<RequestsMade> {
        self.all.iter().flat_map(|one| one.requests()).collect()
    }

    fn bill<'a>(&'a self, steps: &'a Steps) -> Pulling<'a, Vec<Part>> {
        match self.that(Capability::Billing) {
            Some(one) => one.bill(steps),
            None => refused(&self.name, "bills"),
        }
    }

    fn table<'a>(
        &'a self,
        table: &'static Table,
        known: &'a Known,
        steps: &'a Steps,
    ) -> Pulling<'a, DataFrame> {
        match Capability::of(table).and_then(|can| self.that(can)) {
            Some(one) => one.table(table, known, steps),
            None => refused(&self.name, table.label),
        }
    }
}
