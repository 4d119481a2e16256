//! `cost anomalies`.

use anyhow::ensure;
use chrono::Days;
use cost_core::anomaly::{Settings, tune};
use cost_core::report::tuning_text;

use crate::args::AnomaliesArgs;
use crate::estate::Opened;
use crate::exit::Exit;
use crate::{config, estate, output};

/// Days that `--tune` looks back on if no range is given: half a year.
const TUNE_DAYS: u64 = 182;

pub(crate) fn run(args: &AnomaliesArgs) -> anyhow::Result<Exit> {
    let mut options = config::anomaly_options(&args.config, args.report.when.month, args.report.when.as_of)?;
    let opened = estate::open(&args.report.estate.estate, &[])?;
    set_thresholds(&mut options.settings, args, &opened)?;
    options.raised = args.backtest.map(|(from, to)| (from, to.succ_opt().unwrap_or(to)));
    let look = output::look(&args.report.look, args.top.get());
    if let Some(most) = args.tune {
        return propose(args, &opened, &options.settings, most);
    }
    let report = opened.anomalies(&options)?;
    super::show_anomalies(&report, &args.report.format, &look)?;
    Ok(if args.fail && !report.anomalies.is_empty() { Exit::Crossed } else { Exit::Fine })
}

/// What the command line says goes before what the configuration says, for the whole estate.
fn set_thresholds(settings: &mut Settings, args: &AnomaliesArgs, opened: &Opened) -> anyhow::Result<()> {
    settings.drops |= args.drops;
    if let Some(percent) = args.threshold {
        settings.thresholds.relative_pct = percent;
    }
    if let Some(floor) = &args.min_impact {
        let currency = opened.rollup.cube.currency();
        ensure!(
            floor.currency.is_none_or(|c| c == currency),
            "--min-impact is in {}, the bill in {currency}; the tool never converts currencies",
            floor.currency.map(|c| c.to_string()).unwrap_or_default()
        );
        settings.thresholds.floor = floor.amount;
    }
    Ok(())
}

fn propose(args: &AnomaliesArgs, opened: &Opened, settings: &Settings, most: u32) -> anyhow::Result<Exit> {
    let all = opened
        .all_days()
        .map(|(first, end)| (end.checked_sub_days(Days::new(TUNE_DAYS)).unwrap_or(first).max(first), end));
    let range = args.backtest.map(|(from, to)| (from, to.succ_opt().unwrap_or(to))).or(all);
    if let Some((from, until)) = range {
        let tuning = tune(&opened.rollup, from, until, settings, most)?;
        output::print(&tuning_text(&tuning, &args.report.format)?)?;
    }
    Ok(Exit::Fine)
}
