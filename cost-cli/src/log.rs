//! Log of our own crates on stderr, if requested.
//!
//! Other crates are never logged, at any level: log events of the AWS SDK or of an HTTP client can
//! contain credentials, tokens, and addresses with secrets.

use std::io::{self, Write};

use clap::ValueEnum;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry, fmt};

use crate::args::{LogArgs, LogFormat};
use crate::output;

/// Prefix of the names of our crates.
const OURS: &str = "cost";

/// Starts the log with the level and format of the arguments. Without `-v` there is no log in text
/// format; in JSON, it has only the errors and warnings.
pub(crate) fn start(args: LogArgs) {
    let json = args.log_format == LogFormat::Json;
    let level = match args.verbose {
        0 if json => LevelFilter::WARN,
        0 => return,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let ours = Targets::new().with_target(OURS, level);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = if json {
        output::say_json();
        let all = fmt::layer().json().flatten_event(true).with_current_span(false);
        all.with_writer(|| Lines).with_filter(ours).boxed()
    } else {
        fmt::layer().with_writer(|| Lines).with_filter(ours).boxed()
    };
    // No other code in this process starts a log.
    let _ = Registry::default().with(lines).try_init();
}

/// Returns whether the arguments request JSON. Also works if other arguments are invalid.
pub(crate) fn is_json(arguments: impl Iterator<Item = String>) -> bool {
    let all: Vec<String> = arguments.collect();
    let is_json = |value: &str| {
        LogFormat::from_str(value, false).is_ok_and(|format| format == LogFormat::Json)
    };
    all.iter().any(|a| a.strip_prefix("--log-format=").is_some_and(is_json))
        || all.windows(2).any(|pair| pair[0] == "--log-format" && is_json(&pair[1]))
}

/// Writer of log lines to stderr. Each line arrives complete, in one write.
struct Lines;

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        output::log(&String::from_utf8_lossy(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_is_known_before_the_arguments_are() {
        let asked = |text: &str| is_json(text.split(' ').map(ToOwned::to_owned));
        assert!(asked("cost audit --log-format json") && asked("cost --log-format=json audit"));
        assert!(!asked("cost review json --log-format") && !asked("cost --log-format text json"));
    }
}
