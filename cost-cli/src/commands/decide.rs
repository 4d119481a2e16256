//! `cost anomalies ack`, `snooze`, `resolve`, `retry`, and `drop`.

use anyhow::ensure;
use chrono::{NaiveDate, Utc};
use cost_core::alert::{Decision, Ledger, Verdict};
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
        Decide::Retry(args) => {
            notices(args, "will be sent again by the next run", |ledger, which| {
                ledger.retry_notices(which)
            })
        }
        Decide::Drop(args) => notices(args, "removed", |ledger, which| ledger.drop_notices(which)),
    }
}

/// Changes the selected notices. Fails if there are none.
fn notices(
    args: &NoticesArgs,
    done: &str,
    change: impl Fn(&mut Ledger, Option<&str>) -> usize,
) -> anyhow::Result<Exit> {
    let state = State::lock(&args.state)?;
    let mut ledger: Ledger = state.read()?;
    let count = change(&mut ledger, args.which.as_deref());
    ensure!(count > 0, "there are no such notices in {}", args.state.display());
    state.write(&mut ledger)?;
    let count = counted(u64::try_from(count).unwrap_or(u64::MAX), "notice");
    output::print(&format!("{count} {done}\n"))?;
    Ok(Exit::Fine)
}

fn write(args: &DecideArgs, verdict: Verdict, until: Option<NaiveDate>) -> anyhow::Result<Exit> {
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
