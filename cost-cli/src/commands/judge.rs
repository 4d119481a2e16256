//! `cost savings accept`, `dismiss`, `done` and `reopen`.

use chrono::Utc;
use cost_core::lifecycle::{Decision, SavingsLedger, Verdict};
use cost_report::terminal_text;

use crate::args::{Judge, JudgeArgs};
use crate::exit::Exit;
use crate::output;
use crate::state::State;

pub(crate) fn run(judge: &Judge) -> anyhow::Result<Exit> {
    let now = Utc::now();
    let (what, verdict) = match judge {
        Judge::Accept(what) => (what, Some(Verdict::Accepted)),
        Judge::Dismiss(args) => (
            &args.what,
            Some(Verdict::Dismissed { reason: args.reason.clone(), until: args.until }),
        ),
        Judge::Done(args) => {
            let on = args.on.unwrap_or_else(|| now.date_naive());
            (&args.what, Some(Verdict::Done { on, replaced_by: args.replaced_by.clone() }))
        }
        Judge::Reopen(what) => (what, None),
    };
    write(what, verdict.map(|verdict| Decision { verdict, at: now, note: what.note.clone() }))
}

fn write(args: &JudgeArgs, decision: Option<Decision>) -> anyhow::Result<Exit> {
    let state = State::lock(&args.decisions)?;
    let mut ledger: SavingsLedger = state.read()?;
    if let Some(decision) = &decision {
        ledger.check_dates(&decision.verdict, decision.at)?;
    }
    let what = decision.as_ref().map_or_else(|| "reopened".to_owned(), |d| d.verdict.to_string());
    let known = ledger.decide(&args.id, decision)?;
    let done = format!("{}, {}: {what}", known.id, known.title);
    state.write(&mut ledger)?;
    output::print(&format!("{}\n", terminal_text(&done)))?;
    Ok(Exit::Fine)
}
