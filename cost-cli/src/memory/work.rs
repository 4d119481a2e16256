//! [`Work`]: who runs the command.

use std::process::ExitCode;

/// Who does the work.
pub(crate) enum Work {
    /// This process.
    Here,
    /// A child process has done it, and ended like this.
    Done(ExitCode),
}
