//! `cost anomalies`.

use anyhow::{Context, ensure};
use chrono::Days;
use cost_core::Session;
use cost_core::anomaly::{Settings, tune};
use cost_report::{Anomalies, Tried};

use super::{decide, job};
use crate::args::AnomaliesArgs;
use crate::exit::Exit;
use crate::{config, estate, shown};

/// Days that `--tune` tests without a range: half a year.
const TUNE_DAYS: u64 = 182;

pub(crate) fn run(args: &AnomaliesArgs) -> anyhow::Result<Exit> {
    if let Some(decide) = &args.decide {
        return decide::run(decide);
    }
    let config = config::load(&args.config)?;
    let location = args.estate.as_deref().context("no estate given: name an estate or a bill")?;
    let when = &args.show.when;
    let options = estate::options(when.month, when.as_of, &config);
    let opened = estate::open(location, options, &args.read, &config.currency)?;
    let mut settings = config.anomalies.clone();
    opened.iter().try_for_each(|session| set_thresholds(&mut settings, args, session))?;
    let all = opened
        .iter()
        .map(|s| s.with(|o| o.anomalies = settings.clone()))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(most) = args.tune {
        return propose(args, estate::the_one(&all, "--tune")?, most);
    }
    if let Some(path) = &args.state {
        let (report, job) = job::run(args, path, &config, estate::the_one(&all, "--state")?)?;
        let printed =
            shown::show_all_pages(&Anomalies(&[report]), &args.show.shown, args.top.get());
        return job.finish(printed);
    }
    let report = |s: &Session| match args.backtest {
        Some((from, until)) => s.backtest(from..until),
        None => s.anomalies(),
    };
    let reports = all.iter().map(report).collect::<Result<Vec<_>, _>>()?;
    let is_found = reports.iter().any(|r| !(r.anomalies.is_empty() && r.drops.is_empty()));
    shown::show_pages(&Anomalies(&reports), &args.show.shown, args.top.get())?;
    Ok(if args.fail && is_found { Exit::Crossed } else { Exit::Fine })
}

/// Applies thresholds of the command line, which override the configuration for the entire estate.
fn set_thresholds(
    settings: &mut Settings,
    args: &AnomaliesArgs,
    session: &Session,
) -> anyhow::Result<()> {
    settings.drops |= args.drops;
    if let Some(percent) = args.threshold {
        settings.thresholds.relative_pct = percent;
    }
    if let Some(floor) = &args.min_impact {
        let currency = session.currency();
        ensure!(
            floor.currency.is_none_or(|c| c == currency),
            "--min-impact is in {}, but amounts are in {currency}: choose charges with --currency, or convert with --report-currency",
            floor.currency.map(|c| c.to_string()).unwrap_or_default()
        );
        settings.thresholds.floor = floor.amount;
    }
    Ok(())
}

fn propose(args: &AnomaliesArgs, session: &Session, most: u32) -> anyhow::Result<Exit> {
    let days = session.days().context("the bill has no charges")?;
    let last_half_year = || {
        (
            days.end.checked_sub_days(Days::new(TUNE_DAYS)).unwrap_or(days.start).max(days.start),
            days.end,
        )
    };
    let (from, until) = args.backtest.unwrap_or_else(last_half_year);
    let tuning = tune(session.rollup(), from, until, &session.options().anomalies, most)?;
    shown::show(&Tried(&tuning), &args.show.shown, args.top.get())?;
    Ok(Exit::Fine)
}
