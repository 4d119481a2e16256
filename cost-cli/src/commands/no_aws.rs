//! `cost pull aws` and `cost aws` in a build without AWS: how to get one with it.

use anyhow::bail;

use crate::args::{Aws, PullAwsArgs};
use crate::exit::Exit;

const NOT_BUILT: &str = "this build of cost reads no AWS accounts; install one that does: \
    cargo install --locked --path cost-cli --features aws (or run it: cargo run --release -p cost-cli --features aws -- …)";

/// `cost pull aws`.
pub(crate) fn pull(_: &PullAwsArgs) -> anyhow::Result<Exit> {
    bail!(NOT_BUILT)
}

/// `cost aws`.
pub(crate) fn run(_: &Aws) -> anyhow::Result<Exit> {
    bail!(NOT_BUILT)
}
