//! Calls of the engine on files that may be damaged, so that a panic of it becomes an error.
//!
//! The engine trusts what a Parquet file says of itself. On damaged files it can panic, in whatever
//! thread it works.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::*;

/// What scans run on: the streaming engine if the `streaming` feature is on.
pub(crate) const ENGINE: Engine =
    if cfg!(feature = "streaming") { Engine::Streaming } else { Engine::InMemory };

static INSIDE: AtomicUsize = AtomicUsize::new(0);

/// What `call` gives, or an error if it panics.
///
/// # Errors
/// Those of `call`, and [`PolarsError::ComputeError`] if it panics.
pub fn shield<T>(call: impl FnOnce() -> PolarsResult<T>) -> PolarsResult<T> {
    INSIDE.fetch_add(1, Ordering::SeqCst);
    let done = catch_unwind(AssertUnwindSafe(call));
    INSIDE.fetch_sub(1, Ordering::SeqCst);
    done.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        let text = text.and_then(|t| t.lines().next()).unwrap_or("no reason given");
        Err(polars_err!(ComputeError: "its contents are damaged, or of a kind that cannot be read ({text}): fetch it again"))
    })
}

/// Whether a call is under way: a panic is then an error of its input, and needs no message of its
/// own.
#[must_use]
pub fn is_inside() -> bool {
    INSIDE.load(Ordering::SeqCst) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        let failed = shield::<()>(|| panic!("range end index 9 out of range"));
        assert!(failed.expect_err("an error").to_string().contains("range end index 9"));
        assert_eq!(shield(|| Ok(3)).expect("a value"), 3);
    }
}
