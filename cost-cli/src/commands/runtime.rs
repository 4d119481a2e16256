//! Asynchronous runtime, used only for calls to providers.

use std::future::Future;

use anyhow::Context;

/// Runs calls to a provider to completion.
pub(super) fn to_its_end<T>(calls: impl Future<Output = T>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    Ok(runtime.context("cannot start the asynchronous runtime")?.block_on(calls))
}
