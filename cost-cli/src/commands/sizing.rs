//! `cost sizing`.

use cost_core::price::PriceBook;
use cost_core::rightsizing::backtest::{backtest, read};
use cost_report::{sizing_json, sizing_table};

use crate::args::{PlainFormat, SizingArgs};
use crate::exit::Exit;
use crate::output;

pub(crate) fn run(args: &SizingArgs) -> anyhow::Result<Exit> {
    let traces = read(&args.traces)?;
    let sizing = backtest(&traces, &PriceBook::bundled()?, args.train_days);
    output::print(&match args.format {
        PlainFormat::Json => sizing_json(&sizing)?,
        PlainFormat::Table => sizing_table(&sizing, &args.look.look(0)),
    })?;
    Ok(Exit::Fine)
}
