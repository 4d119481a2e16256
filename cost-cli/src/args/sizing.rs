//! Arguments of `cost sizing`.

use std::path::PathBuf;

use clap::Args;

use super::shown::FormatArgs;

#[derive(Debug, Args)]
pub(crate) struct SizingArgs {
    /// Folder with meta.parquet (`id`, `cpu_capacity` in MHz, `mem_capacity` in KB) and
    /// trace.parquet (`id`, `timestamp`, `cpu_usage` in MHz)
    pub(crate) traces: PathBuf,
    /// Days that the advice is based on; it is evaluated on the following days
    #[arg(long, value_name = "N", default_value = "14", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) train_days: u32,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}
