//! Arguments of `cost reconcile`.

use std::path::PathBuf;

use clap::Args;
use cost_core::reconcile::TOLERANCE;
use rust_decimal::Decimal;

use super::bill::{ConfigArgs, EstateArgs, WhenArgs};
use super::shown::FormatArgs;

#[derive(Debug, Args)]
pub(crate) struct ReconcileArgs {
    #[command(flatten)]
    pub(crate) estate: EstateArgs,
    /// Invoices: a CSV file (columns period, issuer, invoice, amount, currency; all but period and
    /// amount can be missing), or the amount of all invoices of the month
    #[arg(long, value_name = "FILE|AMOUNT", allow_hyphen_values = true)]
    pub(crate) invoice: PathBuf,
    /// Largest difference per invoice that counts as rounding
    #[arg(long, value_name = "AMOUNT", default_value_t = TOLERANCE, value_parser = tolerance)]
    pub(crate) tolerance: Decimal,
    #[command(flatten)]
    pub(crate) when: WhenArgs,
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    #[command(flatten)]
    pub(crate) shown: FormatArgs,
}

fn tolerance(text: &str) -> Result<Decimal, String> {
    let amount: Decimal = text.parse().map_err(|_| "not a number".to_owned())?;
    if amount.is_sign_negative() { Err("must not be negative".to_owned()) } else { Ok(amount) }
}
