//! Memory budget: available memory, the share to use, and a child process with that limit (ADR
//! 0027).
//!
//! How much memory a file needs is unknown until it is read, and a failed allocation ends the
//! process at once. So the command runs in a child process with a limit, and the parent reports why
//! it ended.

#[cfg(target_os = "linux")]
mod machine;
#[cfg(target_os = "linux")]
mod messages;
mod size;
#[cfg(target_os = "linux")]
mod stdin;
#[cfg(target_os = "linux")]
mod supervise;
#[cfg(target_os = "linux")]
mod threads;
mod work;

use std::path::Path;

pub(crate) use size::Size;
pub(crate) use work::Work;

/// Runs the command in a child process with at most `budget` of memory, by default a share of the
/// available memory. In that child, returns [`Work::Here`]. If the command reads stdin, the child
/// gets it as a file, because a bill is read more than once. `estate` is the folder that the command
/// writes: what a killed child leaves of it is removed.
#[cfg(target_os = "linux")]
pub(crate) fn within(budget: Option<Size>, reads_stdin: bool, estate: Option<&Path>) -> Work {
    supervise::within(budget, reads_stdin, estate)
}

/// Without Linux there is no budget: only Linux limits the private memory of a process.
#[cfg(not(target_os = "linux"))]
pub(crate) fn within(budget: Option<Size>, _: bool, _: Option<&Path>) -> Work {
    if budget.is_some() {
        crate::output::warn(
            "--memory has no effect on this system: only Linux limits the memory of a process",
        );
    }
    Work::Here
}

/// Disables core dumps of this process and its child: their memory contains bills and secrets.
#[cfg(target_os = "linux")]
pub(crate) fn no_core_dump() {
    use rlimit::{Resource, getrlimit, setrlimit};
    // If the limit cannot be set, a dump is as the system is configured.
    let _ = getrlimit(Resource::CORE).and_then(|(_, hard)| setrlimit(Resource::CORE, 0, hard));
}

/// Has no effect on this system.
#[cfg(not(target_os = "linux"))]
pub(crate) fn no_core_dump() {}
