//! Arguments of `cost pull aws` and `cost aws` in a build without AWS. The commands accept any
//! arguments and explain how to get a build with AWS.

use std::ffi::OsString;

use clap::Args;

/// Not in this build: install one with AWS, `cargo install --locked --path cost-cli --features
/// aws`.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct NotBuilt {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _all: Vec<OsString>,
}

/// Replaces the arguments of `cost pull aws`.
pub(crate) type PullAwsArgs = NotBuilt;

/// Replaces the arguments of `cost aws`.
pub(crate) type Aws = NotBuilt;
