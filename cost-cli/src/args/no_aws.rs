//! Arguments of `cost pull aws` and `cost aws` in a build without AWS: whatever they are, the
//! answer is how to get a build with it.

use std::ffi::OsString;

use clap::Args;

/// Not in this build: `cargo install --locked --path cost-cli --features aws` makes one that reads
/// AWS accounts.
#[derive(Debug, Args)]
#[command(disable_help_flag = true)]
pub(crate) struct NotBuilt {
    #[arg(hide = true, trailing_var_arg = true, allow_hyphen_values = true)]
    _all: Vec<OsString>,
}

/// In place of the arguments of `cost pull aws`.
pub(crate) type PullAwsArgs = NotBuilt;

/// In place of the arguments of `cost aws`.
pub(crate) type Aws = NotBuilt;
