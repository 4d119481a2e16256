//! Chores of this repository, as `cargo xtask COMMAND`: what is generated, and the first lines of a
//! new check, format or provider.

mod edits;
mod files;
mod generate;
mod part;
mod scaffold;
mod usage;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::part::Part;

/// Chores of this repository
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Write what is generated: all of it, or some parts
    Generate {
        /// What to write; all parts if none is named
        #[arg(value_enum)]
        parts: Vec<Part>,
        /// Change nothing; fail, and name each file that is not as it would be generated. Without
        /// parts, of those that programs write: the tests compare the others
        #[arg(long)]
        check: bool,
    },
    /// Start a new check: a file, its line in the list of its folder, and a case. A service that has
    /// no folder gets one
    NewCheck {
        /// The cloud: a folder of cost-core/src/checks; `any` for columns of FOCUS alone
        #[arg(value_parser = ["aws", "any"])]
        cloud: String,
        /// What it finds, such as `idle_widget`
        id: String,
        /// The service, such as `ec2`: a folder of the cloud's; the cloud `any` has none
        #[arg(long, required_if_eq("cloud", "aws"))]
        service: Option<String>,
    },
    /// Start a new provider: a crate that passes conformance, and a feature of the facade
    NewProvider {
        /// Its name, such as `digital_ocean`
        id: String,
    },
    /// Start a new output format: a file and its line in the list
    NewFormat {
        /// Its name after --format
        id: String,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().chore {
        Chore::Generate { parts, check } => generate::run(&parts, check),
        Chore::NewCheck { cloud, id, service } => scaffold::check(&cloud, &id, service.as_deref()),
        Chore::NewProvider { id } => scaffold::provider(&id),
        Chore::NewFormat { id } => scaffold::format(&id),
    };
    let Err(error) = done else { return ExitCode::SUCCESS };
    // Where stderr is closed nobody reads it; the exit code still says it.
    let _ = std::io::stderr().write_all(usage::said(&error).as_bytes());
    usage::exit_code(&error)
}
