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
mod redact;
mod shown;
mod state;
#[cfg(target_os = "linux")]
mod stop;
#[cfg(not(target_os = "linux"))]
#[path = "stop_elsewhere.rs"]
mod stop;

use std::io::{self, Write};

use crate::args::{Cli, Command, LogArgs, LogFormat, Pull};
use crate::exit::Exit;
use crate::memory::Work;

fn main() -> std::process::ExitCode {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(wrong) => return bad_usage(&wrong),
    };
    if cli.redact {
        output::start_redacting();
    }
    log::start(cli.log);
    memory::no_core_dump();
    stop::watch();
    if cli.command.reads()
        && let Work::Done(code) =
            memory::within(cli.memory, cli.command.reads_stdin(), cli.command.writes())
    {
        return code;
    }
    output::catch_panics();
    // The panic hook prints the message.
    let exit = match std::panic::catch_unwind(|| run(&cli.command)) {
        Ok(Ok(exit)) => exit,
        Ok(Err(error)) => {
            output::complain(&error);
            output::exit_of_failure()
        }
        Err(_) => output::exit_of_failure(),
    };
    if let Some(signal) = stop::asked().filter(|_| exit == Exit::Failed) {
        stop::die(signal);
    }
    exit.into()
}

/// Prints the error in the arguments, or the requested text, such as help.
fn bad_usage(wrong: &clap::Error) -> std::process::ExitCode {
    if !wrong.use_stderr() {
        return match wrong.print().and_then(|()| io::stdout().flush()) {
            Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
                output::complain(&anyhow::Error::new(e).context("cannot write to stdout"));
                Exit::Failed.into()
            }
            _ => Exit::Fine.into(),
        };
    }
    let arguments = || std::env::args_os().map(|a| a.to_string_lossy().into_owned());
    if arguments().any(|a| a == "--redact") {
        output::start_redacting();
    }
    if log::is_json(arguments()) {
        let words = wrong.to_string();
        let words = words.strip_prefix("error: ").unwrap_or(&words);
        log::start(LogArgs { verbose: 0, log_format: LogFormat::Json });
        output::complain(&anyhow::anyhow!("{}", words.trim_end()));
    } else {
        output::explain_usage(&wrong.to_string());
    }
    Exit::BadUsage.into()
}

fn run(command: &Command) -> anyhow::Result<Exit> {
    match command {
        Command::Pull(Pull::Files(a)) => commands::pull::files(a),
        Command::Pull(Pull::Aws(a)) => commands::aws::pull(a),
        Command::Aws(a) => commands::aws::run(a),
        Command::Review(a) => commands::review::run(a),
        Command::Reconcile(a) => commands::reconcile::run(a),
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
