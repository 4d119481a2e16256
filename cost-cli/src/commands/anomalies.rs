//! `cost anomalies`.

use cost_core::anomaly::Thresholds;
use cost_core::report::View;

use crate::args::AnomaliesArgs;
use crate::exit::Exit;
use crate::{estate, output};

pub(crate) fn run(args: &AnomaliesArgs) -> anyhow::Result<Exit> {
    let opened = estate::open(&args.report.estate.estate, &[])?;
    let mut options = estate::ungrouped(args.report.when.month, args.report.when.as_of);
    options.thresholds = Thresholds { relative_pct: args.threshold, floor: args.min_impact, ..Thresholds::default() };
    let review = opened.review(&options)?;
    super::show(&review, View::Anomalies, &args.report.format, &output::look(&args.report.look, args.top.get()))?;
    Ok(if args.fail && !review.anomalies.is_empty() { Exit::Crossed } else { Exit::Fine })
}
