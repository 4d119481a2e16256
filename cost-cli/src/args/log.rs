//! What is logged on stderr.

use clap::{ArgAction, Args, ValueEnum};

/// What is logged on stderr, and how.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct LogArgs {
    /// Log on stderr what is done: -v each step with its numbers and its time, -vv each file and
    /// each request too
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// How messages and logs are written to stderr
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines for people
    #[default]
    Text,
    /// An object a line
    Json,
}
