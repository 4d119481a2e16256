//! The memory budget: how much there is, how much of it is taken, and a process of its own that may
//! take no more (ADR 0027).
//!
//! What a file makes the program ask for cannot be known before it is read, and a request for
//! memory that fails ends the process at once. So the command runs in a child process with a limit,
//! and whoever started it is told why it ended.

#[cfg(target_os = "linux")]
mod machine;
mod size;
#[cfg(target_os = "linux")]
mod supervise;
mod work;

pub(crate) use size::Size;
pub(crate) use work::Work;

/// Has the command run by a child process that takes at most `budget`, by default a share of what
/// there is; or is that child.
#[cfg(target_os = "linux")]
pub(crate) fn within(budget: Option<Size>) -> Work {
    supervise::within(budget)
}

/// Only Linux limits what a process takes of memory and does not share: elsewhere there is no
/// budget.
#[cfg(not(target_os = "linux"))]
pub(crate) fn within(budget: Option<Size>) -> Work {
    if budget.is_some() {
        crate::output::warn(
            "--memory has no effect on this system: only Linux limits the memory of a process",
        );
    }
    Work::Here
}
