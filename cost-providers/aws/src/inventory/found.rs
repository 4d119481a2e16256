//! [`Found`]: result of a collection; and requests about each of many resources.

use cost_core::inventory::Resource;
use cost_provider_api::{CallError, Gap};
use futures::StreamExt;

/// Concurrent detail requests of one collection; the calls of one service are limited further.
const DETAILS_AT_A_TIME: usize = 8;

/// Result of a collection: resources, and gaps for details that could not be collected.
#[derive(Default)]
pub(super) struct Found {
    pub(super) rows: Vec<Resource>,
    pub(super) gaps: Vec<Gap>,
}

impl Found {
    /// Returns a detail. If it could not be collected, that is a gap, and the resource stays
    /// without it.
    pub(super) fn known<T>(&mut self, what: &str, answer: Result<T, CallError>) -> Option<T> {
        answer.map_err(|error| self.gaps.push(Gap::new(what, error))).ok()
    }
}

impl From<Vec<Resource>> for Found {
    fn from(rows: Vec<Resource>) -> Self {
        Self { rows, gaps: Vec::new() }
    }
}

/// Returns the rows of each of many. One that fails is a gap; the others remain.
pub(super) async fn rows_of_each<I, R, F>(
    what: &str,
    all: impl IntoIterator<Item = I>,
    ask: impl Fn(I) -> F,
) -> Found
where
    R: IntoIterator<Item = Resource>,
    F: Future<Output = Result<R, CallError>>,
{
    let mut found = Found::default();
    for answer in each(all, ask).await {
        let rows = found.known(what, answer);
        found.rows.extend(rows.into_iter().flatten());
    }
    found
}

/// Returns the answers about each of many, in order, a few requests at a time.
pub(super) async fn each<I, T, F>(all: impl IntoIterator<Item = I>, ask: impl Fn(I) -> F) -> Vec<T>
where
    F: Future<Output = T>,
{
    let asking: Vec<F> = all.into_iter().map(ask).collect();
    futures::stream::iter(asking).buffered(DETAILS_AT_A_TIME).collect().await
}
