//! `cost`: the cloud cost analyzer on the command line. Thin: it parses arguments, opens the estate, calls the core,
//! and prints. stdout is data, stderr is talk.

mod args;
mod commands;
mod config;
mod estate;
mod exit;
mod output;
mod state;

use clap::Parser;

use crate::args::{Cli, Command, Pull};
use crate::exit::Exit;

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    // A panic of the engine on a damaged file becomes an error, which is told where it is met.
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !cost_core::shield::is_inside() {
            default(info);
        }
    }));
    if cli.redact {
        output::redact();
    }
    let done = match &cli.command {
        Command::Pull(Pull::Files(a)) => commands::pull::files(a),
        Command::Pull(Pull::Aws(a)) => commands::pull::aws(a),
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
    };
    done.unwrap_or_else(|error| {
        output::complain(&error);
        Exit::Failed
    })
    .into()
}
