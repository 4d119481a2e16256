//! Exit codes of the program.

/// Exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: success.
    Fine,
    /// 1: error; the reason is on stderr.
    Failed,
    /// 2: invalid arguments. stderr has the details.
    BadUsage,
    /// 3: success, but a requested threshold or rule is not met.
    Crossed,
    /// 4: the memory limit was reached.
    OutOfMemory,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Failed => 1,
            Exit::BadUsage => 2,
            Exit::Crossed => 3,
            Exit::OutOfMemory => 4,
        })
    }
}
