//! `cost anomalies --state`: run of a scheduled job.

use std::path::Path;

use anyhow::Context;
use chrono::Utc;
use cost_core::Session;
use cost_core::alert::{ChannelRule, Ledger};
use cost_core::review::{AlertRun, AnomalyReport};
use cost_notify::{deliver, write_metrics};

use crate::args::AnomaliesArgs;
use crate::config::Config;
use crate::exit::Exit;
use crate::output;
use crate::state::State;

/// Scans the days since the last run, raises new anomalies, and sends pending notices. Returns the
/// report and the exit code: 3 for a new anomaly with `--fail`, 1 if a notice was not delivered.
pub(crate) fn run(
    args: &AnomaliesArgs,
    path: &Path,
    config: &Config,
    session: &Session,
) -> anyhow::Result<(AnomalyReport, Exit)> {
    let state = State::lock(path)?;
    let mut ledger: Ledger = state.read()?;
    let days = session.days().context("the bill has no charges")?;
    let until = args.show.when.as_of.map_or(days.end, |day| day.min(days.end));
    let from = ledger.watch_from(until, args.lookback).max(days.start);
    let mut report = session.anomalies_in(from..until)?;
    let rules: Vec<ChannelRule> = config.notify.iter().map(cost_notify::Channel::rule).collect();
    let changes = ledger.update(&report, Utc::now(), &rules);
    // Saved before notices are sent: if this run is killed now, the next run sends them.
    state.write(&ledger)?;
    let estate =
        report.header.estate.name.clone().unwrap_or_else(|| session.estate().billing.clone());
    let failures = deliver(&mut ledger, &config.notify, &estate, &config.retry, &Utc::now, |l| {
        state.write(l)
    })?;
    for failure in &failures {
        output::warn(&format!(
            "channel {}: notice of {} not delivered, the next run retries: {}",
            failure.channel, failure.alert, failure.reason
        ));
    }
    if let Some(metrics) = &config.metrics {
        write_metrics(&metrics.path, &ledger)
            .with_context(|| metrics.path.display().to_string())?;
    }
    let waiting =
        ledger.alerts.iter().filter(|a| a.is_waiting(until)).map(|a| a.id.clone()).collect();
    let exit = match () {
        () if args.fail && !changes.raised.is_empty() => Exit::Crossed,
        () if !failures.is_empty() => Exit::Failed,
        () => Exit::Fine,
    };
    report.alerts = Some(AlertRun {
        new: changes.raised,
        closed: changes.closed,
        waiting,
        stale: changes.stale,
    });
    Ok((report, exit))
}
