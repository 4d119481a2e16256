//! `cost commitments`.

use anyhow::Context;
use cost_core::commitment::advise::BuyOptions;
use cost_core::file::replace;
use cost_core::report::curve_svg;
use cost_core::review::{CommitmentOptions, ReviewOptions};

use crate::args::CommitmentsArgs;
use crate::exit::Exit;
use crate::{config, estate, output};

pub(crate) fn run(args: &CommitmentsArgs) -> anyhow::Result<Exit> {
    let config = config::load(&args.config)?;
    let opened = estate::open(&args.report.estate.estate, &config.dimensions(), &args.report.estate.read)?;
    let show = &args.report.show;
    let review = estate::ungrouped(show.when.month, show.when.as_of, config.savings);
    let options = CommitmentOptions {
        review: ReviewOptions { decisions: super::decisions(&args.decisions)?, ..review },
        spend: config.commitments.spend,
        buy: BuyOptions {
            term: args.term.into(),
            payment: args.payment.map(Into::into),
            max_upfront: args.max_upfront,
            risk: args.risk.into(),
            scenarios: args.scenario.clone(),
            backtest: args.backtest,
        },
    };
    let report = opened.commitments(&options)?;
    if let Some(path) = &args.curve {
        let buy = report.buy.as_ref().context("there is no curve: what to buy is not said, see the notes")?;
        replace(path, &curve_svg(buy)).with_context(|| path.display().to_string())?;
    }
    let look = output::look(&show.look, args.top.get());
    output::print(&super::named(&show.format)?.render_commitments(&report, &look)?)?;
    Ok(Exit::Fine)
}
