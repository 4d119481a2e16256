//! [`Found`]: what a collection found, and asking about each of many.

use cost_core::inventory::Resource;
use cost_provider_api::{CallError, Gap};
use futures::StreamExt;

/// Details asked for at a time by one collection; the calls of one service are held to fewer.
const DETAILS_AT_A_TIME: usize = 8;

/// What a collection found, and details of it that could not be had.
#[derive(Default)]
pub(super) struct Found {
    pub(super) rows: Vec<Resource>,
    pub(super) gaps: Vec<Gap>,
}

impl Found {
    /// What a detail is; if it could not be had, that is a gap, and the resource is kept without
    /// it.
    pub(super) fn known<T>(&mut self, what: &str, answer: Result<T, CallError>) -> Option<T> {
        answer.map_err(|error| self.gaps.push(Gap { what: what.to_owned(), error })).ok()
    }
}

impl From<Vec<Resource>> for Found {
    fn from(rows: Vec<Resource>) -> Self {
        Self { rows, gaps: Vec::new() }
    }
}

/// The rows of each of many; one that fails is a gap, and the others are kept.
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

/// Answers about each of many, in order, a few at a time.
pub(super) async fn each<I, T, F>(all: impl IntoIterator<Item = I>, ask: impl Fn(I) -> F) -> Vec<T>
where
    F: Future<Output = T>,
{
    let asking: Vec<F> = all.into_iter().map(ask).collect();
    futures::stream::iter(asking).buffered(DETAILS_AT_A_TIME).collect().await
}
