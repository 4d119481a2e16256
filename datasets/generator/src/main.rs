//! Generates the demo estate and the benchmark bills. The same arguments give the same bytes: the
//! only randomness is a seeded `ChaCha8`.

mod bench;
mod demo;
mod noise;
mod row;
mod traces;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Generates the demo estate and the benchmark bills.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Demo estate: 13 months of a fictional company
    Demo {
        /// Folder to write to
        #[arg(long, default_value = "datasets/demo")]
        into: PathBuf,
        /// Folder with the VM traces
        #[arg(long, default_value = "datasets/bitbrains")]
        traces: PathBuf,
    },
    /// Large bill, as Parquet files with one million rows each
    Bench {
        /// Folder to write to
        #[arg(long)]
        into: PathBuf,
        /// Number of rows, in millions
        #[arg(long, default_value_t = 20)]
        millions: u32,
    },
}

fn main() -> anyhow::Result<()> {
    match Cli::parse().what {
        What::Demo { into, traces } => demo::write(&into, &traces),
        What::Bench { into, millions } => bench::write(&into, millions),
    }
}
