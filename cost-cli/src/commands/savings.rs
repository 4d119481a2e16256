//! `cost savings`.

use anyhow::Context;
use cost_core::lifecycle::SavingsLedger;
use cost_core::review::{Review, ReviewOptions};
use cost_report::{SavingsReports, SavingsTracking};

use crate::args::SavingsArgs;
use crate::exit::Exit;
use crate::state::State;
use crate::{config, estate, shown};

pub(crate) fn run(args: &SavingsArgs) -> anyhow::Result<Exit> {
    if let Some(judge) = &args.judge {
        return super::judge::run(judge);
    }
    let mut config = config::load(&args.config)?;
    let location = args.estate.as_deref().context("name an estate or a bill")?;
    let opened = estate::open(location, &config.dimensions(), &args.read, &config.currency)?;
    args.limits.narrow(&mut config.savings.limits);
    let when = &args.show.when;
    let state = args.decisions.decisions.as_deref().map(State::lock).transpose()?;
    let decisions: SavingsLedger = state.as_ref().map(State::read).transpose()?.unwrap_or_default();
    let options = estate::ungrouped(when.month, when.as_of, config.savings);
    let mut options = ReviewOptions { decisions, ..options };
    let reviews = opened.iter().map(|o| o.review(&options)).collect::<anyhow::Result<Vec<_>>>()?;
    let found: Vec<_> = reviews.iter().map(Review::for_ledger).collect();
    if let (Some(state), Some(first)) = (&state, reviews.first())
        && options.decisions.update(first.header.month, first.header.estate.as_of, &found)
    {
        state.write(&options.decisions)?;
    }
    if args.verify {
        let reports = opened.iter().zip(&reviews).map(|(o, review)| o.verify(&options.decisions, review));
        let reports = reports.collect::<anyhow::Result<Vec<_>>>()?;
        shown::show_pages(&SavingsTracking(&reports), &args.show.shown, args.top.get())?;
    } else {
        shown::show_pages(&SavingsReports(&reviews), &args.show.shown, args.top.get())?;
    }
    Ok(Exit::Fine)
}
