//! `cost`: command line of the cloud cost analyzer. It parses arguments, opens the estate, calls
//! the core, and prints. stdout is for data, stderr for messages.

mod args;
mod commands;
mod config;
mod estate;
mod exit;
mod log;
mod memory;
mod output;
mod shown;
mod state;

use std::io::{self, Write};

use clap::Parser;

use crate::args::{Cli, Command, LogArgs, LogFormat, Pull};
use crate::exit::Exit;
use crate::memory::Work;

fn main() -> std::process::ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(wrong) => return bad_usage(&wrong),
    };
    if cli.redact {
        output::redact();
    }
    log::start(cli.log);
    memory::no_core_dump();
    if cli.command.reads()
        && let Work::Done(code) = memory::within(cli.memory, cli.command.reads_stdin())
    {
        return code;
    }
    output::catch_panics();
    // The panic hook prints the message.
    let done = std::panic::catch_unwind(|| run(&cli.command)).unwrap_or(Ok(Exit::Failed));
    done.unwrap_or_else(|error| {
        output::complain(&error);
        Exit::Failed
    })
    .into()
}

/// Prints the error in the arguments, or the requested text, such as help.
fn bad_usage(wrong: &clap::Error) -> std::process::ExitCode {
    let arguments = std::env::args_os().map(|a| a.to_string_lossy().into_owned());
    if wrong.use_stderr() && log::is_json(arguments) {
        let words = wrong.to_string();
        let words = words.strip_prefix("error: ").unwrap_or(&words);
        log::start(LogArgs { verbose: 0, log_format: LogFormat::Json });
        output::complain(&anyhow::anyhow!("{}", words.trim_end()));
        return Exit::BadUsage.into();
    }
    let printed = wrong.print().and_then(|()| io::stdout().flush());
    match printed {
        Err(e) if !wrong.use_stderr() && e.kind() != io::ErrorKind::BrokenPipe => {
            output::complain(&anyhow::Error::new(e).context("cannot write to stdout"));
            Exit::Failed.into()
        }
        _ if wrong.use_stderr() => Exit::BadUsage.into(),
        _ => Exit::Fine.into(),
    }
}

fn run(command: &Command) -> anyhow::Result<Exit> {
    match command {
        Command::Pull(Pull::Files(a)) => commands::pull::files(a),
        Command::Pull(Pull::Aws(a)) => commands::aws::pull(a),
        Command::Aws(a) => commands::aws::run(a),
        Command::Review(a) => commands::review::run(a),
        Command::Savings(a) => commands::savings::run(a),
        Command::Commitments(a) => commands::commitments::run(a),
        Command::Anomalies(a) => commands::anomalies::run(a),
        Command::Explain(a) => commands::explain::run(a),
        Command::Checks(a) => commands::checks::run(a),
        Command::Validate(a) => commands::validate::run(a),
        Command::Sizing(a) => commands::sizing::run(a),
        Command::Schema(a) => commands::schema::run(a),
        Command::Completions(a) => commands::completions::run(a),
        Command::Man(a) => commands::man::run(a),
    }
}
