//! `cost sizing`.

use cost_core::price::PriceBook;
use cost_core::rightsizing::backtest::{backtest, read};
use cost_report::SizingRules;

use crate::args::SizingArgs;
use crate::exit::Exit;
use crate::shown;

pub(crate) fn run(args: &SizingArgs) -> anyhow::Result<Exit> {
    let traces = read(&args.traces)?;
    let sizing = backtest(&traces, &PriceBook::bundled()?, args.train_days);
    shown::show(&SizingRules(&sizing), &args.shown, 0)?;
    Ok(Exit::Fine)
}
