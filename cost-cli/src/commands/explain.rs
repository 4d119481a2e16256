//! `cost explain`.

use anyhow::bail;
use cost_core::report::{explain, explain_json, find};

use crate::args::{ExplainArgs, PlainFormat};
use crate::exit::Exit;
use crate::{estate, output};

pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let opened = estate::open(&args.estate.estate, &[])?;
    // The default month first: it is the one the id was most likely read in.
    let months = opened.months().into_iter().map(Some).filter(|_| args.month.is_none());
    for month in std::iter::once(args.month).chain(months) {
        let review = opened.review(&estate::ungrouped(month, args.as_of))?;
        let Some(found) = find(&review, &args.id) else { continue };
        output::print(&match args.format {
            PlainFormat::Table => explain(&review, found, output::look(&args.look, 0).width),
            PlainFormat::Json => explain_json(&review, found)?,
        })?;
        return Ok(Exit::Fine);
    }
    let place = args.month.map_or_else(|| "any month".to_owned(), |m| m.to_string());
    bail!("{} knows no saving or anomaly `{}` in {place}; `cost review` shows the ids", args.estate.estate, args.id)
}
