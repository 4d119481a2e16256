//! `cost review`.

use cost_core::Session;
use cost_core::review::ReviewOptions;
use cost_report::Reviews;

use crate::args::ReviewArgs;
use crate::exit::Exit;
use crate::{config, estate, shown};

pub(crate) fn run(args: &ReviewArgs) -> anyhow::Result<Exit> {
    let config = config::load(&args.config)?;
    let when = &args.report.show.when;
    let top = args.top.get();
    let options = ReviewOptions {
        group_by: Some(args.group_by.clone()).filter(|groups| !groups.is_empty()),
        top,
        decisions: super::decisions(&args.decisions)?,
        ..estate::options(when.month, when.as_of, &config)
    };
    let sessions = estate::open(
        &args.report.estate.estate,
        options,
        &args.report.estate.read,
        &config.currency,
    )?;
    let reviews = sessions.iter().map(Session::review).collect::<Result<Vec<_>, _>>()?;
    shown::show_pages(&Reviews(&reviews), &args.report.show.shown, top)?;
    Ok(Exit::Fine)
}
