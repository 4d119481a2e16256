//! Arguments for the log on stderr.

use clap::{ArgAction, Args, ValueEnum};

/// Level and format of the log on stderr.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct LogArgs {
    /// Log on stderr: -v logs the steps of reading bills and of pulls, with their numbers and time,
    /// -vv also each file and each request
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Format of messages and log lines on stderr
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t)]
    pub(crate) log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Readable text
    #[default]
    Text,
    /// One JSON object per line
    Json,
}
