//! `cost savings`.

use cost_core::report::View;

use crate::args::SavingsArgs;
use crate::exit::Exit;
use crate::{estate, output};

pub(crate) fn run(args: &SavingsArgs) -> anyhow::Result<Exit> {
    let opened = estate::open(&args.estate.estate, &[])?;
    let review = opened.review(&estate::ungrouped(args.when.month, args.when.as_of))?;
    super::show(&review, View::Savings, args.format, &output::look(&args.look, args.top.get()))?;
    Ok(Exit::Fine)
}
