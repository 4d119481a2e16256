//! Opens an estate or a bill and prints what can be saved, largest first.
//!
//! `cargo run --release --example opportunities -- datasets/demo`

use cost_core::prelude::*;
use cost_provider_focus::FocusFiles;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let location = std::env::args().nth(1).ok_or("name an estate or a bill")?;
    let estate = Estate::open(&location)?;
    let bill = FocusFiles::new(&estate.billing).bill(&[])?;
    let savings = Session::builder().estate(estate).open(&bill)?.savings()?;

    let mut out = String::new();
    for o in &savings.opportunities {
        let (saving, t) = (o.savings.expected, &o.trade_off);
        out += &format!(
            "{saving:>14} a month  effort {}, risk {}  {}\n",
            t.effort.as_str(),
            t.risk.as_str(),
            o.title
        );
    }
    for skip in &savings.skipped {
        out += &format!("not evaluated: {}: {}\n", skip.check, skip.reason);
    }
    out += &format!("together, nothing counted twice: {} a month\n", savings.plan.joint.expected);
    std::io::Write::write_all(&mut std::io::stdout(), out.as_bytes())?;
    Ok(())
}
