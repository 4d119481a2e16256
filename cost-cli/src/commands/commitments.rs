//! `cost commitments`.

use anyhow::{Context, bail, ensure};
use cost_core::Session;
use cost_core::commitment::advise::BuyOptions;
use cost_core::file::replace;
use cost_core::review::{CommitmentOptions, ReviewOptions};
use cost_report::Commitments;

use crate::args::{CommitmentsArgs, ReadArgs};
use crate::config::Reporting;
use crate::exit::Exit;
use crate::{config, estate, output, shown};

pub(crate) fn run(args: &CommitmentsArgs) -> anyhow::Result<Exit> {
    let config = config::load(&args.config)?;
    let read = ReadArgs { report_currency: None, rates: None, ..args.report.estate.read.clone() };
    if args.report.estate.read.report_currency.or(config.currency.report).is_some() {
        output::warn(
            "commitments are shown in the billing currency, not converted: commitments are bought and priced in it",
        );
    }
    let show = &args.report.show;
    let options = ReviewOptions {
        decisions: super::decisions(&args.decisions)?,
        ..estate::options(show.when.month, show.when.as_of, &config)
    };
    let builder = Session::builder().options(options).for_commitments();
    let all = estate::open_with(&args.report.estate.estate, builder, &read, &Reporting::default())?;
    if let (true, Some(target)) =
        (all.len() > 1, config.commitments.spend.iter().find(|t| t.currency.is_none()))
    {
        bail!(
            "agreement `{}` needs a currency, such as currency = \"USD\", because the bill has several",
            target.name
        );
    }
    let options = CommitmentOptions {
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
    let reports = all.iter().map(|s| s.commitments(&options)).collect::<Result<Vec<_>, _>>()?;
    if let Some(path) = &args.curve {
        ensure!(
            reports.iter().any(|r| r.buy.is_some()),
            "no curve to write: the report recommends no purchases; see its notes for the reason"
        );
        let look = shown::look(&show.shown.look, args.top.get());
        let curve = shown::rendered(&Commitments(&reports), "svg", &look)?;
        replace(path, curve.as_bytes()).with_context(|| path.display().to_string())?;
    }
    shown::show_pages(&Commitments(&reports), &show.shown, args.top.get())?;
    Ok(Exit::Fine)
}
