//! Development tasks of this repository, as `cargo xtask COMMAND`: generating files, and creating
//! the first files of a new check, format, or provider.

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

/// Development tasks of this repository
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Write generated files: all parts, or some
    Generate {
        /// Parts to write; all if none is given
        #[arg(value_enum)]
        parts: Vec<Part>,
        /// Only compare, and fail with a list of the files that are not up to date. Without parts,
        /// compares only files that programs write, because the tests compare the others
        #[arg(long)]
        check: bool,
    },
    /// Create a new check: a file, a line in the list of its folder, and a test case. Creates the
    /// folder of a new service
    NewCheck {
        /// The cloud: a folder of cost-core/src/checks, or `any` for only FOCUS columns
        #[arg(value_parser = ["aws", "any"])]
        cloud: String,
        /// The waste that it finds, such as `idle_widget`
        id: String,
        /// The service, such as `ec2`: a folder of the cloud. The cloud `any` has no services
        #[arg(long, required_if_eq("cloud", "aws"))]
        service: Option<String>,
    },
    /// Create a new provider: a crate that passes conformance, and a feature of the facade
    NewProvider {
        /// The name, such as `digital_ocean`
        id: String,
    },
    /// Create a new output format: a file, and a line in the list
    NewFormat {
        /// The name after --format
        id: String,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Generate { parts, check } => generate::run(&parts, check),
        Task::NewCheck { cloud, id, service } => scaffold::check(&cloud, &id, service.as_deref()),
        Task::NewProvider { id } => scaffold::provider(&id),
        Task::NewFormat { id } => scaffold::format(&id),
    };
    let Err(error) = done else { return ExitCode::SUCCESS };
    // If stderr is closed, the exit code still reports the error.
    let _ = std::io::stderr().write_all(usage::said(&error).as_bytes());
    usage::exit_code(&error)
}
