//! `cost explain`.

use anyhow::bail;
use cost_core::report::{Found, explain, explain_json, find, find_anomaly};

use crate::args::{ExplainArgs, PlainFormat};
use crate::estate::Opened;
use crate::exit::Exit;
use crate::{config, estate, output};

/// How ids of anomalies begin.
const ANOMALY: &str = "an-";

pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let opened = estate::open(&args.estate.estate, &[])?;
    let told = if args.id.starts_with(ANOMALY) { anomaly(args, &opened)? } else { opportunity(args, &opened)? };
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

fn anomaly(args: &ExplainArgs, opened: &Opened) -> anyhow::Result<Option<String>> {
    let mut options = config::anomaly_options(&args.config, args.month, args.as_of)?;
    options.raised = opened.all_days().filter(|_| args.month.is_none());
    options.settings.drops = true;
    let report = opened.anomalies(&options)?;
    find_anomaly(&report, &args.id).map(|found| tell(args, found)).transpose()
}

fn opportunity(args: &ExplainArgs, opened: &Opened) -> anyhow::Result<Option<String>> {
    // The default month first: it is the one the id was most likely read in.
    let months = opened.months().into_iter().map(Some).filter(|_| args.month.is_none());
    for month in std::iter::once(args.month).chain(months) {
        let review = opened.review(&estate::ungrouped(month, args.as_of))?;
        if let Some(found) = find(&review, &args.id) {
            return tell(args, found).map(Some);
        }
    }
    Ok(None)
}

fn tell(args: &ExplainArgs, found: Found<'_>) -> anyhow::Result<String> {
    Ok(match args.format {
        PlainFormat::Table => explain(found, output::look(&args.look, 0).width),
        PlainFormat::Json => explain_json(found)?,
    })
}
