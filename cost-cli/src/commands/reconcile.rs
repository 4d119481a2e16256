//! `cost reconcile`.

use anyhow::{Context, ensure};
use cost_core::Session;
use cost_core::file::read_text;
use cost_core::money::Money;
use cost_core::reconcile::{Invoiced, amount, reconcile};
use cost_core::review::{InvoiceTotal, invoices};
use cost_report::InvoiceReconciliation;

use crate::args::ReconcileArgs;
use crate::config::Reporting;
use crate::exit::Exit;
use crate::{config, estate, shown};

/// Maximum size of the file with invoices, in bytes. Chosen: more than 100,000 lines.
const MAX_INVOICES_BYTES: u64 = 16 << 20;

pub(crate) fn run(args: &ReconcileArgs) -> anyhow::Result<Exit> {
    let config = config::load(&args.config)?;
    let options = estate::options(args.when.month, args.when.as_of, &config);
    let location = &args.estate.estate;
    let read = &args.estate.read;
    ensure!(
        read.report_currency.is_none(),
        "invoices are in the billing currency: leave --report-currency out"
    );
    let sessions = estate::open(location, options, read, &Reporting::default())?;
    let all = sessions.iter().map(|s| invoices(s.rollup())).collect::<Result<Vec<_>, _>>()?;
    let billed: Vec<InvoiceTotal> = all.into_iter().flatten().collect();
    let result = reconcile(&billed, &invoiced(args, &sessions)?, args.tolerance)?;
    shown::show(&InvoiceReconciliation(&result), &args.shown, 0)?;
    Ok(if result.reconciles { Exit::Fine } else { Exit::Crossed })
}

/// Returns the invoices of the file, or the one of the month with the given amount.
fn invoiced(args: &ReconcileArgs, sessions: &[Session]) -> anyhow::Result<Vec<Invoiced>> {
    let given = args.invoice.to_str().and_then(amount);
    if let Some(given) = given {
        let session = estate::the_one(sessions, "an amount for --invoice")?;
        let amount = Money::new(given, session.currency());
        return Ok(vec![Invoiced::of_period(session.month()?, amount)]);
    }
    ensure!(
        args.when.month.is_none(),
        "--month is for an amount; the file has the billing period of each invoice"
    );
    let path = args.invoice.display();
    let text = read_text(&args.invoice, MAX_INVOICES_BYTES)
        .with_context(|| format!("cannot read the invoices {path}"))?;
    let currency = match sessions {
        [one] => Some(one.currency()),
        _ => None,
    };
    Invoiced::parse(&text, currency).with_context(|| path.to_string())
}
