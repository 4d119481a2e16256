//! `cost savings`.

use cost_core::report::View;

use crate::args::SavingsArgs;
use crate::exit::Exit;
use crate::{config, estate, output};

pub(crate) fn run(args: &SavingsArgs) -> anyhow::Result<Exit> {
    let mut config = config::load(&args.config)?;
    let opened = estate::open(&args.report.estate.estate, &config.dimensions())?;
    args.limits.narrow(&mut config.savings.limits);
    let when = &args.report.show.when;
    let review = opened.review(&estate::ungrouped(when.month, when.as_of, config.savings))?;
    let look = output::look(&args.report.show.look, args.top.get());
    super::show(&review, View::Savings, &args.report.show.format, &look)?;
    Ok(Exit::Fine)
}
