//! Asynchronous runtime, used only for calls to providers.

use std::future::Future;

use anyhow::Context;

/// Threads for connections. The calls themselves run in the thread of the command. One, because
/// connections wait for the network, each thread takes memory, and the start waits without end if
/// the system allows only some of several threads (`tokio` 1.54: the panic about the one that
/// cannot be started waits for the others).
const THREADS: usize = 1;

/// Runs calls to a provider to completion.
pub(super) fn to_its_end<T>(calls: impl Future<Output = T>) -> anyhow::Result<T> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build();
    Ok(runtime.context("cannot start the asynchronous runtime")?.block_on(calls))
}
