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
        if let Some(words) = refused_by_system(text) {
            return Err(polars_err!(ComputeError: "{words}"));
        }
        Err(polars_err!(ComputeError: "its contents are damaged or not supported ({text}): fetch it again"))
    })
}

/// Returns what to do if a panic of the engine means that the system refused a thread, a file, or
/// memory; `None` for other panics. The engine names the error of the system by its number and text
/// (errno(3): `EAGAIN` 11, `ENOMEM` 12, `EMFILE` 24 on Linux).
#[must_use]
pub fn refused_by_system(panic: &str) -> Option<&'static str> {
    let says = |all: &[&str]| all.iter().any(|words| panic.contains(words));
    if says(&["code: 24,", "Too many open files"]) {
        Some(
            "the system allows too few open files: raise `ulimit -n`, or the limit of the container",
        )
    } else if says(&["code: 11,", "Resource temporarily unavailable"]) {
        Some(
            "the system allows no more threads: raise `ulimit -u` (processes), `ulimit -v` \
             (addresses), or the limits of the container, or set POLARS_MAX_THREADS=1",
        )
    } else if says(&["code: 12,", "Cannot allocate memory"]) {
        Some("the system has no more memory: raise `ulimit -v`, or the limit of the container")
    } else {
        None
    }
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

    #[test]
    fn a_panic_about_a_limit_of_the_system_says_what_to_raise() {
        let threads = "could not spawn threads: ThreadPoolBuildError { kind: IOError(Os { code: 11, \
                       kind: WouldBlock, message: \"Resource temporarily unavailable\" }) }";
        assert!(refused_by_system(threads).is_some_and(|words| words.contains("ulimit -u")));
        let files = "Os { code: 24, kind: Uncategorized, message: \"Too many open files\" }";
        assert!(refused_by_system(files).is_some_and(|words| words.contains("ulimit -n")));
        assert_eq!(refused_by_system("range end index 11 out of range"), None);
        let failed = shield::<()>(|| panic!("Os {{ code: 12, kind: OutOfMemory }}"));
        let text = failed.expect_err("an error").to_string();
        assert!(text.contains("ulimit -v") && !text.contains("damaged"), "{text}");
    }
}
