//! `cost anomalies ack`, `snooze` and `resolve`.

use chrono::{NaiveDate, Utc};
use cost_core::alert::{Decision, Ledger, Verdict};
use cost_report::terminal_text;

use crate::args::{Decide, DecideArgs};
use crate::exit::Exit;
use crate::output;
use crate::state::State;

pub(crate) fn run(decide: &Decide) -> anyhow::Result<Exit> {
    match decide {
        Decide::Ack(args) => write(args, Verdict::Acknowledged, None),
        Decide::Resolve(args) => write(args, Verdict::Resolved, None),
        Decide::Snooze(args) => write(&args.what, Verdict::Snoozed, Some(args.until)),
    }
}

fn write(args: &DecideArgs, verdict: Verdict, until: Option<NaiveDate>) -> anyhow::Result<Exit> {
    let decision = Decision { verdict, at: Utc::now(), until, note: args.note.clone() };
    let what = decision.to_string();
    let done = State::edit(&args.state, |ledger: &mut Ledger| {
        let alert = ledger.decide(&args.id, decision)?;
        Ok(format!("{} {what}: {}", alert.id, alert.anomaly.scope))
    })?;
    output::print(&format!("{}\n", terminal_text(&done)))?;
    Ok(Exit::Fine)
}
