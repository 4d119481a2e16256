//! How the program ends.

/// What the exit code says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: done.
    Fine,
    /// 1: failed; the reason is on stderr.
    Failed,
    /// 2: the arguments are wrong; what with them is on stderr.
    BadUsage,
    /// 3: done, and what was asked to be held does not hold.
    Crossed,
    /// 4: it takes more memory than it may.
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
