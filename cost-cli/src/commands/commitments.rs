//! `cost commitments`.

use crate::args::CommitmentsArgs;
use crate::exit::Exit;
use crate::{config, estate, output};

pub(crate) fn run(args: &CommitmentsArgs) -> anyhow::Result<Exit> {
    let config = config::load(&args.config)?;
    let opened = estate::open(&args.report.estate.estate, &[])?;
    let show = &args.report.show;
    let report = opened.commitments(&config.commitments.spend, (show.when.month, show.when.as_of))?;
    let look = output::look(&show.look, args.top.get());
    output::print(&super::named(&show.format)?.render_commitments(&report, &look)?)?;
    Ok(Exit::Fine)
}
