//! `cost pull aws` and `cost aws` in a build without AWS: explains how to get one with it.

use anyhow::bail;

use crate::args::{Aws, PullAwsArgs};
use crate::exit::Exit;

const NOT_BUILT: &str = "this build of cost cannot read AWS accounts; install one that can: \
    cargo install --locked --path cost-cli --features aws (or run it: cargo run --release -p cost-cli --features aws -- …)";

/// `cost pull aws`.
pub(crate) fn pull(_: &PullAwsArgs) -> anyhow::Result<Exit> {
    bail!(NOT_BUILT)
}

/// `cost aws`.
pub(crate) fn run(_: &Aws) -> anyhow::Result<Exit> {
    bail!(NOT_BUILT)
}
