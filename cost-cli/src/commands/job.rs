//! `cost anomalies --state`: run of a scheduled job.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, Utc};
use cost_core::Session;
use cost_core::alert::{Changes, ChannelRule, Ledger, Sent};
use cost_core::review::{AlertRun, AnomalyReport, Undelivered};
use cost_core::text::counted;
use cost_notify::{Channel, deliver, write_metrics};

use crate::args::AnomaliesArgs;
use crate::config::Config;
use crate::exit::Exit;
use crate::state::State;
use crate::{output, stop};

/// A run whose report is not printed yet. The state still has its changes as unreported: if the
/// report cannot be written, the next run reports them again.
pub(crate) struct Job {
    state: State,
    ledger: Ledger,
    /// Whether something failed: the exit code is 1, also if there are new anomalies.
    is_failed: bool,
    /// Whether everything except the report was written.
    is_written: bool,
    /// Exit code if nothing failed.
    exit: Exit,
}

impl Job {
    /// Records that the report was printed, and returns the exit code. `printed` is whether all of
    /// it was written.
    pub(crate) fn finish(mut self, printed: anyhow::Result<bool>) -> anyhow::Result<Exit> {
        let is_printed = printed?;
        if !is_printed {
            output::warn(
                "stdout was closed before the report was complete: the next run reports the same changes again",
            );
        }
        if is_printed && self.is_written && self.ledger.reported() {
            self.state.write(&mut self.ledger)?;
        }
        Ok(if self.is_failed || !is_printed { Exit::Failed } else { self.exit })
    }
}

/// Scans the days since the last run, raises new anomalies, sends pending notices, and writes the
/// metrics. Returns the report to print, and the job to [`finish`](Job::finish) after that.
pub(crate) fn run(
    args: &AnomaliesArgs,
    path: &Path,
    config: &Config,
    session: &Session,
) -> anyhow::Result<(AnomalyReport, Job)> {
    let now = Utc::now();
    let state = State::lock(path)?;
    let mut ledger: Ledger = state.read()?;
    let missing = ledger
        .use_bill(billing_accounts(session)?, session.currency(), now)
        .with_context(|| path.display().to_string())?;
    let days = session.days().context("the bill has no charges")?;
    let until = last_day(args, session).map_or(days.end, |day| day.min(days.end));
    let from = ledger.watch_from(until, args.lookback.get()).max(days.start).min(until);
    let mut report = session.anomalies_in(from..until)?;
    let used = session.rollup().last_usage_days(&ledger.open_accounts(), until)?;
    let without_usage = ledger.use_usage(&used, until, now);
    let rules: Vec<ChannelRule> = config.notify.iter().map(Channel::rule).collect();
    let changes = ledger.update(&report, now, &rules);
    let mut warnings = warnings(&changes, until, now);
    warnings.extend(report.muted.iter().chain(&report.muted_parts).cloned());
    warnings.extend(without_accounts(&missing));
    warnings.extend(without_sub_accounts(&without_usage));
    warnings.extend(without_channel(&ledger, &config.notify));
    let unmonitored = unmonitored(session, days.end, now);
    warnings.extend(unmonitored.iter().cloned());
    warnings.extend(refused_before(&ledger));
    for text in &warnings {
        output::warn(text);
    }
    // Saved before notices are sent: if this run is killed now, the next run sends them.
    state.write(&mut ledger)?;
    let estate =
        report.header.estate.name.clone().unwrap_or_else(|| session.estate().billing.clone());
    let mut is_failed =
        !changes.ignored.is_empty() || !report.muted.is_empty() || !unmonitored.is_empty();
    is_failed |= send(&mut ledger, config, &estate, &state)?;
    let is_written = write_all_metrics(config, &ledger);
    let exit =
        if args.fail && !ledger.unreported.raised.is_empty() { Exit::Crossed } else { Exit::Fine };
    report.alerts = Some(AlertRun {
        new: ledger.unreported.raised.clone(),
        closed: ledger.unreported.closed.clone(),
        waiting: ledger
            .alerts
            .iter()
            .filter(|a| a.is_waiting(until))
            .map(|a| a.id.clone())
            .collect(),
        stale: changes.stale,
        ignored: changes.ignored,
        undelivered: undelivered(&ledger),
        warnings,
    });
    let is_failed = is_failed || !is_written;
    Ok((report, Job { state, ledger, is_failed, is_written, exit }))
}

/// Returns the day before which data can be processed: the report date, or the day after the
/// estate was collected.
fn last_day(args: &AnomaliesArgs, session: &Session) -> Option<NaiveDate> {
    let collected = || session.estate().manifest.as_ref()?.as_of.succ_opt();
    args.show.when.as_of.or_else(collected)
}

/// Returns warnings on charges after the bill's days that can be true: they may be the bill after an
/// interruption, whose days are not monitored.
fn unmonitored(session: &Session, end: NaiveDate, now: DateTime<Utc>) -> Vec<String> {
    let tomorrow = now.date_naive().succ_opt().unwrap_or(NaiveDate::MAX);
    let outlying = session.rollup().outlying.iter();
    outlying
        .filter(|o| end <= o.first_day && o.first_day <= tomorrow)
        .map(|o| {
            format!(
                "{} from {} to {} are not monitored: they are few, and far after the bill's other days, which end before {end}; \
                 check whether the bill is complete",
                counted(o.line_items, "line item"),
                o.first_day,
                o.last_day
            )
        })
        .collect()
}

/// Returns the billing accounts of the bill.
fn billing_accounts(session: &Session) -> anyhow::Result<BTreeSet<String>> {
    Ok(session.rollup().billing_accounts()?)
}

/// Sends all pending notices. Returns whether any was not delivered.
fn send(ledger: &mut Ledger, config: &Config, estate: &str, state: &State) -> anyhow::Result<bool> {
    // A signal ends this run after the notice that is being sent.
    let step = stop::step();
    let is_stopped = || stop::asked().is_some();
    let record = |sent: &Sent| state.record(&serde_json::to_string(sent)?);
    let (channels, retry) = (&config.notify, &config.retry);
    let done = match deliver(ledger, channels, estate, retry, &Utc::now, &is_stopped, record) {
        Ok(done) => done,
        Err(error) => {
            // What was sent is stored if possible, so that it is not sent again.
            let _ = state.write(ledger);
            return Err(error);
        }
    };
    if done.attempts > 0 {
        state.write(ledger)?;
    }
    if done.is_stopped {
        // Not the end of the step: the program ends with this message.
        std::mem::forget(step);
        bail!("stopped: the next run sends the other notices, and reports the same changes again");
    }
    for failure in &done.failures {
        let next = if failure.refused {
            "refused for good, and not sent again unless you run `cost anomalies retry`"
        } else {
            "not delivered, the next run retries"
        };
        output::warn(&format!(
            "channel {}: notice of {} {next}: {}",
            failure.channel, failure.alert, failure.reason
        ));
    }
    Ok(!done.failures.is_empty())
}

/// Writes the metrics file, if there is one. Returns whether that succeeded; the reason is a
/// warning, because the report must be printed in any case.
fn write_all_metrics(config: &Config, ledger: &Ledger) -> bool {
    let Some(metrics) = &config.metrics else { return true };
    match write_metrics(&metrics.path, ledger) {
        Ok(()) => true,
        Err(e) => {
            output::warn(&format!(
                "cannot write the metrics file {}: {e}; the next run reports the same changes again",
                metrics.path.display()
            ));
            false
        }
    }
}

/// Returns the notices that were not delivered: those that wait, and those that were refused.
fn undelivered(ledger: &Ledger) -> Vec<Undelivered> {
    let of = |alert: &str, n: &cost_core::alert::Notice, refused| Undelivered {
        notice: n.id.clone(),
        alert: alert.to_owned(),
        channel: n.channel.clone(),
        reason: n.last_error.clone(),
        refused,
    };
    let mut all = Vec::new();
    for alert in &ledger.alerts {
        all.extend(alert.outbox.iter().map(|n| of(&alert.id, n, false)));
        all.extend(alert.refused.iter().map(|n| of(&alert.id, n, true)));
    }
    all
}

/// Returns what is unusual in the changes, one line each.
fn warnings(changes: &Changes, until: NaiveDate, now: DateTime<Utc>) -> Vec<String> {
    let today = now.date_naive();
    let mut all = Vec::new();
    if let Some(seen) = changes.given_up {
        all.push(format!(
            "the state says that data before {seen} was processed, but such data has not come for a day or is later than the \
             clock, which shows {today}: data before {until} counts from now on"
        ));
    }
    if !changes.ignored.is_empty() {
        all.push(format!(
            "this bill has data before {until}, and newer data has already been processed: anomalies that no alert has were \
             ignored ({}); if the newer data was wrong, the first run after a day uses this bill",
            changes.ignored.join(", ")
        ));
    }
    if until > today.succ_opt().unwrap_or(today) {
        let last = until.pred_opt().unwrap_or(until);
        all.push(format!(
            "the bill has charges up to {last}, later than the clock, which shows {today}: check their dates; the next bill \
             is compared with those before this one"
        ));
    }
    all
}

/// Returns a warning on billing accounts that the bill lacks, with the day since when.
fn without_accounts(missing: &[(String, NaiveDate)]) -> Option<String> {
    let each = missing.iter().map(|(account, since)| format!("{account} since {since}"));
    let names = each.collect::<Vec<_>>().join(", ");
    (!missing.is_empty()).then(|| {
        format!(
            "the bill lacks billing accounts that earlier bills had ({names}): they are not monitored, and no alert is closed \
             until they are back, or for 31 days"
        )
    })
}

/// Returns a warning on accounts without usage since an open alert, with the day since when.
fn without_sub_accounts(missing: &[(String, NaiveDate)]) -> Option<String> {
    let each =
        missing.iter().take(MOST_NAMED).map(|(account, since)| format!("{account} since {since}"));
    let mut names = each.collect::<Vec<_>>().join(", ");
    if let Some(more) = missing.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        names.push_str(&format!(", and {more} more"));
    }
    (!missing.is_empty()).then(|| {
        format!(
            "accounts with open alerts have no usage in the newest days ({names}): their alerts are not closed until they are \
             back, or for 31 days"
        )
    })
}

/// Most accounts that a warning names. Chosen.
const MOST_NAMED: usize = 10;

/// Returns a warning on notices for channels that the configuration does not have.
fn without_channel(ledger: &Ledger, channels: &[Channel]) -> Option<String> {
    let is_missing = |name: &&str| channels.iter().all(|c| c.name != **name);
    let names = ledger.alerts.iter().flat_map(|a| &a.outbox).map(|n| n.channel.as_str());
    let missing: Vec<&str> = names.filter(is_missing).collect();
    let unique: BTreeSet<&str> = missing.iter().copied().collect();
    (!missing.is_empty()).then(|| {
        let names = unique.into_iter().collect::<Vec<_>>().join(", ");
        format!(
            "{} undelivered notices for channels that the configuration does not have ({names}): restore the channel, or remove \
             them with `cost anomalies drop`",
            missing.len()
        )
    })
}

/// Returns a warning on notices that their channels refused in earlier runs: nobody has received
/// them, and no run sends them again.
fn refused_before(ledger: &Ledger) -> Option<String> {
    let of: Vec<&str> =
        ledger.alerts.iter().flat_map(|a| &a.refused).map(|n| n.channel.as_str()).collect();
    let names = of.iter().copied().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
    (!of.is_empty()).then(|| {
        format!(
            "{} that a channel refused for good in earlier runs ({}): send with `cost anomalies retry`, or remove with \
             `cost anomalies drop`",
            counted(u64::try_from(of.len()).unwrap_or(u64::MAX), "notice"),
            names.join(", ")
        )
    })
}
