//! Chores of this repository, as `cargo xtask COMMAND`: what is generated, and the first lines of a
//! new check, format or provider.

mod files;
mod generate;
mod scaffold;

use clap::{Parser, Subcommand};

/// Chores of this repository
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Write all that is generated: pages of the checks, JSON Schemas, man pages, the demo estate,
    /// golden outputs
    Generate {
        /// Change nothing; fail, and name each file that is not as it would be generated
        #[arg(long)]
        check: bool,
    },
    /// Start a new check: a file, its line in the list of its folder, and a case
    NewCheck {
        /// The cloud: a folder of cost-core/src/checks; `any` for columns of FOCUS alone
        #[arg(value_parser = ["aws", "any"])]
        cloud: String,
        /// What it finds, such as `idle_widget`
        id: String,
        /// The service: a folder of the cloud's; `any` cloud has none
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

fn main() -> anyhow::Result<()> {
    match Cli::parse().chore {
        Chore::Generate { check } => generate::run(check),
        Chore::NewCheck { cloud, id, service } => scaffold::check(&cloud, &id, service.as_deref()),
        Chore::NewProvider { id } => scaffold::provider(&id),
        Chore::NewFormat { id } => scaffold::format(&id),
    }
}
