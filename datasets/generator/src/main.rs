//! Makes the demo estate and the benchmark bills. Same arguments, same bytes: the only randomness
//! is a seeded `ChaCha8`.

mod bench;
mod demo;
mod noise;
mod row;
mod traces;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

/// Makes the demo estate and the benchmark bills.
#[derive(Debug, Parser)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The demo estate: 13 months of a believable company
    Demo {
        /// Where to write it
        #[arg(long, default_value = "datasets/demo")]
        into: PathBuf,
        /// Where the VM traces are
        #[arg(long, default_value = "datasets/bitbrains")]
        traces: PathBuf,
    },
    /// A bill of many rows, as Parquet files of a million rows each
    Bench {
        /// Where to write it
        #[arg(long)]
        into: PathBuf,
        /// Millions of rows
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
