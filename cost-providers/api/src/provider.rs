//! [`Provider`]: source of the bill and the tables of an estate.

use std::collections::BTreeSet;

use cost_core::focus::Part;
use cost_core::table::Table;
use polars::prelude::DataFrame;

use crate::{Capability, Known, ProviderError, Pulling, RequestPlan, RequestsMade, Steps};

/// Source of the bill and of tables of an estate. [`Provider::capabilities`] declares which of them
/// it supports.
///
/// A provider is opened by its [`ProviderConfig`](crate::ProviderConfig). Progress, logs, and
/// limits are not part of it: they are [layers](crate::Layer) around it.
pub trait Provider: Send + Sync {
    /// Returns its name in configuration and logs: `aws`.
    fn name(&self) -> &str;

    /// Returns the source of the bill, for messages.
    fn describe(&self) -> String;

    /// Returns its capabilities. All other requests are refused.
    fn capabilities(&self) -> BTreeSet<Capability>;

    /// Returns the paid requests that a pull of all its data would send now; by default none.
    fn plan(&self) -> RequestPlan {
        RequestPlan::default()
    }

    /// Returns the requests that were sent so far, by operation; by default none.
    fn requests(&self) -> Vec<RequestsMade> {
        Vec::new()
    }

    /// Returns the charges, lazy: FOCUS columns of any supported version
    /// ([`cost_core::focus::columns`]), one row per charge.
    fn bill<'a>(&'a self, steps: &'a Steps) -> Pulling<'a, Vec<Part>>;

    /// Returns the rows of a table of an estate, for the known resources and usage.
    fn table<'a>(
        &'a self,
        table: &'static Table,
        known: &'a Known,
        steps: &'a Steps,
    ) -> Pulling<'a, DataFrame>;
}

/// Returns the error for a request of data that the provider has not declared.
#[must_use]
pub fn refused<'a, T: Send + 'a>(provider: &str, what: &str) -> Pulling<'a, T> {
    let error = ProviderError::NotOffered { provider: provider.to_owned(), what: what.to_owned() };
    Box::pin(async { Err(error) })
}
