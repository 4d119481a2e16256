//! `cost anomalies ack`, `snooze`, `resolve`, `retry`, and `drop`.

use std::path::Path;

use anyhow::ensure;
use chrono::{NaiveDate, Utc};
use cost_core::alert::{Alert, Decision, Ledger, Notice, Verdict};
use cost_core::text::counted;
use cost_report::terminal_text;

use crate::args::{Decide, DecideArgs, NoticesArgs};
use crate::exit::Exit;
use crate::output;
use crate::state::State;

pub(crate) fn run(decide: &Decide) -> anyhow::Result<Exit> {
    match decide {
        Decide::Ack(args) => write(args, Verdict::Acknowledged, None),
        Decide::Resolve(args) => write(args, Verdict::Resolved, None),
        Decide::Snooze(args) => write(&args.what, Verdict::Snoozed, Some(args.until)),
        Decide::Retry(args) => notices(
            args,
            ("refused notice", "will be sent again by the next run"),
            Ledger::retry_notices,
        ),
        Decide::Drop(args) => notices(args, ("notice", "removed"), Ledger::drop_notices),
    }
}

/// Returns an error if the state file does not exist: without one, there is nothing to decide on.
fn exists(path: &Path) -> anyhow::Result<()> {
    ensure!(
        path.try_exists().unwrap_or(true),
        "{} does not exist: give the state file of the scheduled job",
        path.display()
    );
    Ok(())
}

/// Most notices that an error names of each kind. Chosen.
const MOST_NAMED: usize = 10;

/// Returns `no refused notice of finance; waiting: 3f0c…; refused: none`.
fn none_of(ledger: &Ledger, what: &str, which: Option<&str>) -> String {
    let ids = |of: fn(&Alert) -> &Vec<Notice>| {
        let all: Vec<&str> =
            ledger.alerts.iter().flat_map(of).map(|notice| notice.id.as_str()).collect();
        let more = all.len().saturating_sub(MOST_NAMED);
        let named = all.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join(", ");
        match (all.is_empty(), more) {
            (true, _) => "none".to_owned(),
            (false, 0) => named,
            (false, more) => format!("{named}, and {more} more"),
        }
    };
    let of = which.map(|which| format!(" of {which}")).unwrap_or_default();
    format!("no {what}{of}; waiting: {}; refused: {}", ids(|a| &a.outbox), ids(|a| &a.refused))
}

/// Changes the selected notices. Fails if there are none.
fn notices(
    args: &NoticesArgs,
    (what, done): (&str, &str),
    change: impl Fn(&mut Ledger, Option<&str>) -> usize,
) -> anyhow::Result<Exit> {
    exists(&args.state)?;
    let state = State::lock(&args.state)?;
    let mut ledger: Ledger = state.read()?;
    let which = args.which.as_deref();
    let count = change(&mut ledger, which);
    ensure!(count > 0, "{}: {}", args.state.display(), none_of(&ledger, what, which));
    state.write(&mut ledger)?;
    let count = counted(u64::try_from(count).unwrap_or(u64::MAX), "notice");
    output::print(&format!("{count} {done}\n"))?;
    Ok(Exit::Fine)
}

fn write(args: &DecideArgs, verdict: Verdict, until: Option<NaiveDate>) -> anyhow::Result<Exit> {
    exists(&args.state)?;
    let now = Utc::now();
    let decision = Decision { verdict, at: now, until, note: args.note.clone() };
    let what = decision.to_string();
    let done = State::edit(&args.state, |ledger: &mut Ledger| {
        if let Some(until) = until {
            ledger.check_snooze(until, now)?;
        }
        let alert = ledger.decide(&args.id, decision)?;
        Ok(format!("{} {what}: {}", alert.id, alert.anomaly.scope))
    })?;
    output::print(&format!("{}\n", terminal_text(&done)))?;
    Ok(Exit::Fine)
}
