//! Errors as shown to people: one line, and an exit code that shows whether the usage was wrong.

use std::fmt;
use std::process::ExitCode;

/// An invalid argument.
#[derive(Debug)]
struct BadUsage(String);

impl fmt::Display for BadUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadUsage {}

/// Returns an error for an invalid command line: exit code 2.
pub(crate) fn bad_usage(text: impl Into<String>) -> anyhow::Error {
    BadUsage(text.into()).into()
}

/// Returns the message of an error with all its causes, without a backtrace.
pub(crate) fn said(error: &anyhow::Error) -> String {
    format!("error: {error:#}\n")
}

/// Returns the exit code of an error.
pub(crate) fn exit_code(error: &anyhow::Error) -> ExitCode {
    ExitCode::from(if error.is::<BadUsage>() { 2 } else { 1 })
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn an_error_is_one_line_and_bad_usage_has_a_code_of_its_own() {
        let missing: anyhow::Result<()> = Err(std::io::Error::other("no such file").into());
        let failed = missing.context("cannot read mod.rs").expect_err("an error");
        assert_eq!(said(&failed), "error: cannot read mod.rs: no such file\n");
        assert_eq!(exit_code(&failed), ExitCode::from(1));
        let wrong = bad_usage("`A` is not a valid name");
        assert_eq!(said(&wrong), "error: `A` is not a valid name\n");
        assert_eq!(exit_code(&wrong), ExitCode::from(2));
    }
}
