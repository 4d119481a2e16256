//! `cost anomalies ack`, `snooze`, `resolve`, `retry`, and `drop`.

use std::path::Path;

use anyhow::ensure;
use chrono::{NaiveDate, Utc};
use cost_core::alert::{Decision, Ledger, Notice, Verdict};
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
            |is_refused| is_refused,
            Ledger::retry_notices,
        ),
        Decide::Drop(args) => notices(args, ("notice", "removed"), |_| true, Ledger::drop_notices),
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

/// Most notices that a message names of each kind. Chosen.
const MOST_NAMED: usize = 10;

/// Returns `an-1.raised.chat: answered 400: no_text`, a line for each notice, of at most ten.
fn listed(notices: &[(&Notice, bool)]) -> String {
    let line = |notice: &Notice| {
        let reason = notice.last_error.as_deref().unwrap_or("not sent yet");
        format!("{}: {reason}\n", notice.id)
    };
    let named: String = notices.iter().take(MOST_NAMED).map(|(notice, _)| line(notice)).collect();
    match notices.len().saturating_sub(MOST_NAMED) {
        0 => named,
        more => format!("{named}and {more} more\n"),
    }
}

/// Returns `no refused notice of finance; waiting: an-1.raised.chat; refused: none`.
fn none_of(ledger: &Ledger, what: &str, which: Option<&str>) -> String {
    let all = ledger.undelivered(None);
    let ids = |of_refused: bool| {
        let of: Vec<&str> = all
            .iter()
            .filter(|(_, is_refused)| *is_refused == of_refused)
            .map(|(notice, _)| notice.id.as_str())
            .collect();
        let more = of.len().saturating_sub(MOST_NAMED);
        let named = of.iter().take(MOST_NAMED).copied().collect::<Vec<_>>().join(", ");
        match (of.is_empty(), more) {
            (true, _) => "none".to_owned(),
            (false, 0) => named,
            (false, more) => format!("{named}, and {more} more"),
        }
    };
    let of = which.map(|which| format!(" of {which}")).unwrap_or_default();
    format!("no {what}{of}; waiting: {}; refused: {}", ids(false), ids(true))
}

/// Changes the selected notices, and lists them with the reason why they were not delivered. Fails if
/// there are none.
fn notices(
    args: &NoticesArgs,
    (what, done): (&str, &str),
    is_selected: impl Fn(bool) -> bool,
    change: impl Fn(&mut Ledger, Option<&str>) -> usize,
) -> anyhow::Result<Exit> {
    exists(&args.state)?;
    let state = State::lock(&args.state)?;
    let mut ledger: Ledger = state.read()?;
    let which = args.which.as_deref();
    let mut selected = ledger.undelivered(which);
    selected.retain(|(_, is_refused)| is_selected(*is_refused));
    let list = listed(&selected);
    let count = change(&mut ledger, which);
    ensure!(count > 0, "{}: {}", args.state.display(), none_of(&ledger, what, which));
    state.write(&mut ledger)?;
    let count = counted(u64::try_from(count).unwrap_or(u64::MAX), "notice");
    let lines: Vec<String> = list.lines().map(terminal_text).collect();
    output::print(&format!("{count} {done}\n{}\n", lines.join("\n")))?;
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
