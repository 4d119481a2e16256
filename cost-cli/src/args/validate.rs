//! Arguments of `cost validate`.

use clap::Args;
use cost_core::focus::columns::Version;

use super::bill::location;
use super::shown::FormatArgs;

#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// Bill (Parquet or delimited text, compressed or not), folder of bills, quoted glob, estate
    /// folder, or `-` for stdin
    #[arg(env = "COST_ESTATE", value_parser = location)]
    pub(crate) path: String,
    /// FOCUS version to check against [default: the newest whose columns are present]
    #[arg(long, value_name = "VERSION", value_parser = focus_version)]
    pub(crate) focus_version: Option<Version>,
    /// Example rows per finding
    #[arg(long, value_name = "N", default_value = "3")]
    pub(crate) examples: u32,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}

fn focus_version(text: &str) -> Result<Version, String> {
    Version::ALL.into_iter().find(|v| v.as_str() == text).ok_or_else(|| {
        let known: Vec<&str> = Version::ALL.iter().map(|v| v.as_str()).collect();
        format!("known versions are {}", known.join(", "))
    })
}
