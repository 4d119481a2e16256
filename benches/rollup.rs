//! Roll-up without a report, for benchmarks: prints line items, rows of both tables, and the exact
//! totals.
//!
//! `cargo run --release --example rollup -- BILL [TAG_KEY…]`

use std::io::Write;

use cost_core::rollup::roll_up;
use cost_provider_focus::FocusFiles;
use polars::prelude::lit;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let location = args.next().ok_or("name a bill")?;
    let rollup = roll_up(&FocusFiles::new(&location).bill(&args.collect::<Vec<_>>())?)?;
    let all = rollup.cube.total(lit(true))?;
    let (cube, resources) = (rollup.cube.frame().height(), rollup.resources.frame().height());
    let (billed, effective) = (all.billed.amount(), all.effective.amount());
    writeln!(std::io::stdout(), "{} {cube} {resources} {billed} {effective}", rollup.line_items)?;
    Ok(())
}
