//! `cost savings`.

use anyhow::Context;
use chrono::Utc;
use cost_core::Session;
use cost_core::lifecycle::SavingsLedger;
use cost_core::review::SavingsReport;
use cost_report::{ExpandedSavingsReports, SavingsReports, SavingsTracking};

use crate::args::SavingsArgs;
use crate::exit::Exit;
use crate::state::State;
use crate::{config, estate, output, shown};

pub(crate) fn run(args: &SavingsArgs) -> anyhow::Result<Exit> {
    if let Some(judge) = &args.judge {
        return super::judge::run(judge);
    }
    let mut config = config::load(&args.config)?;
    let location = args.estate.as_deref().context("no estate given: name an estate or a bill")?;
    args.limits.narrow(&mut config.savings.limits);
    let when = &args.show.when;
    let options = estate::options(when.month, when.as_of, &config);
    let opened = estate::open(location, options, &args.read, &config.currency)?;
    // The lock prevents other decisions until the opportunities found are saved.
    let state = args.decisions.decisions.as_deref().map(State::lock).transpose()?;
    let mut decisions: SavingsLedger =
        state.as_ref().map(State::read).transpose()?.unwrap_or_default();
    let sessions = opened.iter().map(|s| s.with(|o| o.decisions = decisions.clone()));
    let sessions = sessions.collect::<Result<Vec<_>, _>>()?;
    let reports = sessions.iter().map(Session::savings).collect::<Result<Vec<_>, _>>()?;
    warn_of_older(&mut decisions, reports.first(), when.month.is_none());
    let found: Vec<_> = reports.iter().map(SavingsReport::for_ledger).collect();
    if let (Some(state), Some(first)) = (&state, reports.first())
        && decisions.update(first.header.month, first.header.estate.as_of, &found)
    {
        state.write(&mut decisions)?;
    }
    if args.verify {
        let reports =
            sessions.iter().map(|s| s.verify(&decisions)).collect::<Result<Vec<_>, _>>()?;
        shown::show_pages(&SavingsTracking(&reports), &args.show.shown, args.top.get())?;
    } else if args.expand {
        shown::show_pages(&ExpandedSavingsReports(&reports), &args.show.shown, args.top.get())?;
    } else {
        shown::show_pages(&SavingsReports(&reports), &args.show.shown, args.top.get())?;
    }
    Ok(Exit::Fine)
}

/// Warns if findings are not recorded because the decision file has newer ones. A newest month after
/// the clock's is forgotten. `is_newest` is whether the bill's newest month is reported, not one that
/// was requested.
fn warn_of_older(decisions: &mut SavingsLedger, report: Option<&SavingsReport>, is_newest: bool) {
    let today = Utc::now().date_naive();
    if let Some(month) =
        decisions.forget_future(today.max(report.map_or(today, |r| r.header.estate.as_of)))
    {
        output::warn(&format!(
            "the decision file has findings of {month}, which is in the future: findings are recorded again from now on"
        ));
    }
    let header = report.map(|r| (r.header.month, r.header.estate.as_of));
    if let Some((month, as_of)) =
        header.filter(|(month, as_of)| is_newest && decisions.is_older(*month, *as_of))
    {
        output::warn(&format!(
            "findings of {month} as of {as_of} are not recorded: the decision file has newer ones"
        ));
    }
}
