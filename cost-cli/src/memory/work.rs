//! [`Work`]: the process that runs the command.

use std::process::ExitCode;

/// Process that runs the command.
pub(crate) enum Work {
    /// This process.
    Here,
    /// A child process has run it and ended with this exit code.
    Done(ExitCode),
}
