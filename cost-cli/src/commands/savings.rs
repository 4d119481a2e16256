//! `cost savings`.

use cost_core::report::View;

use crate::args::SavingsArgs;
use crate::exit::Exit;
use crate::{estate, output};

pub(crate) fn run(args: &SavingsArgs) -> anyhow::Result<Exit> {
    let opened = estate::open(&args.report.estate.estate, &[])?;
    let review = opened.review(&estate::ungrouped(args.report.show.when.month, args.report.show.when.as_of))?;
    super::show(
        &review,
        View::Savings,
        &args.report.show.format,
        &output::look(&args.report.show.look, args.top.get()),
    )?;
    Ok(Exit::Fine)
}
