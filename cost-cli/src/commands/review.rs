//! `cost review`.

use cost_core::review::ReviewOptions;
use cost_report::Reviews;

use crate::args::ReviewArgs;
use crate::exit::Exit;
use crate::{config, estate, shown};

pub(crate) fn run(args: &ReviewArgs) -> anyhow::Result<Exit> {
    let config = config::load(&args.config)?;
    let dimensions = [args.group_by.clone(), config.dimensions()].concat();
    let opened = estate::open(&args.report.estate.estate, &dimensions, &args.report.estate.read, &config.currency)?;
    let default_groups = || opened.first().map(estate::Opened::default_groups).unwrap_or_default();
    let group_by = if args.group_by.is_empty() { default_groups() } else { args.group_by.clone() };
    let top = args.top.get();
    let options = ReviewOptions {
        month: args.report.show.when.month,
        as_of: args.report.show.when.as_of,
        group_by,
        top,
        settings: config.anomalies,
        savings: config.savings,
        decisions: super::decisions(&args.decisions)?,
    };
    let reviews = opened.iter().map(|o| o.review(&options)).collect::<anyhow::Result<Vec<_>>>()?;
    shown::show_pages(&Reviews(&reviews), &args.report.show.shown, top)?;
    Ok(Exit::Fine)
}
