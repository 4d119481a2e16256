//! Query engine calls on files that may be damaged: a panic of the engine becomes an error.
//!
//! The engine trusts the metadata of a Parquet file and can panic on damaged files, in any of its
//! threads. Providers call it through [`shield`]. A program with its own panic hook stays silent
//! while [`is_inside`] is true.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

use polars::prelude::*;

/// Engine for scans: the streaming engine if the `streaming` feature is on.
pub(crate) const ENGINE: Engine =
    if cfg!(feature = "streaming") { Engine::Streaming } else { Engine::InMemory };

static INSIDE: AtomicUsize = AtomicUsize::new(0);

/// Returns the result of `call`, or an error if it panics.
///
/// ```
/// use cost_core::shield::{is_inside, shield};
///
/// let hook = std::panic::take_hook();
/// std::panic::set_hook(Box::new(move |info| {
///     if !is_inside() {
///         hook(info);
///     }
/// }));
/// let error = shield::<()>(|| panic!("range end index 9 out of range")).expect_err("a panic");
/// assert!(error.to_string().contains("range end index 9"));
/// assert!(!is_inside());
/// ```
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
        Err(polars_err!(ComputeError: "its contents are damaged or not supported ({text}): fetch it again"))
    })
}

/// Returns whether a call of [`shield`] is running in any thread. A panic then becomes an error and
/// needs no message of its own.
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
