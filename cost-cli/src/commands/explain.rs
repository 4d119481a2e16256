//! `cost explain`.

use anyhow::bail;
use cost_core::alert::Ledger;
use cost_core::review::{AnomalyOptions, ReviewOptions};
use cost_report::{Explanation, Found, find, find_anomaly};

use crate::args::ExplainArgs;
use crate::config::Config;
use crate::estate::Opened;
use crate::exit::Exit;
use crate::state::State;
use crate::{config, estate, output, shown};

/// How ids of anomalies begin.
const ANOMALY: &str = "an-";

pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let config = config::load(&args.config)?;
    let mut known = Vec::new();
    for opened in estate::open(&args.estate.estate, &config.dimensions(), &args.estate.read, &config.currency)? {
        let told = if args.id.starts_with(ANOMALY) {
            anomaly(args, &config, &opened)?
        } else {
            opportunity(args, &config, &opened)?
        };
        known.extend(told.map(|text| (opened, text)));
    }
    // Days and a scope can be out of the ordinary in two currencies.
    let told = match known.as_slice() {
        [] => None,
        [(_, text)] => Some(text.clone()),
        _ => {
            estate::the_one(known.into_iter().map(|(opened, _)| opened).collect(), &args.id)?;
            None
        }
    };
    let Some(text) = told else {
        let place = args.month.map_or_else(|| "any month".to_owned(), |m| m.to_string());
        bail!(
            "{} knows no saving or anomaly `{}` in {place}; `cost review` shows the ids",
            args.estate.estate,
            args.id
        );
    };
    output::print(&text)?;
    Ok(Exit::Fine)
}

fn anomaly(args: &ExplainArgs, config: &Config, opened: &Opened) -> anyhow::Result<Option<String>> {
    let ledger: Option<Ledger> = State::peek(args.state.as_deref())?;
    let alert = ledger.as_ref().and_then(|l| l.alerts.iter().find(|a| a.has_id(&args.id)));
    // Late data can have given it another id since the job raised it.
    let id = alert.map_or(args.id.as_str(), |a| a.anomaly.id.as_str());
    let raised = opened.all_days().filter(|_| args.month.is_none());
    let settings = config.anomalies.clone();
    let mut options = AnomalyOptions { month: args.month, as_of: args.as_of, raised, replay: false, settings };
    options.settings.drops = true;
    let report = opened.anomalies(&options)?;
    find_anomaly(&report, id).map(|found| tell(args, &Explanation { found, alert })).transpose()
}

fn opportunity(args: &ExplainArgs, config: &Config, opened: &Opened) -> anyhow::Result<Option<String>> {
    // The default month first: it is the one the id was most likely read in.
    let months = opened.months().into_iter().map(Some).filter(|_| args.month.is_none());
    let decisions = super::decisions(&args.decisions)?;
    for month in std::iter::once(args.month).chain(months) {
        let options = estate::ungrouped(month, args.as_of, config.savings.clone());
        let review = opened.review(&ReviewOptions { decisions: decisions.clone(), ..options })?;
        if let Some(found) = find(&review, &args.id) {
            return tell(args, &Explanation { found, alert: None }).map(Some);
        }
    }
    Ok(None)
}

fn tell(args: &ExplainArgs, explanation: &Explanation<'_>) -> anyhow::Result<String> {
    let shown = &args.shown;
    if shown.format == "svg" && matches!(explanation.found, Found::Opportunity(..)) {
        bail!("svg is for anomalies (an-…) only; use table, json or markdown for `{}`", args.id);
    }
    shown::rendered(explanation, &shown.format, &shown::look(&shown.look, 0))
}
