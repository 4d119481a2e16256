//! The asynchronous runtime: of calls to providers alone.

use std::future::Future;

use anyhow::Context;

/// Runs calls to a provider to their end.
pub(super) fn to_its_end<T>(calls: impl Future<Output = T>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    Ok(runtime.context("the asynchronous runtime cannot start")?.block_on(calls))
}
