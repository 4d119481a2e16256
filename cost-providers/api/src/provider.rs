//! [`Provider`]: where the parts of an estate come from.

use std::collections::BTreeSet;

use cost_core::focus::Part;
use cost_core::table::Table;
use polars::prelude::DataFrame;

use crate::{Capability, Known, ProviderError, Pulling, RequestPlan, RequestsMade, Steps};

/// Where the bill, and tables of an estate, come from. Which of them is declared:
/// [`Provider::capabilities`].
///
/// A provider is opened by its [`ProviderConfig`](crate::ProviderConfig). Progress, logs and limits
/// are no part of it: they are a [`Layer`](crate::Layer) around it.
pub trait Provider: Send + Sync {
    /// Its name, as configuration and logs say it: `aws`.
    fn name(&self) -> &str;

    /// Where the bill comes from, for messages.
    fn describe(&self) -> String;

    /// What it can tell. All else is refused.
    fn capabilities(&self) -> BTreeSet<Capability>;

    /// The paid requests that a pull of all it can tell would make now; by default none.
    fn plan(&self) -> RequestPlan {
        RequestPlan::default()
    }

    /// The requests that were made so far, by operation; by default none.
    fn requests(&self) -> Vec<RequestsMade> {
        Vec::new()
    }

    /// The charges, lazy: columns of FOCUS, of any version that is read
    /// ([`cost_core::focus::columns`]), grain one row a charge.
    fn bill<'a>(&'a self, steps: &'a Steps) -> Pulling<'a, Vec<Part>>;

    /// The rows of a table of an estate, for what is known.
    fn table<'a>(
        &'a self,
        table: &'static Table,
        known: &'a Known,
        steps: &'a Steps,
    ) -> Pulling<'a, DataFrame>;
}

/// The answer of a provider that is asked for what it has not declared.
#[must_use]
pub fn refused<'a, T: Send + 'a>(provider: &str, what: &str) -> Pulling<'a, T> {
    let error = ProviderError::NotOffered { provider: provider.to_owned(), what: what.to_owned() };
    Box::pin(async { Err(error) })
}
