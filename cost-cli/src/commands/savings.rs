//! `cost savings`.

use anyhow::Context;
use cost_core::Session;
use cost_core::lifecycle::SavingsLedger;
use cost_core::review::SavingsReport;
use cost_report::{ExpandedSavingsReports, SavingsReports, SavingsTracking};

use crate::args::SavingsArgs;
use crate::exit::Exit;
use crate::state::State;
use crate::{config, estate, shown};

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
    let found: Vec<_> = reports.iter().map(SavingsReport::for_ledger).collect();
    if let (Some(state), Some(first)) = (&state, reports.first())
        && decisions.update(first.header.month, first.header.estate.as_of, &found)
    {
        state.write(&decisions)?;
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
