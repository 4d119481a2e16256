//! `cost explain`.

use anyhow::bail;
use cost_core::alert::{Alert, Ledger};
use cost_core::session::{ANOMALY_ID, Explained};
use cost_report::{Explanation, Rendered};

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::state::State;
use crate::{config, estate, shown};

pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let config = config::load(&args.config)?;
    let is_anomaly = args.id.starts_with(ANOMALY_ID);
    let mut options = estate::options(args.month, args.as_of, &config);
    if !is_anomaly {
        options.decisions = super::decisions(&args.decisions)?;
    }
    let sessions = estate::open(&args.estate.estate, options, &args.estate.read, &config.currency)?;
    let ledger: Option<Ledger> = State::peek(args.state.as_deref().filter(|_| is_anomaly))?;
    let alert = ledger.as_ref().and_then(|l| l.alerts.iter().find(|a| a.has_id(&args.id)));
    // Late data can have changed its ID since the job raised it.
    let id = alert.map_or(args.id.as_str(), |a| a.anomaly.id.as_str());
    let mut known = Vec::new();
    for session in &sessions {
        let report =
            session.explain(id)?.map(|found| explanation(args, &found, alert)).transpose()?;
        known.extend(report.map(|report| (session, report)));
    }
    // The same days and scope can be anomalous in two currencies.
    let found = match known.as_slice() {
        [] => None,
        [(_, report)] => Some(report.clone()),
        several => {
            estate::the_one(several.iter().map(|(session, _)| *session), &args.id)?;
            None
        }
    };
    let Some(report) = found else {
        let place = args.month.map_or_else(|| "any month".to_owned(), |m| m.to_string());
        bail!(
            "{} has no opportunity, reliability risk, or anomaly `{}` in {place}; `cost review` shows the IDs",
            args.estate.estate,
            args.id
        );
    };
    shown::write(&report, &args.shown)?;
    Ok(Exit::Fine)
}

fn explanation(
    args: &ExplainArgs,
    found: &Explained,
    alert: Option<&Alert>,
) -> anyhow::Result<Rendered> {
    let shown = &args.shown;
    if shown.format == "svg" && !matches!(found, Explained::Anomaly { .. }) {
        bail!("svg shows anomalies (an-…) only; use table, json, or markdown for `{}`", args.id);
    }
    shown::rendered(&Explanation { found, alert }, &shown.format, &shown::look(&shown.look, 0))
}
